"""Letters by their ids for lists: those that `for_lists` fetches, as far as one may read them."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from org.models import User
from registry.intake import PartyData
from registry.listed import letters_among
from registry.models.letters import Letter
from tests.factories import deposit, kind, person

pytestmark = pytest.mark.django_db
SHOWN = ("pk", "number", "subject", "stage", "registered_at", "due_on", "version", "due_explained")


def told(letter: Letter) -> list[Any]:
    parties = sorted((p.role, p.shown_name, p.email, p.letter.pk) for p in letter.parties.all())
    related = [letter.register, letter.kind, letter.department, letter.sender]
    return [*(getattr(letter, name) for name in SHOWN), *map(str, related), parties]


def test_they_are_those_of_the_list() -> None:
    parties = [
        PartyData("sender", name="Ahmed Alaoui", email="a@example.ma"),
        PartyData("copy", name="ONEE"),
    ]
    made = [deposit(departments=["EAU"], parties=parties).letter for _ in range(3)]
    made += [
        deposit(kind=kind("complaint_technical"), sender="").letter,
        deposit(confidentiality=2).letter,
    ]
    ids = [letter.pk for letter in made]
    for name in ("amina", "badr", "dounia", "chafik", "direction", "admin"):
        viewer = person(name)
        for some in (ids, ids[:1], ids[1:4], [*ids, *ids, uuid4()]):
            listed = Letter.objects.visible_to(viewer).for_lists().in_bulk(some)
            found = letters_among(viewer, some)
            assert {pk: told(one) for pk, one in found.items()} == {
                pk: told(one) for pk, one in listed.items()
            }


def test_a_right_that_is_lost_is_lost_at_once(badr: User) -> None:
    letter = deposit(departments=["EAU"]).letter
    assert letters_among(badr, [letter.pk])
    badr.memberships.all().delete()
    assert not letters_among(badr, [letter.pk])
    assert not letters_among(AnonymousUser(), [letter.pk])


def test_many_take_two_queries_a_hundred(amina: User) -> None:
    ids = [deposit().letter.pk for _ in range(3)]
    letters_among(amina, ids)
    with CaptureQueriesContext(connection) as asked:
        found = letters_among(amina, [*ids, *(uuid4() for _ in range(90))])
        assert all(letter.register.code and letter.sender for letter in found.values())
    assert len(found) == 3
    assert len([one for one in asked if "registry_letter" in one["sql"]]) == 1
    assert len([one for one in asked if "registry_party" in one["sql"]]) == 1


def test_what_is_asked_further_of_them_is_asked_of_the_database(amina: User) -> None:
    parties = [PartyData("sender", name="Ahmed Alaoui"), PartyData("copy", name="ONEE")]
    made = [deposit(parties=parties).letter for _ in range(2)]
    for letter in letters_among(amina, [one.pk for one in made]).values():
        [copy] = letter.parties.filter(role="copy")
        assert (copy.name, copy.letter_id) == ("ONEE", letter.pk)
        assert letter.parties.exclude(role="copy").get().letter == letter
        assert {one.letter_id for one in letter.parties.all()} == {letter.pk}
        letter.department = None
        letter.save(update_fields=["department"])
