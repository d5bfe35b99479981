"""When somebody is reminded: never late, never on a closed day, each step in its turn."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from routing.clocks.reminding import (
    Hours,
    hours_of,
    reminder_day,
    step_on,
    steps_of,
    windows,
)

days = st.dates(date(2025, 1, 1), date(2030, 1, 1))
tables = st.sets(st.integers(-10, 20), min_size=1, max_size=5).map(
    lambda numbers: {n: frozenset({"person"}) for n in numbers}
)


def week_days(day: date) -> bool:
    return day.isoweekday() < 6


def with_feast(day: date) -> bool:
    """A week in each month is closed as well."""
    return week_days(day) and not 10 <= day.day <= 16


@given(days, st.integers(0, 20))
def test_a_reminder_before_the_term_is_never_late_and_never_on_a_closed_day(
    due: date, days_left: int
) -> None:
    day = reminder_day(due, days_left, is_open=with_feast)
    assert with_feast(day)
    assert day <= due - timedelta(days=days_left)
    after = (due - timedelta(days=days_left) - day).days
    assert not any(with_feast(day + timedelta(days=n)) for n in range(1, after + 1))


@given(days, st.integers(1, 20))
def test_one_past_the_term_waits_for_the_next_open_day(due: date, late: int) -> None:
    day = reminder_day(due, -late, is_open=with_feast)
    assert with_feast(day)
    assert day >= due + timedelta(days=late)


@given(days, tables)
def test_every_step_has_its_day_or_gives_way_to_a_later_one(
    due: date, steps: dict[int, frozenset[str]]
) -> None:
    for n in steps:
        day = reminder_day(due, n, is_open=with_feast)
        step = step_on(due, day, steps=steps, is_open=with_feast)
        assert step is not None
        assert step <= n
        if step < n:
            assert reminder_day(due, step, is_open=with_feast) == day


@given(days, tables, st.integers(-60, 60))
def test_windows_hold_exactly_the_due_dates_of_each_step(
    today: date, steps: dict[int, frozenset[str]], ahead: int
) -> None:
    due = today + timedelta(days=ahead)
    inside = [
        window.days_left
        for window in windows(today, steps=steps, is_open=with_feast)
        if (window.first is None or window.first <= due) and due <= window.last
    ]
    step = step_on(due, today, steps=steps, is_open=with_feast)
    assert inside == ([] if step is None else [step])


def test_steps_and_hours_are_read_from_the_settings() -> None:
    assert steps_of("5:person -1:person+head") == {
        5: frozenset({"person"}),
        -1: frozenset({"person", "head"}),
    }
    assert hours_of("12345 08:30-16:30") == Hours(
        frozenset({1, 2, 3, 4, 5}), time(8, 30), time(16, 30)
    )


@pytest.mark.parametrize("text", ["5", "x:person", "5:boss", "5:", "5:person 5:head", "999:head"])
def test_steps_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="n’est pas une étape"):
        steps_of(text)


@pytest.mark.parametrize("text", ["", "12345", "89 08:00-16:00", "12345 16:30-08:30", "1 8-16h"])
def test_hours_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ne sont pas des horaires"):
        hours_of(text)
