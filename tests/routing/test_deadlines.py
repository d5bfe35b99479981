"""Due dates are counted by rule and calendar, and say why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.clocks.deadlines import (
    Clock,
    NoWorkingDayError,
    due_date,
    explained,
    words_of,
    works_on,
)

NAMES = {"ar": "عيد العرش", "fr": "Fête du Trône", "en": "Throne Day"}
Case = tuple[Clock, dict[date, dict[str, str]], date]
days = st.dates(date(2024, 1, 1), date(2032, 1, 1))
clocks = st.builds(
    Clock,
    days=st.integers(1, 120),
    unit=st.sampled_from(["calendar", "working"]),
    weekdays=st.sets(st.integers(1, 7), min_size=1).map(frozenset),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(days)
    off = draw(st.sets(st.integers(1, 300), max_size=25))
    return draw(clocks), {start + timedelta(days=n): NAMES for n in off}, start


@given(cases())
def test_a_term_ends_on_a_working_day(case: Case) -> None:
    clock, holidays, start = case
    due = due_date(clock, holidays=holidays, start=start)
    assert works_on(due.on, clock=clock, holidays=holidays)
    assert due.on > start


@given(cases())
def test_working_days_are_exactly_as_many_as_the_rule_says(case: Case) -> None:
    clock, holidays, start = case
    clock = Clock(days=clock.days, unit="working", weekdays=clock.weekdays)
    due = due_date(clock, holidays=holidays, start=start)
    between = (start + timedelta(days=n) for n in range(1, (due.on - start).days + 1))
    assert sum(works_on(d, clock=clock, holidays=holidays) for d in between) == clock.days


@given(cases())
def test_calendar_days_never_come_early_and_move_only_over_days_off(case: Case) -> None:
    clock, holidays, start = case
    clock = Clock(days=clock.days, unit="calendar", weekdays=clock.weekdays)
    due = due_date(clock, holidays=holidays, start=start)
    assert due.counted_to == start + timedelta(days=clock.days)
    moved = (due.counted_to + timedelta(days=n) for n in range((due.on - due.counted_to).days))
    assert not any(works_on(day, clock=clock, holidays=holidays) for day in moved)


@given(cases(), st.integers(1, 300))
def test_one_more_holiday_never_brings_a_term_forward(case: Case, more: int) -> None:
    clock, holidays, start = case
    before = due_date(clock, holidays=holidays, start=start)
    holidays = {**holidays, start + timedelta(days=more): NAMES}
    assert due_date(clock, holidays=holidays, start=start).on >= before.on


@given(cases())
def test_a_later_start_never_ends_earlier(case: Case) -> None:
    clock, holidays, start = case
    later = due_date(clock, holidays=holidays, start=start + timedelta(days=1))
    assert later.on >= due_date(clock, holidays=holidays, start=start).on


def test_a_calendar_without_working_day_is_refused_and_not_waited_for() -> None:
    start = date(2026, 1, 1)
    closed = {start + timedelta(days=n): NAMES for n in range(4000)}
    for unit in ("calendar", "working"):
        with pytest.raises(NoWorkingDayError):
            due_date(Clock(days=5, unit=unit), holidays=closed, start=start)


def test_sixty_days_that_end_on_a_saturday_end_on_monday() -> None:
    due = due_date(Clock(days=60, unit="calendar"), holidays={}, start=date(2026, 11, 24))
    assert (due.counted_to, due.on) == (date(2027, 1, 23), date(2027, 1, 25))


def test_the_explanation_names_the_holidays_that_were_left_out_in_three_languages() -> None:
    start, feast = date(2026, 7, 27), date(2026, 7, 30)
    clock = Clock(days=5, unit="working", basis={"fr": "Loi 31-13", "ar": "القانون", "en": "Law"})
    due = due_date(clock, holidays={feast: NAMES}, start=start)
    facts = explained(due, clock=clock)
    assert due.on == date(2026, 8, 4)
    for language in ("ar", "fr", "en"):
        assert NAMES[language] in facts[language]
        assert "30/07/2026" in facts[language]
        assert "04/08/2026" in facts[language]
        assert clock.basis[language] in facts[language]


def test_a_holiday_that_falls_on_a_free_day_is_not_named() -> None:
    sunday = date(2026, 11, 29)
    clock = Clock(days=5, unit="working")
    due = due_date(clock, holidays={sunday: NAMES}, start=date(2026, 11, 26))
    assert due.holidays == ()


def test_nothing_is_said_of_a_letter_without_a_term() -> None:
    assert words_of({}, language="fr") == ""
