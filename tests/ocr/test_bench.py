"""The benchmark looks at the pages it says it looks at, and counts what they cost."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from benches.long_letter import long_pdf
from ocr.bench import sets
from ocr.bench.__main__ import _read_page as read_page
from ocr.bench.__main__ import main
from ocr.bench.archives import write_scan
from ocr.bench.drawn import draw, planned
from ocr.bench.markdown import costs, digits, errors, kinds, marks
from ocr.bench.processes import Cost, run
from ocr.bench.readers import Program, Taken, environment, make
from ocr.bench.sets import BenchPage, PageSet, pages_of, thinned
from ocr.bench.table import row, score
from ocr.engines.tessdata import ROOT


@pytest.fixture
def page_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PageSet:
    """Forty-four pages with truths."""
    for folder, suffix in (("images", "png"), ("gt", "txt")):
        (tmp_path / folder).mkdir()
        for number in range(44):
            (tmp_path / folder / f"doc{number // 4:02}_{number:02}.{suffix}").write_text("mot")
    monkeypatch.setattr(sets, "CORPUS", tmp_path)
    return PageSet("images", "gt", "fra")


@pytest.mark.parametrize("limit", [1, 5, 24, 43])
def test_a_limit_thins_the_set_out_evenly(page_set: PageSet, limit: int) -> None:
    numbers = [int(page.name[-2:]) for page in thinned(pages_of(page_set), limit)]
    assert len(numbers) == limit
    gaps = {after - before for before, after in itertools.pairwise(numbers)}
    assert not gaps or max(gaps) - min(gaps) <= 1
    assert 44 - numbers[-1] <= 44 // limit + 1


def test_without_a_limit_every_page_counts(page_set: PageSet) -> None:
    assert len(thinned(pages_of(page_set), 0)) == 44


def test_pages_of_one_document_are_in_one_half(page_set: PageSet) -> None:
    halves: dict[str, set[bool]] = {}
    for page in pages_of(page_set):
        halves.setdefault(page.name[:5], set()).add(page.second_half)
    assert all(len(half) == 1 for half in halves.values())
    assert len({next(iter(half)) for half in halves.values()}) == 2


def test_signs_of_the_transcribers_are_no_text(tmp_path: Path, page_set: PageSet) -> None:
    (tmp_path / "gt" / "doc00_00.txt").write_text("M^r Dupont ⟦raturé⟧ 12_3")
    noisy = PageSet("images", "gt", "fra", noise=r"[_^]|⟦[^⟧]*⟧")
    assert pages_of(noisy)[0].truth == "Mr Dupont  123"


def test_a_page_of_which_nobody_read_a_letter_is_not_scored(
    tmp_path: Path, page_set: PageSet
) -> None:
    (tmp_path / "gt" / "doc00_00.txt").write_text("~~~ ~~~\n~~~")
    assert len(pages_of(page_set)) == 43
    assert len(pages_of(replace(page_set, truth=""))) == 44


def test_only_pages_of_the_asked_tier_belong_to_a_set(tmp_path: Path, page_set: PageSet) -> None:
    (tmp_path / "manifest.csv").write_text("id,tier\ndoc00_01,A\ndoc00_02,handwritten\n")
    typed = PageSet("images", "gt", "fra", tiers=("A",))
    assert [page.name for page in pages_of(typed)] == ["doc00_01"]


def test_letters_can_be_drawn_without_the_corpus(tmp_path: Path) -> None:
    pages = {page.name: page for page in planned(tmp_path)}
    assert {page.language for page in pages.values()} == {"ara", "fra", "eng", "ara+fra"}
    indic = pages["01-leak-ar-indic"]
    assert any("٠" <= sign <= "٩" for sign in indic.truth)
    assert not any(mark in indic.truth for mark in ("@", "**"))
    assert indic.second_half == pages["01-leak-ar"].second_half
    draw(indic)
    with Image.open(indic.picture) as picture:
        assert picture.size == pytest.approx((1654, 2339), abs=1)  # A4 at 200 dpi


def test_a_program_pays_for_its_children_and_nobody_elses(tmp_path: Path) -> None:
    def burn() -> list[str]:
        work = "import time\nhold = b'x' * 90_000_000\nwhile time.process_time() < 0.4: pass"
        child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
        return [sys.executable, "-c", child]

    subprocess.run(burn(), check=True)  # somebody else's
    _, cost = run(burn(), environment=environment(), cwd=tmp_path)
    assert cost.cpu >= 0.4
    assert 90_000_000 < cost.peak < 300_000_000
    _, idle = run(["sleep", "0.2"], environment=environment(), cwd=tmp_path)
    assert idle.cpu < 0.4
    assert idle.wall >= 0.2


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    page = BenchPage("a", tmp_path / "none.png", "", "fra", second_half=False)
    broken = Program("broken", lambda page, out: ["false"])
    with pytest.raises(subprocess.CalledProcessError):
        broken.read(page)


def test_a_page_that_one_reader_fails_on_counts_for_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = BenchPage("lost", tmp_path / "none.png", "", "fra", second_half=False)
    said = Program("said", lambda page, out: ["touch", str(out)])
    broken = Program("broken", lambda page, out: ["false"])
    assert len(read_page("set", page, [said])) == 1
    assert read_page("set", page, [said, broken]) == []
    assert "lost is left out" in capsys.readouterr().err


def test_a_scan_of_many_pages_begins_anew_after_the_last(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    for name in "ab":
        french_scan.save(tmp_path / f"{name}.png")
    pages = [BenchPage(n, tmp_path / f"{n}.png", "", "fra", second_half=False) for n in "ab"]
    document = pypdfium2.PdfDocument(write_scan(pages, tmp_path / "scan.pdf", 5))
    assert len(document) == 5
    assert not document[4].get_textpage().count_chars()
    document.close()


def test_every_so_manieth_page_of_the_long_letter_is_a_scan() -> None:
    document = pypdfium2.PdfDocument(long_pdf(7, every=3))
    letters = [document[number].get_textpage().count_chars() > 0 for number in range(7)]
    document.close()
    assert letters == [False, True, True, False, True, True, False]


def test_our_own_reader_answers_with_text_and_cost(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    french_scan.save(tmp_path / "a.png")
    reader = make("quick")
    try:
        page = BenchPage("a", tmp_path / "a.png", "", "fra", second_half=False)
        started = time.monotonic()
        taken = reader.read(page)
        wall = time.monotonic() - started
    finally:
        reader.close()
    assert "réclamation" in taken.text
    assert taken.cost.cpu > 0
    assert 0 < taken.cost.wall <= wall
    assert not taken.problem


def test_a_row_stands_in_relation_to_its_peer() -> None:
    page = BenchPage("a", Path("a.png"), "Facture 12 du 3/4", "fra", second_half=True)
    ours = score("set", page, "ours", Taken("Facture 12 du 3/4", Cost(cpu=1.0)))
    worse = score("set", page, "ours", Taken("Facture 12 du 3/9", Cost(cpu=2.0)))
    peer = score("set", page, "peer", Taken("Fxcture 1 du 3/4", Cost(cpu=2.0)))
    assert (ours.cer, ours.digits.recall, worse.digits.recall) == (0, 1, 0.5)
    shown = row("ours", [ours, worse], [[peer]])
    assert shown.split()[-2:] == ["0.25", "0.75"]  # half an error to two; 1.5 s to 2 s


def test_a_truth_in_capitals_is_compared_without_them() -> None:
    page = BenchPage("a", Path("a.png"), "TOTAL", "eng", second_half=False, capitals=True)
    assert score("set", page, "ours", Taken("Total", Cost())).cer == 0


def test_without_the_corpus_a_set_of_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ocr.bench.__main__.CORPUS", tmp_path / "none")
    assert main(["--set", "fr-print"]) == 2
    assert "fr-print" in capsys.readouterr().err


def test_the_bench_writes_every_pages_figures(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "ocr.bench", "--set", "drawn", "--limit", "1"]
    command += ["--speed", "quick", "--against", "tesseract", "--json", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = json.loads(out.read_text())
    assert [result["reader"] for result in rows] == ["quick", "tesseract"]
    assert all(result["cpu"] > 0 and result["peak"] > 0 for result in rows)
    assert "NFKC" in done.stdout
    shown = errors(rows) + marks(rows) + kinds(rows) + digits(rows) + costs(rows)
    assert shown.count("| drawn | ") == 4  # kinds are those of the careful reading alone
    quick = next(result for result in rows if result["reader"] == "quick")
    assert f"| drawn | 1 | {quick['cer']:.1%} (" in errors(rows)
    assert "| drawn | 1 | no | 0 | 0 |" in marks(rows)
