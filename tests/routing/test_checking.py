"""Times of checks by day, and claims that keep two clerks apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from org.models import User
from registry.models.letters import Letter
from routing.check.checking import LEASE, claim
from routing.check.times import BREAK, days_of_checks, keep_time
from routing.models.check import CheckClaim, CheckTiming

pytestmark = pytest.mark.django_db


def test_a_days_checks_are_told_by_median_and_ninth_tenth() -> None:
    for seconds in range(1, 11):
        keep_time(seconds=float(seconds), visible_seconds=None, corrected=seconds % 2)
    (day,) = days_of_checks()
    assert (day.day, day.checks, day.median, day.p90) == (timezone.localdate(), 10, 5.5, 9.0)
    assert day.corrected == 5


def test_days_stand_apart_and_only_the_newest_are_told() -> None:
    today = timezone.localdate()
    for back in range(9):
        CheckTiming.objects.create(day=today - timedelta(days=back), seconds=back, corrected=0)
    days = days_of_checks()
    assert [day.day for day in days] == [today - timedelta(days=back) for back in range(7)]
    assert [day.p90 for day in days] == list(range(7))


@pytest.mark.parametrize(
    ("seconds", "seen", "kept"),
    [(10.0, 99.0, 10.0), (10.0, -3.0, 0.0), (10.0, 4.0, 4.0), (10.0, None, None)],
)
def test_a_browser_is_believed_as_far_as_it_can_be_true(
    seconds: float, seen: float | None, kept: float | None
) -> None:
    keep_time(seconds=seconds, visible_seconds=seen, corrected=0)
    assert CheckTiming.objects.get().visible_seconds == kept


@pytest.mark.parametrize("seconds", [-1.0, BREAK + 1, float("nan")])
def test_what_is_no_check_is_not_kept(seconds: float) -> None:
    keep_time(seconds=seconds, visible_seconds=None, corrected=0)
    assert not CheckTiming.objects.exists()


def test_a_claim_holds_for_its_time_and_then_passes_on(
    letter: Letter, amina: User, direction: User
) -> None:
    assert claim(letter, actor=amina) is None
    held = claim(letter, actor=direction)
    assert held is not None
    assert held.person == amina
    CheckClaim.objects.update(until=timezone.now() - LEASE)
    assert claim(letter, actor=direction) is None
    assert CheckClaim.objects.get().person == direction
