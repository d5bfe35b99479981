"""Who is away, and who stands in for them: on the days of the absence, and on no other."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from org.absences import (
    AbsenceError,
    NotYoursError,
    announce,
    end_early,
)
from org.models import Absence, Membership, User
from org.people import absences_on, permissions_of, stands_in_for
from tests.factories import department

pytestmark = pytest.mark.django_db


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def away(person: User, delegate: User, first: int = 0, last: int = 2) -> Absence:
    return announce(
        person, delegate=delegate, starts_on=day(first), ends_on=day(last), actor=person
    )


def test_a_stand_in_acts_on_the_days_of_the_absence_alone(dounia: User, chafik: User) -> None:
    away(dounia, chafik, 1, 3)
    found = [stands_in_for(chafik, on=day(n)) for n in range(5)]
    assert found == [frozenset(), *[frozenset({dounia.pk})] * 3, frozenset()]
    assert absences_on(day(2)).get(person=dounia).delegate == chafik
    assert not absences_on(day(4)).filter(person=dounia).exists()


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_before_and_after_the_absence_nothing_is_lent(
    first: int, last: int, dounia: User, chafik: User
) -> None:
    Absence.objects.create(
        person=dounia, delegate=chafik, starts_on=day(first), ends_on=day(last),
        made_by=dounia, made_at=timezone.now(),
    )  # fmt: skip
    assert permissions_of(chafik).departments == {"SI": "member"}


def test_the_department_of_the_absent_is_lent_and_ends_with_the_absence(
    dounia: User, chafik: User
) -> None:
    absence = away(dounia, chafik)
    permissions = permissions_of(chafik)
    assert permissions.departments == {"SI": "member", "EAU": "head"}
    assert permissions.delegations["EAU"].person_id == dounia.pk
    assert permissions.own.departments == {"SI": "member"}
    end_early(absence, actor=dounia)
    assert permissions_of(chafik).departments == {"SI": "member"}
    with pytest.raises(AbsenceError):
        end_early(absence, actor=dounia)


def test_no_clearance_rises_by_standing_in(dounia: User, badr: User, chafik: User) -> None:
    away(dounia, chafik)
    # A head reads confidential letters; who stands in for one reads no more than they may.
    assert permissions_of(dounia).department_level("EAU") == 1
    assert permissions_of(chafik).department_level("EAU") == 0
    User.objects.filter(pk=chafik.pk).update(clearance=2)
    chafik.refresh_from_db()
    assert permissions_of(chafik).department_level("EAU") == 1


def test_a_member_becomes_head_and_keeps_their_own_level(dounia: User, badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(clearance=1)
    badr.refresh_from_db()
    away(dounia, badr)
    permissions = permissions_of(badr)
    assert permissions.departments == {"EAU": "head"}
    assert permissions.own.departments == {"EAU": "member"}
    assert permissions.department_level("EAU") == 1


def test_nothing_is_handed_on(dounia: User, badr: User, chafik: User) -> None:
    away(dounia, badr)
    away(badr, chafik)
    assert stands_in_for(chafik, on=day(0)) == {badr.pk}
    assert permissions_of(chafik).departments == {"SI": "member", "EAU": "member"}
    with pytest.raises(AbsenceError):  # nor is one who is away named
        away(dounia, badr, 2, 5)


def test_days_do_not_meet_and_do_not_end_before_they_begin(
    dounia: User, badr: User, chafik: User
) -> None:
    away(dounia, chafik, 0, 3)
    for first, last in ((3, 5), (0, 0), (5, 4), (-3, -2)):
        with pytest.raises(AbsenceError):
            away(dounia, badr, first, last)
    away(dounia, badr, 4, 5)
    with pytest.raises(AbsenceError):
        away(badr, badr)


def test_auditors_and_administrators_stand_in_for_nobody(
    dounia: User, audit: User, admin: User
) -> None:
    for delegate in (audit, admin):
        with pytest.raises(AbsenceError):
            away(dounia, delegate)


def test_heads_announce_for_their_people_and_others_do_not(
    dounia: User, badr: User, chafik: User, admin: User
) -> None:
    today = timezone.localdate()
    given: Any = {"delegate": dounia, "starts_on": today, "ends_on": today}
    with pytest.raises(NotYoursError):
        announce(badr, actor=chafik, **given)
    absence = announce(badr, actor=dounia, **given)
    with pytest.raises(NotYoursError):
        end_early(absence, actor=chafik)
    end_early(absence, actor=admin)


def test_a_member_announces_for_no_colleague(dounia: User, badr: User, chafik: User) -> None:
    with pytest.raises(NotYoursError):
        announce(dounia, delegate=chafik, starts_on=day(0), ends_on=day(0), actor=badr)


def test_a_lent_headship_announces_no_absences(dounia: User, badr: User, chafik: User) -> None:
    away(dounia, chafik)
    with pytest.raises(NotYoursError):
        announce(badr, delegate=dounia, starts_on=day(0), ends_on=day(0), actor=chafik)


def test_who_has_left_lends_nothing(dounia: User, chafik: User) -> None:
    away(dounia, chafik)
    Membership.objects.create(user=chafik, department=department("DG"))
    User.objects.filter(pk=dounia.pk).update(is_active=False)
    assert permissions_of(chafik).departments == {"SI": "member", "DG": "member"}
    assert stands_in_for(chafik, on=day(0)) == frozenset()


def test_the_database_refuses_what_cannot_be(dounia: User, badr: User) -> None:
    row: Any = {"person": dounia, "made_by": dounia, "made_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(delegate=badr, starts_on=day(1), ends_on=day(0), **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(delegate=dounia, starts_on=day(0), ends_on=day(0), **row)


@pytest.mark.parametrize(
    ("first", "last"), [(date.min, date.max), (date.min, None), (None, date(9999, 12, 31))]
)
def test_an_absence_of_a_mistyped_year_is_refused(
    first: date | None, last: date | None, dounia: User, chafik: User
) -> None:
    begin, end = first or day(0), last or day(2)
    with pytest.raises(AbsenceError):
        announce(dounia, delegate=chafik, starts_on=begin, ends_on=end, actor=dounia)
    assert not Absence.objects.exists()
