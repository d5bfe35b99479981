"""`manage read_file` keeps its contract with other programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocr.tessdata import ROOT
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
    words = json.loads(run("a.pdf", "--json", "--words", cwd=tmp_path).stdout)["pages"][0]["words"]
    assert len(words[0]) == 7


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.pdf", b"%PDF-1.4", "damaged"), ("a.txt", b"", "empty"), ("missing.pdf", None, "missing")],
)
def test_a_bad_file_ends_with_two_and_a_reason(
    tmp_path: Path, name: str, data: bytes | None, code: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    plain = run(name, cwd=tmp_path)
    assert plain.returncode == 2
    assert plain.stderr.strip()
    assert "Traceback" not in plain.stderr
    done = run(name, "--json", cwd=tmp_path)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert error["message"]
