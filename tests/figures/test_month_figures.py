"""Figures: what is counted in which month, for whom, and when it is counted again."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from figures.counted_rows import Row
from figures.counting import NUMBERS, changed_months, count_all, count_month, queue_figures
from figures.models import CountedMonth, MonthFigures
from figures.summing import Figures, FiguresFilter, figures_of
from jobs.models import Job
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.closing import outcomes
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from tests.factories import department, deposit, drain, kind

pytestmark = pytest.mark.django_db
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def at(day: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T10:00"))


def letter(
    amina: User, came: str, *, done: str = "", method: str = "letter", **columns: Any
) -> Letter:
    """A complaint of EAU that came on a day, and was signed off on another one."""
    made = deposit(actor=amina, subject="Fuite").letter
    giving.assign(made, department=department("EAU"), actor=amina)
    changes = {"kind": kind("complaint_technical"), "received_at": at(came), **columns}
    if done:
        changes["stage"] = "closed"
        Assignment.objects.filter(letter=made).update(
            state="signed_off", method=method, signed_off_at=at(done)
        )
    Letter.objects.filter(pk=made.pk).update(registered_at=at(came), **changes)
    return made


def whole(month: date) -> MonthFigures:
    rows = {(r.department, r.kind, r.channel): r for r in count_month(month)}
    return rows[("", "", "")]


def test_letters_count_where_they_came_and_where_they_were_treated(amina: User) -> None:
    letter(amina, "2026-01-05", done="2026-03-06", due_on=date(2026, 3, 1))
    letter(amina, "2026-01-10", done="2026-01-20", method="noted", due_on=date(2026, 1, 20))
    letter(amina, "2026-01-11", due_on=date(2026, 1, 31))
    letter(amina, "2026-01-12", stage="voided")

    january, march = whole(JANUARY), whole(MARCH)

    assert (january.received, january.open, january.late) == (3, 1, 1)
    assert (january.treated, january.with_term, january.in_term, january.answered) == (1, 1, 1, 0)
    assert january.delays == [(10, 1)]
    assert (march.received, march.treated, march.in_term, march.answered) == (0, 1, 0, 1)
    assert march.delays == [(60, 1)]


def test_a_letter_is_late_from_the_day_after_its_last_one(amina: User) -> None:
    today = timezone.localdate()
    letter(amina, "2026-01-05", due_on=today)
    assert whole(JANUARY).late == 0
    letter(amina, "2026-01-06", due_on=today - timedelta(days=1))
    assert whole(JANUARY).late == 1


def test_a_letter_is_treated_when_its_last_department_is_done(amina: User, badr: User) -> None:
    made = letter(amina, "2026-01-05", done="2026-01-06")
    other = Assignment.objects.create(
        letter=made, department=department("COM"), role="action", assigned_at=at("2026-01-05")
    )
    assert whole(JANUARY).treated == 0
    Assignment.objects.filter(pk=other.pk).update(
        state="signed_off", method="phone", signed_off_at=at("2026-03-02")
    )
    assert (whole(JANUARY).treated, whole(MARCH).treated) == (0, 1)


def test_shares_and_percentiles() -> None:
    found = Figures()
    assert (found.median, found.ninetieth, found.mean, found.percent_in_term) == (None,) * 4
    found.delays.update({1: 5, 10: 4, 100: 1})
    found.numbers.update({"with_term": 3, "in_term": 2})
    assert (found.median, found.ninetieth, found.mean) == (1, 10, 14.5)
    assert found.percent_in_term == 67


def test_positive_is_counted_from_the_outcomes_that_stand(
    amina: User, badr: User, direction: User
) -> None:
    for value in ("favourable", "partly", "unfavourable", "outside", ""):
        made = letter(amina, "2026-01-05", done="2026-03-06", method="phone")
        if value:
            Outcome.objects.create(
                letter=made, value=value, recorded_by=badr, recorded_at=at("2026-03-06")
            )
    Outcome.objects.create(  # corrected since: it counts no more
        letter=made, value="outside", standing=False, recorded_by=badr, recorded_at=at("2026-03-06")
    )
    march = whole(MARCH)
    assert (march.favourable, march.partly, march.unfavourable, march.outside) == (1, 1, 1, 1)
    march.save()
    found = figures_of(direction, FiguresFilter(MARCH, MARCH)).total
    assert (found.treated, found.positive, found.unrecorded) == (5, 2, 1)
    assert found.percent_positive == 50
    assert found.plain()["outcome_not_recorded"] == 1


def test_a_corrected_outcome_has_its_month_counted_again(amina: User, badr: User) -> None:
    made = letter(amina, "2026-01-05", done="2026-03-06", method="phone")
    now = timezone.now() + timedelta(hours=2)
    assert MARCH not in changed_months(now, now=now)
    outcomes.record_outcome(Letter.objects.get(pk=made.pk), actor=amina, value="partly")
    assert MARCH in changed_months(timezone.now(), now=timezone.now())


def test_a_head_sees_the_own_department_and_others_nothing(
    amina: User, dounia: User, badr: User, direction: User
) -> None:
    letter(amina, "2026-01-05", done="2026-01-06")
    other = letter(amina, "2026-01-05")
    Letter.objects.filter(pk=other.pk).update(department=department("COM"))
    count_all(since=JANUARY, until=JANUARY)
    asked = FiguresFilter(JANUARY, JANUARY)
    assert figures_of(direction, asked).total.received == 2
    assert set(figures_of(direction, asked).departments) == {"EAU", "COM"}
    assert figures_of(dounia, asked).total.received == 1
    assert set(figures_of(dounia, asked).departments) == {"EAU"}
    assert figures_of(dounia, asked).complaints.treated == 1
    assert figures_of(badr, asked).total.received == 0


def test_only_months_that_changed_are_counted_again(amina: User) -> None:
    old = letter(amina, "2026-01-05")
    queue_figures()
    drain("figures.month")
    assert MonthFigures.objects.filter(month=JANUARY, department="").exists()
    assert not CountedMonth.objects.filter(counted_at=None).exists()
    queue_figures()
    assert not Job.objects.filter(kind="figures.month", state="ready").exists()

    this = timezone.localdate().replace(day=1)
    now = timezone.now()
    assert changed_months(now + timedelta(hours=2), now=now + timedelta(hours=2)) >= {this}
    giving.assign(old, department=department("COM"), actor=amina, role="copy")
    assert changed_months(now, now=timezone.now()) == {this, JANUARY}


def test_the_command_tells_numbers_only(amina: User, capsys: Any) -> None:
    made = letter(amina, "2026-01-05", done="2026-01-06")
    call_command("figures", "--from", "2026-01", "--to", "2026-02", "--count", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["total"]["received"] == told["departments"]["EAU"]["treated"] == 1
    assert told["complaints"]["mean_days"] == 1.0
    assert made.number not in json.dumps(told)


def test_a_row_added_after_a_spread_was_asked_for_counts_as_well() -> None:
    numbers = [9 if name == "received" else 0 for name in NUMBERS]
    month = Row(MARCH, "", "", "", numbers, ["[[1, 5], [10, 4]]", "[]", "[]", "[]"])
    found = Figures()
    found.add(month)
    assert found.delays == {1: 5, 10: 4}
    found.add(month)
    assert found.delays == {1: 10, 10: 8}
    assert found.weeks == {}
    assert found.received == 18
