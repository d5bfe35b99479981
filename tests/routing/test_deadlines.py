"""Due dates are counted by rule and calendar, and say why."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.clocks.deadlines import (
    Clock,
    NoWorkingDayError,
    Stop,
    due_date,
    stands_on,
)
from routing.clocks.due_date_words import explained, words_of

NAMES = {"ar": "عيد العرش", "fr": "Fête du Trône", "en": "Throne Day"}
Calendar = dict[date, dict[str, str]]
Case = tuple[Clock, dict[date, dict[str, str]], date]
Stopped = tuple[Clock, dict[date, dict[str, str]], date, list[Stop]]
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


@st.composite
def stopped(draw: st.DrawFn) -> Stopped:
    clock, holidays, start = draw(cases())
    spans = draw(st.lists(st.tuples(st.integers(-40, 200), st.integers(0, 30)), max_size=5))
    stops = [
        Stop(start + timedelta(days=first), start + timedelta(days=first + length))
        for first, length in spans
    ]
    return clock, holidays, start, stops


def works_on(day: date, *, clock: Clock, holidays: Calendar) -> bool:
    """Whether the office works on this day."""
    return day.isoweekday() in clock.weekdays and day not in holidays


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(stopped(), st.lists(st.integers(1, 40), max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    case: Stopped, extensions: list[int], chance: Random
) -> None:
    clock, holidays, start, stops = case
    due = due_date(clock, holidays=holidays, start=start, stops=stops, extensions=extensions)
    stops, extensions, days = stops[:], extensions[:], list(holidays.items())
    for events in (stops, extensions, days):
        chance.shuffle(events)
    again = due_date(clock, holidays=dict(days), start=start, stops=stops, extensions=extensions)
    assert again == due


@given(stopped(), st.integers(0, 40))
def test_a_plain_reckoning_of_another_kind_comes_to_the_same_day(
    case: Stopped, extension: int
) -> None:
    clock, holidays, start, stops = case
    every = every_day(start + timedelta(days=1), start + timedelta(days=1500))
    stood = {day for stop in stops for day in every_day(stop.first, stop.last)}
    closed = {day for day in every if day.isoweekday() not in clock.weekdays or day in holidays}
    left_out = stood | closed if clock.unit == "working" else stood
    counted = [day for day in every if day not in left_out][clock.days + extension - 1]
    expected = next(day for day in every if day >= counted and day not in stood | closed)
    due = due_date(clock, holidays=holidays, start=start, stops=stops, extensions=[extension])
    assert due.on == expected


@given(stopped())
def test_stops_add_exactly_their_working_days(case: Stopped) -> None:
    clock, holidays, start, stops = case
    clock = Clock(days=clock.days, unit="working", weekdays=clock.weekdays)
    due = due_date(clock, holidays=holidays, start=start, stops=stops)
    lost = sum(
        works_on(day, clock=clock, holidays=holidays)
        for day in every_day(start + timedelta(days=1), due.on)
        if stands_on(day, clock=clock, stops=stops)
    )
    longer = Clock(days=clock.days + lost, unit="working", weekdays=clock.weekdays)
    assert due_date(longer, holidays=holidays, start=start).on == due.on


@given(stopped())
def test_stops_add_exactly_their_days_to_calendar_days(case: Stopped) -> None:
    clock, holidays, start, stops = case
    clock = Clock(days=clock.days, unit="calendar", weekdays=clock.weekdays)
    due = due_date(clock, holidays=holidays, start=start, stops=stops)
    days = every_day(start + timedelta(days=1), due.counted_to)
    assert sum(not stands_on(day, clock=clock, stops=stops) for day in days) == clock.days


@given(stopped(), st.integers(1, 300))
def test_a_holiday_added_then_removed_changes_nothing(case: Stopped, more: int) -> None:
    clock, holidays, start, stops = case
    before = due_date(clock, holidays=holidays, start=start, stops=stops)
    day = start + timedelta(days=more)
    if day in holidays:
        return
    holidays[day] = NAMES
    during = due_date(clock, holidays=holidays, start=start, stops=stops)
    assert during.on >= before.on
    del holidays[day]
    assert due_date(clock, holidays=holidays, start=start, stops=stops) == before


@given(stopped(), st.integers(0, 60))
def test_a_term_ends_after_its_start_on_an_open_day_outside_stops(case: Stopped, more: int) -> None:
    clock, holidays, start, stops = case
    due = due_date(clock, holidays=holidays, start=start, stops=stops, extensions=[more])
    assert due.on >= due.counted_to > start
    assert works_on(due.on, clock=clock, holidays=holidays)
    assert not stands_on(due.on, clock=clock, stops=stops)


@given(stopped(), st.integers(1, 60))
def test_an_extension_is_the_same_as_a_longer_term(case: Stopped, more: int) -> None:
    clock, holidays, start, stops = case
    extended = due_date(clock, holidays=holidays, start=start, stops=stops, extensions=[more])
    longer = Clock(days=clock.days + more, unit=clock.unit, weekdays=clock.weekdays)
    assert due_date(longer, holidays=holidays, start=start, stops=stops).on == extended.on


@given(stopped(), st.booleans())
def test_the_steps_tell_every_day_once_and_count_the_whole_term(
    case: Stopped, first_day_counts: bool
) -> None:
    clock, holidays, start, stops = case
    clock = replace(clock, first_day_counts=first_day_counts)
    due = due_date(clock, holidays=holidays, start=start, stops=stops)
    told = [day for step in due.steps for day in every_day(step.first, step.last)]
    assert told == every_day(start, due.on)
    assert sum(step.counted for step in due.steps) == clock.days


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


def test_a_basis_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    clock = Clock(days=5, unit="working", basis={"fr": "Loi n° 55-19."})
    facts = explained(due_date(clock, holidays={}, start=date(2026, 7, 27)), clock=clock)
    assert facts["fr"].endswith("Loi n° 55-19.")
    assert ".." not in facts["fr"]


def test_a_holiday_that_falls_on_a_free_day_is_not_named() -> None:
    sunday = date(2026, 11, 29)
    clock = Clock(days=5, unit="working")
    due = due_date(clock, holidays={sunday: NAMES}, start=date(2026, 11, 26))
    assert due.holidays == ()


def test_a_day_off_that_the_count_ended_on_is_not_called_left_out() -> None:
    feast = date(2026, 11, 18)
    clock = Clock(days=10, unit="calendar")
    due = due_date(clock, holidays={feast: NAMES}, start=date(2026, 11, 8))
    facts = explained(due, clock=clock)
    assert (due.on, due.holidays, due.ended_on) == (date(2026, 11, 19), (), NAMES)
    assert f"This is a day off ({NAMES['en']})" in facts["en"]
    assert "left out" not in facts["en"]
    for language in ("ar", "fr", "en"):
        assert NAMES[language] in facts[language]


def test_a_stop_that_ends_on_the_first_day_is_told_where_that_day_would_count() -> None:
    start, stop = date(2026, 11, 16), Stop(date(2026, 11, 10), date(2026, 11, 16))
    for counts in (True, False):
        clock = Clock(days=3, unit="working", first_day_counts=counts)
        due = due_date(clock, holidays={}, start=start, stops=[stop, stop])
        assert due.stops == ((stop,) if counts else ())
        assert due.on == date(2026, 11, 19)


def test_nothing_is_said_of_a_letter_without_a_term() -> None:
    assert words_of({}, language="fr") == ""


def test_stops_and_extensions_are_told_in_three_languages() -> None:
    clock = Clock(days=20, unit="working")
    pause = Stop(date(2026, 2, 2), date(2026, 2, 6), "pièces demandées")
    due = due_date(clock, holidays={}, start=date(2026, 1, 19), stops=[pause], extensions=[10])
    facts = explained(due, clock=clock)
    assert due.on == date(2026, 3, 9)
    for language in ("ar", "fr", "en"):
        for words in ("02/02/2026", "06/02/2026", "pièces demandées", "09/03/2026", "10"):
            assert words in facts[language], (language, words)


def test_words_kept_by_an_earlier_version_are_told_still() -> None:
    facts = {
        "days": 5,
        "unit": "working",
        "start": "2026-07-27",
        "counted_to": "2026-08-04",
        "due_on": "2026-08-04",
        "holidays": [["2026-07-30", NAMES]],
        "basis": {},
    }
    assert "30/07/2026" in words_of(facts, language="fr")
