"""A shared telephone makes nothing theirs: of whom a print-out is, and of whom a rectification."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.looks import look_key
from eservices.contracts.models import Contract, Holder
from eservices.contracts.proving import end_holding
from eservices.people.models import Person
from eservices.people.persons import add_contact, person_for
from eservices.privacy import rectifying
from eservices.privacy.of_access import keys_of
from eservices.privacy.parts import PARTS
from eservices.privacy.person_data import data_of_person
from eservices.privacy.printing import PrintoutRequest, ask_printout, person_source
from eservices.privacy.rectifying import CorrectionRequest
from eservices.privacy.rights import DataNotAllowedError
from eservices.privacy.subject import subject_of
from eservices.relations import access_log
from eservices.requests.models import Message, Request
from org.models import User
from registry.contacts.directory import shown_points
from registry.contacts.links import link_sender
from registry.contacts.merging import merge_contacts
from registry.intake import PartyData
from registry.models.contacts import Contact
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import a_contract, a_meter, held_by
from tests.eservices.office import WATER, opened
from tests.eservices.privacy.subjects import MAIL, NAME, PHONE, Subject, director, salma, secret
from tests.eservices.readings.readings import a_reading
from tests.eservices.relations.centre import called
from tests.factories import deposit, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
BROTHER = "Youssef Bennis"
HERS = ("Salma", MAIL, "7700001", "ZB-1", "Fuite rue des Amandiers", "Pourquoi si cher")


@pytest.fixture
def subject() -> Subject:
    return salma()


def held(key: str) -> Any:
    return data_of_person(subject_of(key, viewer=director()), viewer=director())


def parts(key: str) -> dict[str, Any]:
    """Return what a print-out tells, without drawing it."""
    found = held(key)
    made = [maker(found) for maker in PARTS]
    return {one.code: one for one in made}


def words(found: dict[str, Any]) -> str:
    rows = {code: one.rows for code, one in found.items()}
    return json.dumps(rows, ensure_ascii=False, default=str)


def letters_along(key: str) -> set[str]:
    """Return the numbers of the letters whose documents go along."""
    printout = ask_printout(PrintoutRequest(subject=key, reason="x"), actor=director())
    pages = person_source(printout.export).pages
    rows = [row for page in pages for row in page.rows]
    return {row.number for row in rows if isinstance(row, Letter)}


def brothers(kind: str) -> str:
    """Return a key of her brother, who has the telephone that she verified."""
    if kind == "contact":
        return f"contact:{contact(BROTHER, phone=PHONE).pk}"
    if kind == "contract":
        row = a_contract("8800001", customer_name=BROTHER, phone=PHONE)
        return f"contract:{row.number_key}"
    if kind == "call":
        made = called(by=person("amina"), subject="Ma facture", name=BROTHER, phone=PHONE)
        return f"call:{made.moment.pk}"
    request = opened(phone=PHONE, answers=WATER)
    sender = request.letter.parties.get(role="sender")
    assert sender.name == "Fatima Bennis"
    return f"request:{request.pk}"


@pytest.mark.parametrize("kind", ["contact", "contract", "call", "request"])
def test_a_shared_telephone_does_not_bring_in_who_verified_it(subject: Subject, kind: str) -> None:
    key = brothers(kind)
    found = subject_of(key, viewer=director())
    assert (found.key, found.person) == (key, None)
    assert found.name == ("Fatima Bennis" if kind == "request" else BROTHER)
    assert MAIL not in found.emails
    assert "7700001" not in found.contracts
    told = parts(key)
    assert [one for one in HERS if one in words(told)] == []
    assert told["space"].rows == []
    assert any("1" in one for one in told["space"].left_out)


def test_who_verified_it_is_kept_under_an_alike_name(subject: Subject) -> None:
    row = a_contract("8800002", customer_name="سلمى زرقون", phone=PHONE)
    found = subject_of(f"contract:{row.number_key}", viewer=director())
    assert found.person == subject.person
    assert found.name == "سلمى زرقون"


def test_nothing_without_a_name_is_theirs(subject: Subject) -> None:
    called(by=person("amina"), subject="Sans nom", phone=PHONE)
    a_contract("8800003", customer_name="", phone=PHONE)
    deposit(parties=[PartyData("sender", phone=PHONE)], subject="Anonyme")
    told = words(parts(subject.key))
    assert [one for one in ("Sans nom", "8800003", "Anonyme") if one in told] == []
    assert "Pourquoi si cher" in told


def test_nobody_without_a_name_is_printed(subject: Subject) -> None:
    row = a_contract("8800004", customer_name="", phone=PHONE)
    nobody = person_for("email", "nobody@usager.example")
    Person.objects.filter(pk=nobody.pk).update(name="", name_key="")
    for key in (f"contract:{row.number_key}", f"person:{nobody.pk}"):
        with pytest.raises(DataNotAllowedError):
            ask_printout(PrintoutRequest(subject=key, reason="x"), actor=director())


def test_a_letter_of_a_namesake_with_an_entry_of_his_own_is_not_theirs(subject: Subject) -> None:
    father = contact("Salma Zerqoun", email="pere@usager.example")
    parties = [PartyData("sender", name=NAME, phone=PHONE)]
    letter = deposit(parties=parties, subject="Affaire du père").letter
    link_sender(letter, contact=father, actor=person("amina"))
    assert "Affaire du père" not in words(parts(f"contact:{subject.contact.pk}"))


def test_a_contract_that_was_given_on_tells_each_holder_of_their_own_time(
    subject: Subject,
) -> None:
    """Who sold the place is told nothing of the buyer, and the buyer nothing of them."""
    contract = a_contract("8800011", customer_name=NAME, email=MAIL)
    meter = a_meter(contract)
    seller, buyer = subject.person, person_for("email", "karim@usager.example", name="Karim Tazi")
    holding = held_by(seller, contract)
    before = a_bill(contract, 1_111)
    a_reading(meter, index=4321, read_on=timezone.localdate() - timedelta(days=9), state="exported")
    end_holding(holding)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    Contract.objects.filter(pk=contract.pk).update(
        customer_name="Karim Tazi", email="karim@usager.example", email_key="karim@usager.example",
        phone="0655443322",
    )  # fmt: skip
    held_by(buyer, contract)
    later = timezone.localdate() + timedelta(days=30)
    after = a_bill(contract, 2_222, issued_on=later, period_to=later)
    a_reading(meter, index=8765, read_on=timezone.localdate(), period="2020-01")
    theirs, others = ([before.number, "4321"], [after.number, "8765", "Karim", "0655443322"])
    told = words(parts(f"person:{seller.pk}"))
    assert [one for one in theirs if one not in told] == []
    assert [one for one in others if one in told] == []
    assert "8800011" in told
    told = words(parts(f"person:{buyer.pk}"))
    assert [one for one in others if one not in told] == []
    assert [one for one in theirs if one in told] == []


@pytest.fixture
def for_another(subject: Subject) -> Request:
    other = person_for("email", "youssef@usager.example", name=BROTHER)
    Request.objects.filter(pk=subject.request.pk).update(on_behalf_of=other)
    row = subject.request
    Message.objects.create(request=row, from_citizen=True, text="Son compteur", at=row.opened_at)
    return row


def test_of_a_request_in_anothers_name_no_message_is_told(
    subject: Subject, for_another: Request
) -> None:
    told = parts(subject.key)
    assert "Fuite rue des Amandiers" not in words(told)
    assert "Son compteur" not in words(told)
    assert any("1" in one for one in told["messages"].left_out)
    assert "Son compteur" in words(parts(f"person:{for_another_person(for_another).pk}"))


def for_another_person(row: Request) -> Person:
    found = Request.objects.select_related("on_behalf_of").get(pk=row.pk).on_behalf_of
    assert found is not None
    return found


def test_of_a_request_in_anothers_name_no_document_goes_along(
    subject: Subject, for_another: Request
) -> None:
    parties = for_another.letter.parties
    parties.filter(role="sender").update(contact=subject.contact)
    assert letters_along(subject.key) == {subject.letter.number}


def test_looks_under_an_entry_that_was_merged_are_found(subject: Subject) -> None:
    loser = contact("Salma Zerqoun", email="old@usager.example")
    merge_contacts(winner=subject.contact, loser=loser, actor=person("amina"))
    assert f"contact:{loser.pk}" in keys_of(held(subject.key))


def test_looks_at_a_contract_are_told_to_who_held_it_then(subject: Subject) -> None:
    """And to nobody else: neither who has it now nor who had it before learns of the other's."""
    key, now = look_key(subject.contract), timezone.now()
    days = [timezone.localdate(now + timedelta(days=n)).isoformat() for n in (-5, 5)]
    for n, name in ((-5, "amina"), (5, "badr")):
        access_log.note(key, viewer=person(name), now=now + timedelta(days=n))

    def told(of: str) -> list[str]:
        return [row["at"] for row in parts(of)["looks"].rows if row["what"] == "contrat"]

    with override("fr"):
        assert told(subject.key) == days[::-1]
    end_holding(Holder.objects.get(contract=subject.contract), actor=person("amina"))
    heir = person_for("email", "heir@usager.example", name=BROTHER)
    note(subject.contract, CHANGED_BY_REQUEST, what="holder", person=heir)
    held_by(heir, subject.contract)
    with override("fr"):
        assert told(subject.key) == days[:1]
        assert told(f"person:{heir.pk}") == days[1:]


