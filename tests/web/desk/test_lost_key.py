"""A key that is lost: pages say so, nothing is overwritten, and the key given back opens all."""

from typing import Any

import pytest
from django.db import connection, transaction

from org.column_rows import sampled_columns, unreadable_columns
from org.errors import LostKeyError
from registry.chain import seals_of
from registry.intake import PartyData
from registry.models.letters import Party
from registry.verification import verify_register
from tests.factories import deposit
from tests.registry.contacts import contact
from web.api.errors import problem_of

pytestmark = pytest.mark.django_db
OLD, NEW = "the key of before, which was long enough", "the key of today, which is long enough too"
PHONE, MARK = "0661 23 45 67", "impossible à déchiffrer"
LOST = ["registry.contactpoint.value", "registry.party.email", "registry.party.phone"]


def kept() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, phone FROM registry_party")
        return list(cursor.fetchall())


def test_pages_say_so_and_nothing_is_lost_with_a_key(browser: Any, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    party = PartyData("sender", name="Fatima Bennis", email="f@usager.example", phone=PHONE)
    letter, row = deposit(parties=[party]).letter, contact("Fatima Bennis", phone=PHONE)
    settings.SECRET_KEY = NEW
    before = kept()
    for page in (f"/letters/{letter.pk}/", f"/contacts/{row.pk}/"):
        answer = browser("amina").get(page)
        assert answer.status_code == 200
        assert MARK in answer.content.decode()
    Party.objects.get(letter=letter).save()
    assert kept() == before
    assert sorted(sampled_columns()) == LOST
    assert dict(unreadable_columns()) == dict.fromkeys(LOST, 1)
    assert LOST[0] in browser("admin").get("/administration/health/").content.decode()
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert Party.objects.get(letter=letter).phone == PHONE
    assert not list(sampled_columns())


def test_nothing_that_cannot_be_read_is_written_over_or_sealed(browser: Any, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    party = PartyData("sender", name="Fatima Bennis", email="f@usager.example", phone=PHONE)
    letter = deposit(parties=[party]).letter
    settings.SECRET_KEY = NEW
    before, events = kept(), letter.events.count()
    told = Party.objects.get(letter=letter)
    shown = str(told.phone) + ""  # as a form sends it back
    with pytest.raises(LostKeyError), transaction.atomic():
        Party.objects.create(letter=letter, role="sender", name="Autre", phone=shown)
    with pytest.raises(LostKeyError) as refused:
        seals_of([told])
    problem = problem_of(refused.value)  # as the API answers it
    assert (problem.code, problem.message) == ("not_possible", str(refused.value))
    assert (kept(), letter.events.count()) == (before, events)
    assert {problem.code for problem in verify_register()} <= {"row_edited"}
