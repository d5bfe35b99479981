"""`manage read_file` keeps its contract with other programs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image, ImageOps

from ocr.engines.tessdata import ROOT
from ocr.pipeline import read_file
from ocr.reading import describe_words
from tests.ocr.conftest import ARABIC, FRENCH, html_pdf, paragraph


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",  # any question to it would fail
        "DATA_DIR": str(cwd / "data"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "read_file", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def words_of(path: Path) -> dict[str, Any]:
    """What `--words` tells of the only page, without starting the command."""
    (page,) = read_file(path, speed="quick").pages
    return describe_words(page)


def test_json_has_the_promised_shape_from_any_folder_without_a_database(tmp_path: Path) -> None:
    body = paragraph(ARABIC, rtl=True) + paragraph(ARABIC, rtl=True) + paragraph(FRENCH)
    (tmp_path / "a.pdf").write_bytes(html_pdf(body))
    done = run("a.pdf", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"language", "pages"}
    assert answer["language"] == "ar"
    (page,) = answer["pages"]
    assert set(page) == {"number", "source", "language", "confidence", "text", "seconds"}
    assert page["number"] == 1
    assert page["source"] == "text"


def test_words_stand_in_points_on_a_page_with_its_own_text(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(html_pdf(paragraph(FRENCH)))
    (page,) = json.loads(run("a.pdf", "--words", cwd=tmp_path).stdout)["pages"]
    assert (page["width"], page["height"]) == (595, 842)
    first = page["words"][0]
    assert set(first) == {"text", "box", "confidence"}
    assert first["text"] == "Monsieur"
    assert first["box"][0] == pytest.approx(2 / 2.54 * 72 + 6, abs=3)  # margins, 2 cm and 8 px


def test_words_stand_in_the_pixels_of_a_stored_picture(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    width, height = french_scan.size
    lying = french_scan.rotate(90, expand=True)  # stored on its side; EXIF 6 says: turn clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    lying.save(tmp_path / "a.jpg", exif=exif)
    page = words_of(tmp_path / "a.jpg")
    assert (page["width"], page["height"]) == (width, height)
    left, top, right, bottom = next(w["box"] for w in page["words"] if "Directeur" in w["text"])
    word = french_scan.crop((int(left) - 3, int(top) - 3, int(right) + 3, int(bottom) + 3))
    ink = ImageOps.invert(word).getbbox()
    assert ink is not None
    assert ink[2] - ink[0] == pytest.approx(right - left, abs=8)


def test_a_page_that_lay_on_its_side_is_told_upright(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    french_scan.rotate(90, expand=True).save(tmp_path / "a.png")
    page = words_of(tmp_path / "a.png")
    assert (page["width"], page["height"]) == french_scan.size


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.pdf", b"%PDF-1.4", "damaged"), ("a.txt", b"", "empty"), ("missing.pdf", None, "missing")],
)
def test_a_bad_file_ends_with_two_and_a_reason(
    tmp_path: Path, name: str, data: bytes | None, code: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    status, _, plain = called(str(tmp_path / name))
    assert status == 2
    assert plain.strip()
    status, said, _ = called(str(tmp_path / name), "--json")
    assert status == 2
    error = json.loads(said)["error"]
    assert error["code"] == code
    assert error["message"]


def test_a_program_gets_the_status_and_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    done = run("a.pdf", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "damaged"
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def called(*arguments: str) -> tuple[object, str, str]:
    """The command's status and what it says, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("read_file", *arguments, stdout=out, stderr=err)
    return ended.value.code, out.getvalue(), err.getvalue()