def asked(key: str, **more: Any) -> Any:
    given: dict[str, Any] = {"what": "name", "wanted": "Autre Nom"} | more
    return rectifying.record(CorrectionRequest(subject=key, **given), actor=person("amina"))


def refused(row: Any, by: User | None = None) -> None:
    with pytest.raises(DataNotAllowedError):
        rectifying.accept(row, actor=by or director())
    row.refresh_from_db()
    assert row.state == "asked"


@pytest.mark.parametrize("kind", ["contract", "call", "request"])
def test_nobody_is_renamed_but_who_was_named(subject: Subject, kind: str) -> None:
    mine = contact(BROTHER, phone=PHONE)
    refused(asked(brothers(kind)))
    subject.person.refresh_from_db()
    mine.refresh_from_db()
    assert (subject.person.name, mine.name) == (NAME, BROTHER)


def numbers(row: Contact) -> list[str]:
    return [one.value for one in shown_points(row) if one.kind == "phone"]


def test_the_telephone_of_a_brother_is_not_replaced() -> None:
    alone = person_for("email", MAIL, name=NAME)
    add_contact(alone, "phone", PHONE)
    row = contact(BROTHER, phone=PHONE)
    before = numbers(row)
    key = f"person:{alone.pk}"
    refused(asked(key, what="phone", present=PHONE, wanted="0661999999"))
    refused(asked(key, what="address", wanted="12 rue des Amandiers"))
    assert numbers(row) == before


def test_an_address_of_the_space_is_not_changed_in_the_directory(subject: Subject) -> None:
    before = numbers(subject.contact)
    for present in (PHONE, ""):
        refused(asked(subject.key, what="phone", present=present, wanted="0661999999"))
    assert numbers(subject.contact) == before
    home = asked(subject.key, what="address", wanted="12 rue des Amandiers")
    assert rectifying.accept(home, actor=director()).state == "done"


def test_a_letter_that_who_decides_may_not_read_gets_no_note(subject: Subject) -> None:
    hidden, boss = secret(subject), director()
    row = asked(subject.key, what="letter", about=hidden, wanted="Née à Settat")
    User.objects.filter(pk=boss.pk).update(clearance=0)
    refused(row, User.objects.get(pk=boss.pk))
    assert not LetterEvent.objects.filter(letter=hidden, kind="rectified").exists()


def test_what_was_deleted_is_not_written(subject: Subject) -> None:
    row = asked(subject.key, wanted="—")
    refused(row)
    subject.person.refresh_from_db()
    assert subject.person.name == NAME
