"""Whatever happens to the reading process, the office gets a name for it and lives on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ocr.children.cores import Cores
from ocr.children.sandbox import language_codes, read_in_child, read_pages, render_in_child
from ocr.engines.tessdata import ROOT
from ocr.errors import Unreadable
from ocr.judging.scoring import character_error_rate
from ocr.limits import Limits
from ocr.reading import PageReading
from tests.ocr.conftest import FRENCH, html_pdf, joined_pdf, paragraph, picture_pdf

PNG_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
FakeTesseract = Callable[[str], Path]


@pytest.fixture
def mixed(tmp_path: Path, french_scan: Image.Image) -> Path:
    """Page 1 and 3 carry text, page 2 is a scan."""
    text = html_pdf(paragraph(FRENCH))
    path = tmp_path / "mixed.pdf"
    path.write_bytes(joined_pdf(text, picture_pdf(french_scan), text))
    return path


def alive(mark: str) -> list[int]:
    """Processes with the mark in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if mark.encode() in line and state != "Z":
                found.append(int(entry.name))
    return found


def wait_until(condition: Callable[[], bool]) -> bool:
    for _ in range(300):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_file_is_read_page_by_page(mixed: Path) -> None:
    seen: list[tuple[int, int]] = []
    reading = read_in_child(mixed, on_page=lambda page, total: seen.append((page.number, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [page.source for page in reading.pages] == ["text", "ocr", "text"]
    assert character_error_rate(FRENCH, reading.pages[1].text) < 0.03
    assert reading.language == "fr"
    assert reading.engine.startswith("tesseract/")


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("kill -SEGV $$", "engine"),
        ("exit 3", "engine"),
        ('echo rubbish > "$2.tsv"', "engine"),
        ('printf "level\\ttext\\n5\\t\\377\\376\\n" > "$2.tsv"', "engine"),
        ("exec sleep 600", "timeout"),
        ("kill -9 $PPID; sleep 5", "crashed"),
    ],
)
def test_a_misbehaving_engine_costs_its_page_and_no_other(
    mixed: Path, fake_tesseract: FakeTesseract, script: str, problem: str
) -> None:
    fake_tesseract(script)
    pages = read_in_child(mixed, page_seconds=3, speed="quick").pages
    assert [page.problem for page in (pages[0], pages[2])] == ["", ""]
    late = problem == "timeout" and pages[1].care == "careful"  # the second reader went on in time
    assert late or pages[1].problem == problem
    assert pages[2].text.startswith("Monsieur")
    assert wait_until(lambda: not alive(str(mixed)))


def test_a_missing_engine_is_named(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert [page.problem for page in read_in_child(mixed).pages] == ["", "engine", ""]


def test_only_the_wanted_pages_are_read(mixed: Path) -> None:
    seen: list[tuple[int, int]] = []
    outcome = read_pages(
        mixed, numbers=[3], on_page=lambda page, total: seen.append((page.number, total))
    )
    assert seen == [(3, 3)]
    assert (outcome.total, outcome.finished) == (3, True)


def test_a_caller_may_stop_between_two_pages_and_go_on_later(mixed: Path) -> None:
    seen: list[int] = []

    def keep(page: PageReading, _total: int) -> None:
        seen.append(page.number)

    assert not read_pages(mixed, on_page=keep, go_on=lambda: False).finished
    assert seen == [1]
    assert read_pages(mixed, on_page=keep, numbers=[2, 3]).finished
    assert seen == [1, 2, 3]


class TestSideBySide:
    """A sleeping engine makes every scan worth a child of its own."""

    @pytest.fixture
    def scans(self, tmp_path: Path, french_scan: Image.Image) -> Path:
        path = tmp_path / "scans.pdf"
        path.write_bytes(joined_pdf(*[picture_pdf(french_scan)] * 4))
        return path

    def test_two_processes_read_what_one_reads(self, scans: Path) -> None:
        alone = read_in_child(scans, speed="quick")
        together = read_in_child(scans, speed="quick", processes=2)
        assert [page.number for page in together.pages] == [1, 2, 3, 4]
        assert [page.text for page in together.pages] == [page.text for page in alone.pages]

    def test_one_childs_death_costs_its_own_page_only(
        self, scans: Path, fake_tesseract: FakeTesseract, tmp_path: Path
    ) -> None:
        """Whoever reads while the mark lies there dies; that is the case twice."""
        marks = [tmp_path / "one", tmp_path / "two"]
        for mark in marks:
            mark.touch()
        fake_tesseract(
            f"sleep 1; for mark in {marks[0]} {marks[1]}; do "
            "rm $mark 2>/dev/null && kill -9 $PPID && exit; done; exit 1"
        )
        pages = read_in_child(scans, speed="quick", processes=2).pages
        assert [page.number for page in pages] == [1, 2, 3, 4]
        assert {page.problem for page in pages} <= {"engine", "crashed"}
        assert not any(mark.exists() for mark in marks)
        assert wait_until(lambda: not alive(str(scans)))


def test_a_crowd_gives_its_spare_processes_back() -> None:
    cores = Cores(2)
    cores.join()
    assert cores.join_spare()
    assert not cores.join_spare()
    cores.join()  # another letter: it does not wait
    assert cores.crowded
    cores.leave()
    assert not cores.crowded


def test_a_caller_that_stops_takes_its_child_along(mixed: Path) -> None:
    class LeaseLostError(Exception):
        pass

    def on_page(page: PageReading, total: int) -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        read_in_child(mixed, on_page=on_page)
    assert wait_until(lambda: not alive(str(mixed)))


def test_child_and_engine_die_with_the_parent(mixed: Path, fake_tesseract: FakeTesseract) -> None:
    program = fake_tesseract(f"exec sleep 600.{os.getpid()}")
    code = f"""
        from pathlib import Path
        from functools import partial
        from ocr.children import worker_pool
        from ocr.children.sandbox import read_in_child
        from tests.ocr.conftest import start_with_a_shell
        worker_pool._start = partial(start_with_a_shell, Path({str(mixed.parent)!r}))
        read_in_child(Path({str(mixed)!r}), page_seconds=300)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT)
    sleeper = f"600.{os.getpid()}"
    assert program.is_file()
    assert wait_until(lambda: bool(alive(sleeper))), "the engine never started"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until(lambda: not alive(sleeper) and not alive(str(mixed)))


def test_the_private_folder_is_gone_afterwards(
    mixed: Path, fake_tesseract: FakeTesseract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    fake_tesseract("exec sleep 600")
    read_in_child(mixed, page_seconds=1)
    assert list(scratch.iterdir()) == []


def test_no_secret_reaches_the_child(
    mixed: Path, fake_tesseract: FakeTesseract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:password@host/db")
    fake_tesseract(f"env > {tmp_path}/environment; exit 1")
    read_in_child(mixed)
    environment = (tmp_path / "environment").read_text()
    assert "OMP_THREAD_LIMIT=1" in environment
    assert "very-secret" not in environment
    assert "password" not in environment


@pytest.mark.parametrize(("megabytes", "problem"), [(560, "empty"), (200, "too_large")])
def test_memory_is_bounded(tmp_path: Path, megabytes: int, problem: str) -> None:
    """A blank page of 100 megapixels in a few kilobytes: read where there is memory, else named."""
    Image.new("1", (10_000, 10_000), 1).save(tmp_path / "a.tif", compression="group4")
    limits = Limits(memory_bytes=megabytes * 1_000_000)
    (page,) = read_in_child(tmp_path / "a.tif", limits=limits).pages
    assert page.problem == problem


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 broken", "damaged"),
        (b"PK\x03\x04nothing", "unsupported"),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "unsupported"),
        (PNG_HEAD, "damaged"),
    ],
)
def test_what_cannot_be_opened_is_named(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read_in_child(tmp_path / "a")
    assert caught.value.code == code


def test_file_names_with_any_characters_are_only_names(tmp_path: Path) -> None:
    path = tmp_path / "--languages x; $(touch pwned) شكاية\n.txt"
    path.write_text("Bonjour")
    assert read_in_child(path).pages[0].text == "Bonjour"


def test_a_page_picture_is_made_in_the_asked_width_and_turned(mixed: Path) -> None:
    picture = Image.open(io.BytesIO(render_in_child(mixed, None, 1, 400)))
    assert (picture.format, picture.width) == ("WEBP", 400)
    turned = Image.open(io.BytesIO(render_in_child(mixed, None, 1, 400, turn=90)))
    assert turned.width > turned.height


def test_pictures_of_what_has_none_are_refused_with_a_reason(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Bonjour")
    for path, number, code in ((tmp_path / "a.txt", 1, "unsupported"), (mixed, 9, "empty")):
        with pytest.raises(Unreadable) as caught:
            render_in_child(path, None, number, 400)
        assert caught.value.code == code


def test_a_picture_that_takes_too_long_is_never_asked_for_again(mixed: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        render_in_child(mixed, None, 1, 400, seconds=0)
    assert caught.value.code == "timeout"


def test_languages_are_checked() -> None:
    assert language_codes("ara+eng") == ("ar", "en")
    for wrong in ("", "deu", "ara+xyz"):
        with pytest.raises(ValueError, match="OCR languages"):
            language_codes(wrong)
