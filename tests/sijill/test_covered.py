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


@pytest.mark.parametrize("processes", [0, 1])
def test_each_package_has_a_line_and_the_status_is_that_of_the_tests(processes: int) -> None:
    command = [sys.executable, "-m", "tools.covered", "-q", "-n", str(processes)]
    done = subprocess.run(
        [*command, "tests/language/test_numerals.py", "-k", "notation"],
        cwd=covered.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(r"^(\w+) +([\d.]+) %  (\d+) of (\d+) lines$", done.stdout, re.MULTILINE)
    assert [name for name, *_ in rows] == [*HOUSE, "all"]
    lines = {name: int(covered_lines) for name, _, covered_lines, _ in rows}
    ran = len(Path(covered.ROOT, "language", "numerals.py").read_text().splitlines()) // 4
    assert ran < lines["language"] <= lines["all"]


def test_tests_that_fail_or_are_not_there_fail_the_run() -> None:
    assert covered.main(["-q", "-n", "0", "tests/language/test_numerals.py", "-k", "no_such"]) == 5
