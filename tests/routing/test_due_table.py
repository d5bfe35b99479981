"""Due dates worked out by hand on paper calendars, with Moroccan holidays of 2025 to 2027.

Religious days of 2025 are those that were decided (the library's estimates miss three of them);
those of 2026 and 2027 are as this table takes them, like an office that confirmed them.
"""

from datetime import date
from typing import Any

import pytest

from org.calendar import proposed_days
from routing.clocks.deadlines import Clock, Stop, due_date

FIXED = [
    "01-01",
    "01-11",
    "01-14",
    "05-01",
    "07-30",
    "08-14",
    "08-20",
    "08-21",
    "11-06",
    "11-18",
]  # and from 2026 10-31
# The 9th of June 2025 was an exceptional day off, announced some days ahead.
MOON = """2025-03-31 2025-04-01 2025-06-07 2025-06-08 2025-06-09 2025-06-27 2025-09-05 2025-09-06
2026-03-20 2026-03-21 2026-05-27 2026-05-28 2026-06-17 2026-08-26 2026-08-27
2027-03-10 2027-03-11 2027-05-17 2027-05-18 2027-06-07 2027-08-16 2027-08-17"""
OFF = {date.fromisoformat(f"{year}-{day}") for year in (2025, 2026, 2027) for day in FIXED}
OFF |= {date.fromisoformat(day) for day in [*MOON.split(), "2026-10-31", "2027-10-31"]}

# start, days, unit, due
PLAIN = """
2025-03-20 10 working 2025-04-07
2025-03-28  1 working 2025-04-02
2025-03-28  5 working 2025-04-08
2025-03-31  3 working 2025-04-04
2025-03-01 30 calendar 2025-04-02
2025-03-02 30 calendar 2025-04-02
2025-03-03 30 calendar 2025-04-02
2025-03-03 28 calendar 2025-04-02
2025-03-03 26 calendar 2025-04-02
2025-04-28  3 working 2025-05-02
2025-04-24 10 working 2025-05-09
2025-06-02  5 working 2025-06-10
2025-06-20  5 working 2025-06-30
2025-05-28 30 calendar 2025-06-30
2025-07-28  2 working 2025-07-31
2025-08-11  8 working 2025-08-26
2025-08-13  5 working 2025-08-25
2025-08-13  7 calendar 2025-08-22
2025-09-01  4 working 2025-09-08
2025-08-06 30 calendar 2025-09-08
2025-11-03 10 working 2025-11-19
2025-09-07 60 calendar 2025-11-07
2025-10-20 20 working 2025-11-19
2025-12-30  2 working 2026-01-02
2025-12-31  1 calendar 2026-01-02
2025-12-22 15 working 2026-01-13
2026-01-12  2 working 2026-01-15
2026-01-05 10 working 2026-01-20
2026-01-01 60 calendar 2026-03-02
2026-03-16  5 working 2026-03-24
2026-02-18 30 calendar 2026-03-23
2026-04-29  3 working 2026-05-05
2026-05-20 10 working 2026-06-05
2026-04-27 30 calendar 2026-05-29
2026-06-15  3 working 2026-06-19
2026-04-18 60 calendar 2026-06-18
2026-07-27  5 working 2026-08-04
2026-08-10 12 working 2026-09-02
2026-08-24  2 working 2026-08-28
2026-06-21 60 calendar 2026-08-24
2026-10-29  5 working 2026-11-05
2026-11-02 20 working 2026-12-02
2026-11-24 60 calendar 2027-01-25
2026-12-31  1 working 2027-01-04
2027-01-06  5 working 2027-01-15
2026-12-12 30 calendar 2027-01-12
2027-03-05  5 working 2027-03-16
2027-02-08 30 calendar 2027-03-12
2027-04-29  2 working 2027-05-03
2027-05-12  5 working 2027-05-21
2027-06-01  5 working 2027-06-09
2027-08-09 10 working 2027-08-26
2027-07-01 30 calendar 2027-08-02
2027-11-15  4 working 2027-11-22
"""
_NO_NAMES: dict[str, str] = {}
_WEEK_OF_SIX = frozenset({1, 2, 3, 4, 5, 6})
# start, days, unit, stops, extension, further settings, due
FURTHER: list[tuple[str, int, str, list[str], int, dict[str, Any], str]] = [
    ("2025-03-20", 10, "working", ["2025-03-24..2025-03-28"], 0, {}, "2025-04-14"),
    ("2025-06-10", 60, "calendar", ["2025-06-20..2025-06-29"], 0, {}, "2025-08-19"),
    ("2025-06-10", 60, "calendar", ["2025-06-20..2025-06-29"], 30, {}, "2025-09-18"),
    ("2026-11-02", 20, "working", [], 20, {}, "2026-12-30"),
    (
        *("2026-03-02", 10, "working", ["2026-03-05..2026-03-09", "2026-03-09..2026-03-12"]),
        *(0, {}, "2026-03-25"),
    ),
    ("2026-01-02", 30, "calendar", ["2026-02-02..2026-02-04"], 0, {}, "2026-02-05"),
    ("2026-11-26", 5, "working", [], 0, {"weekdays": _WEEK_OF_SIX}, "2026-12-02"),
    ("2026-09-07", 5, "working", [], 0, {"first_day_counts": True}, "2026-09-11"),
    ("2025-03-01", 30, "calendar", [], 0, {"moves": False}, "2025-03-31"),
    (
        *("2026-03-02", 10, "working", ["2026-03-05..2026-03-09"]),
        *(0, {"stop_ends_count": True}, "2026-03-17"),
    ),
]


def stop(text: str) -> Stop:
    first, _, last = text.partition("..")
    return Stop(date.fromisoformat(first), date.fromisoformat(last))


def test_the_table_has_sixty_cases_and_more() -> None:
    assert len(PLAIN.split("\n")) - 2 + len(FURTHER) >= 60


@pytest.mark.parametrize("row", PLAIN.strip().split("\n"))
def test_worked_out_by_hand(row: str) -> None:
    start, days, unit, due = row.split()
    found = due_date(
        Clock(days=int(days), unit=unit),
        holidays=dict.fromkeys(OFF, _NO_NAMES),
        start=date.fromisoformat(start),
    )
    assert found.on.isoformat() == due


@pytest.mark.parametrize("row", FURTHER, ids=lambda row: f"{row[0]} {row[2]}")
def test_worked_out_by_hand_with_stops_extensions_and_settings(row: Any) -> None:
    start, days, unit, stops, extension, settings, due = row
    found = due_date(
        Clock(days=days, unit=unit, **settings),
        holidays=dict.fromkeys(OFF, _NO_NAMES),
        start=date.fromisoformat(start),
        stops=[stop(one) for one in stops],
        extensions=[extension] if extension else [],
    )
    assert found.on.isoformat() == due


def test_the_library_misses_the_feasts_of_2025_so_an_office_confirms_its_own() -> None:
    proposed = {row.day for row in proposed_days(2025) if row.estimated}
    assert date(2025, 3, 30) in proposed
    assert date(2025, 4, 1) not in proposed
    fixed = {row.day for row in proposed_days(2025) if not row.estimated}
    assert fixed == {date.fromisoformat(f"2025-{day}") for day in FIXED}
