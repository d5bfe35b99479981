"""Columns kept enciphered: what the database holds, who opens it, and how it is found."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from eservices.contracts.finding import contracts_found
from eservices.people.models import ContactPoint as PersonPoint
from eservices.people.persons import known_person, person_for
from eservices.relations.finding import find_customers
from eservices.relations.models import CallerKey
from eservices.requests.models import Draft, Request
from ledger.opening import open_table
from ledger.proving import check_ledger
from notices.models import PushKey
from notices.pushing import public_key
from org.column_rows import (
    encipher_rows,
    enciphered_models,
    renew_columns,
    unreadable_columns,
)
from org.columns import BlindIndex, EncipheredJSON, EncipheredText, Unreadable
from org.keys import BLIND, BOUND, InvalidToken, decipher_bound, encipher_bound
from registry.contacts.search import find_contacts
from registry.corrections import correct_letter
from registry.intake import PartyData
from registry.models.contacts import ContactPoint
from registry.models.letters import Letter, Party
from registry.verification import verify_register
from tests.eservices.contracts.contracts import a_contract
from tests.eservices.office import opened
from tests.eservices.relations.centre import called
from tests.factories import deposit, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
PHONE, SPELT, MAIL, CIN = "0661 23 45 67", "0661234567", "fatima@usager.example", "BK771204"
OLD, NEW = "the key of before, which was long enough", "the key of today, which is long enough too"


@pytest.fixture
def letter(settings: Any) -> Letter:
    """A letter whose sender gave everything, under the key of before."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    party = PartyData("sender", name="Fatima Bennis", email=MAIL, phone=PHONE)
    return deposit(parties=[party]).letter


