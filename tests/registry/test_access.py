"""One door to a letter: who may read what, and the engine's tokens say the same."""

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from org.models import Membership, User
from org.people import permissions_of
from registry.access import NoSuchLetterError, get_letter, letter_tokens, reader_tokens
from registry.changes import record_change
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.kinds import RoutingEvent
from routing.notes.seeing import readers_of
from tests.factories import address, department, deposit, person

pytestmark = pytest.mark.django_db
PEOPLE = ["amina", "badr", "dounia", "chafik", "direction", "audit", "admin"]
LEVELS = [0, 1, 2]
ADDRESSED = [(), ("EAU",), ("SI",), ("DG",)]

# Who opens a letter of each level addressed to nobody, EAU, SI, DG (domain.md, design.md).
OPENS: dict[str, Any] = {
    "amina": lambda level, to: level == 0,
    "badr": lambda level, to: level == 0 and "EAU" in to,
    "dounia": lambda level, to: level <= 1 and "EAU" in to,
    "chafik": lambda level, to: level == 0 and "SI" in to,
    "direction": lambda level, to: True,
    "audit": lambda level, to: level <= 1,
    "admin": lambda level, to: False,
}


def opens(viewer: Any, letter: Letter) -> bool:
    """What the door, the queryset and the tokens say: they must agree."""
    try:
        door = get_letter(viewer, letter.pk) == letter
    except NoSuchLetterError:
        door = False
    listed = Letter.objects.visible_to(viewer).filter(pk=letter.pk).exists()
    tokens = bool(reader_tokens(viewer) & letter_tokens(letter))
    assert door == listed == tokens, (door, listed, tokens)
    return door


def test_each_person_opens_exactly_what_the_office_grants() -> None:
    for level, to in itertools.product(LEVELS, ADDRESSED):
        letter = deposit(confidentiality=level, departments=to).letter
        for name in PEOPLE:
            assert opens(person(name), letter) == OPENS[name](level, to), (name, level, to)


def test_nobody_opens_anything_without_logging_in() -> None:
    letter = deposit(departments=["EAU"]).letter
    assert not opens(AnonymousUser(), letter)


@pytest.mark.parametrize(
    "letter_id", ["", "x", "1", "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0ff", "../1", "'; --"]
)
def test_what_does_not_exist_is_answered_like_what_is_not_yours(
    amina: User, chafik: User, letter_id: str
) -> None:
    with pytest.raises(NoSuchLetterError) as missing:
        get_letter(amina, letter_id)
    letter = deposit(departments=["EAU"]).letter
    with pytest.raises(NoSuchLetterError) as forbidden:
        get_letter(chafik, letter.pk)
    assert str(missing.value) == str(forbidden.value)


def test_a_right_that_ends_ends_at_once(badr: User) -> None:
    letter = deposit().letter
    reader = address(letter, "EAU")
    assert opens(badr, letter)
    reader.active = False
    with transaction.atomic():
        reader.save()
        record_change(letter, RoutingEvent.OPINION_WITHDRAWN, actor=None, rows=[reader])
    assert not opens(badr, letter)


def test_leaving_a_department_takes_its_letters_away(badr: User) -> None:
    letter = deposit(departments=["EAU"]).letter
    Membership.objects.filter(user=badr).delete()
    assert not opens(badr, letter)


def test_a_dissolved_department_opens_nothing(badr: User) -> None:
    letter = deposit(departments=["EAU"]).letter
    unit = department("EAU")
    unit.active = False
    unit.save()
    assert not opens(badr, letter)


@pytest.mark.parametrize("name", ["badr", "amina", "direction"])
def test_a_person_who_has_left_the_office_opens_nothing(name: str) -> None:
    letter = deposit(departments=["EAU"]).letter
    who = person(name)
    who.is_active = False
    who.save()
    assert not opens(who, letter)


def test_a_letter_addressed_to_two_of_a_persons_departments_is_listed_once(badr: User) -> None:
    Membership.objects.create(user=badr, department=department("COM"))
    letter = deposit(departments=["EAU", "COM"]).letter
    assert list(Letter.objects.visible_to(badr)) == [letter]


def test_a_list_costs_the_same_number_of_queries_however_long(
    amina: User, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        deposit(departments=["EAU"])
    with django_assert_num_queries(3):  # memberships, letters, parties
        rows = list(Letter.objects.visible_to(amina).for_lists())
        assert len({(row.number, row.register.code, row.sender) for row in rows}) == 5


CODES = ["EAU", "SI", "DG"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    duty=st.sampled_from(User.Duty.values),
    clearance=st.sampled_from(LEVELS),
    places=st.dictionaries(st.sampled_from(CODES), st.sampled_from(["member", "head"])),
    level=st.sampled_from(LEVELS),
    to=st.dictionaries(st.sampled_from(CODES), st.booleans()),
    heads=st.sets(st.sampled_from(CODES)),
    also=st.sets(st.sampled_from(["named", "directors"])),
)
def test_door_list_and_tokens_never_disagree(
    db: None, duty: str, clearance: int, places: Any, level: int, to: Any, heads: Any, also: Any
) -> None:
    with transaction.atomic():
        viewer = User.objects.create(username="somebody", duty=duty, clearance=clearance)
        for code, role in places.items():
            Membership.objects.create(user=viewer, department=department(code), role=role)
        letter = deposit(confidentiality=level).letter
        for code, active in to.items():
            DepartmentReader.objects.create(
                letter=letter, department=department(code), active=active
            )
        for code in heads:
            DepartmentReader.objects.create(letter=letter, department=department(code), heads=True)
        if "named" in also:
            DepartmentReader.objects.create(letter=letter, person=viewer)
        if "directors" in also:
            DepartmentReader.objects.create(letter=letter, directors=True)
        may = opens(viewer, letter)
        assert may == (viewer in readers_of(letter))
        if level > clearance and not any(role == "head" for role in places.values()):
            assert not may
        if permissions_of(viewer).reads_all and level <= clearance:
            assert may
        transaction.set_rollback(True)
