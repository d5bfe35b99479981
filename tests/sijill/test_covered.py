"""A run under coverage says how much of the code its tests ran, also in processes of their own."""

import re
from pathlib import Path

import pytest
from coverage import CoverageData

from tools import covered
from tools.check import HOUSE

NUMERALS = covered.ROOT / "language" / "numerals.py"


@pytest.fixture(autouse=True)
def settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")  # read before its conftest, they would be ours


def test_each_package_has_a_line(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / "data.1"))
    data.add_lines({str(NUMERALS): range(1, 10_000)})
    data.write()
    rows = {
        name: lines for name, _, *lines in rows_of("\n".join(covered.figures(tmp_path / "data")))
    }
    assert list(rows) == [*HOUSE, "all"]
    assert rows["language"] == rows["all"]
    assert rows["language"][0] == rows["language"][1] != "0"


@pytest.mark.slow  # runs pytest in processes of its own
@pytest.mark.parametrize(
    ("processes", "chosen", "status"), [("1", "notation", 0), ("0", "no_such", 5)]
)
def test_the_status_is_that_of_the_tests(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    processes: str,
    chosen: str,
    status: int,
) -> None:
    """What ran in a process beside is counted; and what was imported, where no test is found."""
    monkeypatch.delenv("SIJILL_PROFILE", raising=False)
    arguments = ["-q", "-n", processes, "tests/language/test_numerals.py", "-k", chosen]
    assert covered.main(arguments, packages=["language"]) == status
    rows = {name: int(lines) for name, _, lines, _ in rows_of(capsys.readouterr().out)}
    assert list(rows) == ["language", "all"]
    ran = len(NUMERALS.read_text().splitlines()) // 4 if status == 0 else 0
    assert ran < rows["language"] == rows["all"]


def rows_of(said: str) -> list[tuple[str, str, str, str]]:
    """Package, share, covered lines and lines, as they are told."""
    return re.findall(r"^(\w+) +([\d.]+) %  (\d+) of (\d+) lines$", said, re.MULTILINE)