def kept(model: type[models.Model], column: str) -> list[str]:
    """What stands in a column, by SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}"')  # noqa: S608
        return [str(value) for (value,) in cursor.fetchall() if value]


def columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in enciphered_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (EncipheredText, EncipheredJSON, BlindIndex)):
                yield model, field.column


def put_in_the_clear(model: type[models.Model], **values: str) -> None:
    """Make rows such as a release of before wrote them."""
    with connection.cursor() as cursor:
        for column, value in values.items():
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET "{column}" = %s', [value])  # noqa: S608


def test_a_deposit_and_a_request_leave_no_address_and_no_number_in_the_clear(
    letter: Letter,
) -> None:
    contact("Fatima Bennis", phone=PHONE, email=MAIL)
    request = opened(email=MAIL, phone=PHONE)
    Request.objects.filter(pk=request.pk).update(answers={"cin": CIN, "phone": PHONE})
    Draft.objects.create(
        code_hash="c" * 64, version=request.version, answers={"cin": CIN}, asker={"email": MAIL},
        contact=MAIL, made_at=letter.received_at, saved_at=letter.received_at,
        ends_at=letter.received_at,
    )  # fmt: skip
    person_for("email", MAIL)
    called(name="Fatima Bennis", phone=PHONE)
    a_contract(email=MAIL, email_key=MAIL, phone=PHONE, phone_key=SPELT)
    public_key()
    filled = set()
    for model, column in columns():
        for value in kept(model, column):
            filled.add(f"{model._meta.label_lower}.{column}")
            assert not any(said in value for said in (PHONE, SPELT, MAIL, CIN, "PRIVATE KEY"))
            assert value.strip('"').startswith((BOUND, BLIND)) or value == "{}"
    assert filled >= {
        "registry.party.email", "registry.party.phone", "registry.contactpoint.value",
        "registry.contactpoint.compared", "people.contactpoint.value", "people.contactpoint.key",
        "requests.request.answers", "requests.request.phone_key", "requests.draft.contact",
        "requests.draft.asker", "relations.contactmoment.phone", "contracts.contract.email",
        "contracts.contract.phone_key", "notices.pushkey.private",
    }  # fmt: skip
    assert not [one for one in kept(CallerKey, "caller") if SPELT in one]
    assert Request.objects.get(pk=request.pk).answers == {"cin": CIN, "phone": PHONE}
    assert Party.objects.get(letter=letter, role="sender").phone == PHONE


def test_what_is_looked_up_is_found_however_it_is_written(letter: Letter) -> None:
    row = contact("Fatima Bennis", phone=PHONE, email=MAIL)
    assert list(find_contacts("+212 661-23-45-67")) == list(find_contacts(MAIL.upper())) == [row]
    assert not find_contacts("23 45 67 89").exists()
    fatima = person_for("phone", PHONE)
    assert known_person("phone", "+212661234567") == fatima
    contract = a_contract(phone=PHONE, phone_key=SPELT)
    assert list(contracts_found("0661-23-45-67")) == [contract]
    found = find_customers("0661234567", viewer=person("amina"))
    assert found[0].pk == str(fatima.pk)
    assert len(found) == 1, "the directory and the contract have the same telephone"


def test_only_its_index_is_looked_up() -> None:
    assert Party.objects.filter(email="").count() == Party.objects.count()
    for wrong in ({"email": MAIL}, {"phone__contains": "23"}, {"email__gt": ""}):
        with pytest.raises(FieldError):
            Party.objects.filter(**wrong).exists()
    with pytest.raises(FieldError):
        ContactPoint.objects.filter(compared__contains="23").exists()


def test_equal_values_are_kept_unlike_and_of_one_column_alone() -> None:
    one, two = (encipher_bound(PHONE, to="registry_party.phone") for _ in range(2))
    assert one != two
    assert decipher_bound(one, to="registry_party.phone") == PHONE
    with pytest.raises(InvalidToken):
        decipher_bound(one, to="registry_party.email")
    damaged = one[:-6] + ("AAAAAA" if not one.endswith("AAAAAA") else "BBBBBB")
    with pytest.raises(InvalidToken):
        decipher_bound(damaged, to="registry_party.phone")


def test_a_value_pasted_into_another_column_is_refused_there(letter: Letter) -> None:
    put_in_the_clear(Party, email=kept(Party, "phone")[0])
    party = Party.objects.get(letter=letter, role="sender")
    assert isinstance(party.email, Unreadable)
    assert party.phone == PHONE
    assert "row_edited" in {problem.code for problem in verify_register(files=False)}


def test_a_new_key_takes_everything_over_and_all_is_whole(letter: Letter, settings: Any) -> None:
    row = contact("Fatima Bennis", phone=PHONE, email=MAIL)
    request = opened(email=MAIL)
    Request.objects.filter(pk=request.pk).update(answers={"cin": CIN})
    fatima = person_for("phone", PHONE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert list(find_contacts(PHONE)) == [row]
    done, lost = renew_columns()
    assert (done >= 5, lost) == (True, 0)
    assert renew_columns() == (0, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert not list(unreadable_columns())
    assert Party.objects.get(letter=letter, role="sender").email == MAIL
    assert PersonPoint.objects.get(person=fatima).value == PHONE
    assert Request.objects.get(pk=request.pk).answers == {"cin": CIN}
    assert list(find_contacts(PHONE)) == [row]
    assert list(verify_register(files=False)) == []


def test_rows_of_a_release_before_are_enciphered_and_found(letter: Letter, settings: Any) -> None:
    """As the migration does it: through the ledger, the same again harmless."""
    row = contact("Fatima Bennis", phone=PHONE)
    put_in_the_clear(ContactPoint, value=PHONE, compared=SPELT)
    put_in_the_clear(Party, phone=PHONE, email=MAIL, phone_index="", email_index="")
    request = opened()
    put_in_the_clear(Request, answers=json.dumps({"cin": CIN}), phone_key=SPELT)
    for model in (ContactPoint, Request):
        open_table(model)
    assert not list(find_contacts(PHONE))
    assert list(check_ledger()) == []
    for app, names in (("registry", ("ContactPoint", "Party")), ("requests", ("Request", "Draft"))):
        for _again in range(2):
            step: Any = encipher_rows(app, *names)
            step.code(_Apps(), connection.schema_editor())
    assert list(find_contacts(PHONE)) == [row]
    assert Request.objects.get(phone_key=SPELT).pk == request.pk
    assert Request.objects.get().answers == {"cin": CIN}
    assert Party.objects.get(letter=letter, role="sender").email_index.startswith(BLIND)
    assert not [value for value in kept(Party, "phone") if PHONE in value]
    assert list(verify_register(files=False)) == []


class _Apps:
    """The apps of a migration, with today's models."""

    def get_model(self, app_label: str, name: str) -> Any:
        from django.apps import apps

        return apps.get_model(app_label, name)


def test_a_corrected_sender_is_sealed_and_found_by_the_new_address(letter: Letter) -> None:
    changed = PartyData("sender", name="Fatima Bennis", email="neuf@usager.example", phone=PHONE)
    correct_letter(letter, actor=person("amina"), changes={}, sender=changed)
    party = Party.objects.get(letter=letter, role="sender")
    assert party.email == "neuf@usager.example"
    index = party.email_index
    assert Party.objects.filter(email_index=index).get() == party
    assert list(verify_register(files=False)) == []


def test_a_push_key_that_no_key_opens_is_drawn_anew(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    before = public_key()
    assert public_key() == before
    settings.SECRET_KEY = NEW
    after = public_key()
    assert after != before
    assert PushKey.objects.count() == 1
