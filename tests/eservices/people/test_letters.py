"""Letters of a verified contact: found in the register by that very contact, and by no other."""

from typing import Any

import pytest

from correspondence.dispatch.sender_messages import chosen
from eservices.people.letters import letters_of, note_letters
from eservices.people.models import Person
from eservices.people.persons import person_for, remove_contact
from org.columns import reach_index
from registry.intake import PartyData
from registry.models.letters import Letter, Party
from tests.factories import deposit

pytestmark = pytest.mark.django_db
MAIL = "salma@usager.example"


def letter_from(*, email: str = "", phone: str = "", **more: Any) -> Letter:
    party = PartyData("sender", name="Salma Alami", email=email, phone=phone)
    return deposit(parties=[party], **more).letter


def known(person: Person) -> set[str]:
    note_letters(person)
    return {row.letter.number for row in letters_of(person).select_related("letter")}


def correct(letter: Letter, *, email: str) -> None:
    party = Party.objects.get(letter=letter)
    party.email = email
    party.save()


def test_letters_sent_before_are_found_by_the_contact_however_it_was_written() -> None:
    by_mail = letter_from(email="Salma@Usager.example")
    letter_from(email="autre@usager.example", phone="0612345679")
    by_phone = letter_from(phone="+212 6-12-34-56-78 / 0522 00 00 00")
    in_arabic = letter_from(phone="٠٦١٢٣٤٥٦٧٨")
    assert known(person_for("email", MAIL)) == {by_mail.number}
    assert known(person_for("phone", "06 12 34 56 78")) == {by_phone.number, in_arabic.number}


def test_later_letters_are_found_too() -> None:
    salma = person_for("email", MAIL)
    assert known(salma) == set()
    later = letter_from(email=MAIL)
    assert known(salma) == {later.number}


def test_an_address_corrected_after_the_deposit_opens_no_letter_told_elsewhere() -> None:
    told = letter_from(email=MAIL, notes=chosen(email=MAIL))
    elsewhere = letter_from(
        email="autre@usager.example", notes=chosen(email="autre@usager.example")
    )
    correct(elsewhere, email=MAIL)
    assert known(person_for("email", MAIL)) == {told.number}


def test_a_letter_whose_sender_is_corrected_is_theirs_no_longer() -> None:
    letter = letter_from(email=MAIL)
    salma = person_for("email", MAIL)
    assert known(salma) == {letter.number}
    correct(letter, email="autre@usager.example")
    assert known(salma) == set()


def test_an_index_that_is_forged_opens_no_letter_of_another_address() -> None:
    letter = letter_from(email="autre@usager.example")
    Party.objects.filter(letter=letter).update(email_index=reach_index("email", MAIL))
    assert known(person_for("email", MAIL)) == set()


def test_outgoing_letters_and_those_of_a_removed_contact_are_not_shown() -> None:
    letter_from(email=MAIL, register="OUT", channel="post")
    salma = person_for("phone", "0612345678")
    assert known(salma) == set()
    from eservices.people.persons import add_contact

    mine = letter_from(email=MAIL)
    contact = add_contact(salma, "email", MAIL)
    assert known(salma) == {mine.number}
    remove_contact(salma, contact)
    assert known(salma) == set()
