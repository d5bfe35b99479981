"""A run under coverage says how much of the code its tests ran, also in processes of their own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import covered
from tools.check import HOUSE


@pytest.fixture(autouse=True)
def settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")  # read before its conftest, they would be ours


def test_each_package_has_a_line_and_the_status_is_that_of_the_tests() -> None:
    command = [sys.executable, "-m", "tools.covered", "-q", "-n", "1"]
    done = subprocess.run(
        [*command, "tests/language/test_numerals.py", "-k", "notation"],
        cwd=covered.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = rows_of(done.stdout)
    assert [name for name, *_ in rows] == [*HOUSE, "all"]
    lines = {name: int(covered_lines) for name, _, covered_lines, _ in rows}
    ran = len(Path(covered.ROOT, "language", "numerals.py").read_text().splitlines()) // 4
    assert ran < lines["language"] <= lines["all"]


def test_tests_that_fail_or_are_not_there_fail_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    """And without a process beside it has a line for each package too."""
    assert covered.main(["-q", "-n", "0", "tests/language/test_numerals.py", "-k", "no_such"]) == 5
    rows = {name: int(lines) for name, _, lines, _ in rows_of(capsys.readouterr().out)}
    assert list(rows) == [*HOUSE, "all"]
    assert rows["language"] > 0  # it was imported


def rows_of(said: str) -> list[tuple[str, str, str, str]]:
    """Package, share, covered lines and lines, as they are told."""
    return re.findall(r"^(\w+) +([\d.]+) %  (\d+) of (\d+) lines$", said, re.MULTILINE)
