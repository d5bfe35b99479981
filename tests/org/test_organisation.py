"""The demo organisation is data: loading it again changes nothing that people have edited."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.utils import translation

from config.organisation import DEMO_PASSWORD, load_calendar, load_organisation
from org.calendar import office_days, propose_next_year
from org.models import Department, Holiday, LetterKind, Level, Membership, User
from org.people import cached_permissions, permissions_of
from tests.factories import department, person

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing_that_was_edited() -> None:
    Department.objects.filter(code="EAU").update(name_fr="Eau et assainissement")
    badr = person("badr")
    badr.set_password("un autre mot de passe")
    badr.save()
    counts = [m.objects.count() for m in (Department, LetterKind, User, Membership)]
    load_organisation()
    assert [m.objects.count() for m in (Department, LetterKind, User, Membership)] == counts
    assert department("EAU").name_fr == "Eau et assainissement"
    assert authenticate(username="badr", password=DEMO_PASSWORD) is None
    assert authenticate(username="amina", password=DEMO_PASSWORD) is not None


def test_everything_has_a_name_in_each_language() -> None:
    rows: list[Department | LetterKind] = [*Department.objects.all(), *LetterKind.objects.all()]
    for row in rows:
        names = set()
        for language in ("ar", "fr", "en"):
            with translation.override(language):
                names.add(row.name)
        assert all(names)
        arabic = any("\u0600" <= c <= "\u06ff" for c in row.name_ar)
        assert arabic, row.code


def test_a_name_that_lacks_falls_back_to_french() -> None:
    unit = Department(code="X", name_fr="Unité")
    with translation.override("ar"):
        assert unit.name == "Unité"


def test_the_calendar_knows_the_national_days_and_religious_ones_are_provisional() -> None:
    load_calendar(year=2026)
    load_calendar(year=2026)
    throne_day = Holiday.objects.get(day="2026-07-30")
    assert throne_day.confirmed
    assert throne_day.name_ar
    assert throne_day.name_fr
    assert not Holiday.objects.get(day="2026-05-27").confirmed  # Eid al-Adha, reckoned
    assert Holiday.objects.filter(day__year=2027).exists()


def test_two_holidays_that_meet_on_one_day_are_two_rows_named_in_every_language() -> None:
    load_calendar(year=2027)
    national, religious = Holiday.objects.filter(day="2027-08-14").order_by("-confirmed")
    assert (national.confirmed, religious.confirmed) == (True, False)
    assert (national.name_en, religious.name_en) == ("Oued Ed-Dahab Day", "Prophet's Birthday")
    assert "المولد" in religious.name_ar
    words = office_days(since=date(2027, 8, 14))[date(2027, 8, 14)]
    assert "Prophet's Birthday, provisional" in words["en"]
    assert "provisional" not in words["ar"]


def test_the_coming_year_is_proposed_to_an_office_that_keeps_to_the_library() -> None:
    today = date(2027, 3, 1)
    assert propose_next_year(today=today) == 0  # an office without the library's days
    load_calendar(year=2026)
    assert propose_next_year(today=today) > 10
    assert propose_next_year(today=today) == 0
    assert Holiday.objects.filter(day="2028-07-30", confirmed=True).count() == 1


def test_what_an_administrator_removed_does_not_come_back() -> None:
    load_calendar(year=2026)
    Holiday.objects.filter(day="2026-01-14").delete()
    load_calendar(year=2026)
    assert not Holiday.objects.filter(day="2026-01-14").exists()


@pytest.mark.parametrize(("name", "code", "level"), [("badr", "EAU", 0), ("dounia", "EAU", 1)])
def test_a_head_reads_confidential_letters_of_the_department(
    name: str, code: str, level: int
) -> None:
    permissions = permissions_of(person(name))
    assert permissions.department_level(code) == level
    assert permissions.department_level("SI") == -1
    assert not permissions.reads_all


def test_duties() -> None:
    can = {
        name: (s.reads_all, s.is_office, s.may_watch_jobs)
        for name in ("amina", "badr", "direction", "audit", "admin")
        if (s := permissions_of(person(name)))
    }
    assert can == {
        "amina": (True, True, True),
        "badr": (False, False, False),
        "direction": (True, False, False),
        "audit": (True, False, False),
        "admin": (False, False, True),
    }


def test_standing_is_read_fresh() -> None:
    badr = person("badr")
    assert "EAU" in permissions_of(badr).departments
    Membership.objects.filter(user=badr).delete()
    assert permissions_of(badr).departments == {}


@pytest.mark.parametrize(("field", "value"), [("duty", "king"), ("clearance", 3)])
def test_the_database_knows_duties_and_levels(field: str, value: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(username="badr").update(**{field: value})
    assert max(Level.values) == 2


def test_inside_one_look_a_person_is_looked_up_once_and_outside_each_time(
    django_assert_num_queries: Any,
) -> None:
    badr = person("badr")
    with cached_permissions(), django_assert_num_queries(1):
        assert permissions_of(badr) == permissions_of(badr)
    badr.memberships.all().delete()
    assert permissions_of(badr).departments == {}
