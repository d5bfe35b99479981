"""Figures of the centre, on a set that was counted by hand; shifts around the clock."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from eservices.relations.callbacks import CallbackData, TryData, ask_callback, log_try
from eservices.relations.figures import centre_figures, period_of
from eservices.relations.models import CallbackTask
from eservices.relations.shifts import shift_at
from routing.models.closing import Reopening, Satisfaction
from tests.eservices.relations.centre import agent, asked, called
from tests.factories import department

pytestmark = pytest.mark.django_db


def test_figures_are_those_counted_by_hand() -> None:
    now, day = timezone.now(), timedelta(days=1)
    today = timezone.localdate()
    long_ago = now - 40 * day
    called(at=long_ago, phone="0661000009")  # before the time
    called(at=now - 5 * day, phone="0661000001", waited=10, seconds=100)  # comes back: not solved
    called(at=now - 3 * day, phone="0661000001", waited=20, seconds=200)
    called(at=now - 2 * day, phone="0661000002", waited=30, channel="counter")
    called(at=now - 2 * day, waited=200, channel="email")  # nobody to come back
    called(at=now - day, phone="0661000003", waited=40, result="callback")
    called(at=now - day, phone="0661000004", incoming=False, result="not_reached", waited=999)
    found = centre_figures(since=today - 29 * day, until=today)
    assert (found.incoming, found.outgoing, found.solved) == (5, 1, 3)
    assert (found.median_wait, found.ninetieth_wait, found.talk) == (30, 200, 150)
    assert found.channels == {"phone": 4, "counter": 1, "email": 1}
    assert found.results == {"answered": 4, "callback": 1, "not_reached": 1}
    assert sum(came + went for came, went in found.days.values()) == 6


def test_call_backs_are_kept_by_a_try_in_time() -> None:
    hind, now = agent(), timezone.now()
    kept = ask_callback(CallbackData("0661000001", "a"), actor=hind)
    log_try(kept, TryData(reached=False, tried=0), actor=hind)  # in time, though in vain
    broken = ask_callback(CallbackData("0661000002", "b"), actor=hind)
    CallbackTask.objects.filter(pk=broken.pk).update(promised_at=now - timedelta(hours=1))
    ask_callback(CallbackData("0661000003", "c"), actor=hind)  # its time has not come
    found = centre_figures(
        since=timezone.localdate() - timedelta(days=1),
        until=timezone.localdate() + timedelta(days=1),
    )
    assert (found.promised, found.kept) == (2, 1)


def test_opinions_are_those_of_requests() -> None:
    now, unit = timezone.now(), department("EAU")
    for score in (5, 4, 2):
        Satisfaction.objects.create(
            letter=asked().letter, department=unit, score=score, given_at=now, changed_at=now
        )
    Reopening.objects.create(
        letter=asked().letter, department=unit, by_citizen=True, reason="Non résolu", at=now
    )
    found = centre_figures(since=timezone.localdate(), until=timezone.localdate())
    assert (found.rated, found.pleased, found.reopened) == (3, 2, 1)


def test_a_time_is_bounded_and_in_order() -> None:
    today = timezone.localdate()
    assert period_of(None, None) == (today - timedelta(days=29), today)
    assert period_of(today, today - timedelta(days=2)) == (today - timedelta(days=2), today)
    since, until = period_of(today - timedelta(days=5000), today)
    assert (until - since).days == 365


@pytest.mark.parametrize(
    ("hour", "shift", "days"),
    [
        (6, "morning", 0),
        (13, "morning", 0),
        (14, "afternoon", 0),
        (22, "night", 0),
        (3, "night", 1),
    ],
)
def test_a_shift_is_on_duty_at_every_hour(hour: int, shift: str, days: int) -> None:
    moment = timezone.make_aware(datetime(2026, 11, 27, hour, 30))  # noqa: DTZ001
    duty = shift_at(moment)
    assert duty.shift.code == shift
    assert duty.day == moment.date() - timedelta(days=days)
    assert duty.starts <= moment < duty.ends
    assert (duty.ends - duty.starts) == timedelta(hours=8)
