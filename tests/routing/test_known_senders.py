"""After reading, a sender who agrees in identifier and name is linked; others are proposed."""

from typing import Any

import pytest

from registry.contacts.links import link_sender
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.proposals.known_senders import contacts_for, known_of_sender
from tests.factories import deposit, drain, text_file
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
TEXT = """Mohamed ALAOUI
12 rue des Amandiers, El Jadida
Tél : 06 12 34 56 78
Objet : fuite d'eau
Monsieur le directeur, une fuite coule devant ma maison. N° de contrat : 4711-22.
"""
WAY = ("letter.read", "letter.understand", "letter.contact")


def walked(*, sender: str = "Mohamed Alaoui", text: str = TEXT) -> Letter:
    letter = deposit(sender=sender, files=[text_file(text)]).letter
    for kind in WAY:
        drain(kind)
    return letter


def test_what_the_letter_says_completes_what_was_entered() -> None:
    known = known_of_sender(walked())

    assert known["name"] == "Mohamed Alaoui"
    assert known["phone"].replace(" ", "") == "0612345678"
    assert known["customer_number"]


def test_a_sender_who_agrees_in_phone_and_name_is_linked() -> None:
    row = contact("محمد العلوي", phone="+212612345678")

    letter = walked()

    assert letter.parties.get().contact == row
    assert list(verify_register(files=False)) == []


def test_a_name_alone_is_only_proposed() -> None:
    row = contact("محمد العلوي")

    letter = walked()

    assert letter.parties.get().contact is None
    assert contacts_for(letter)[0].contact == row


def test_a_persons_choice_is_not_overwritten(amina: Any) -> None:
    contact("Mohamed Alaoui", phone="0612345678")
    chosen = contact("Mohamed Alaoui Ismaili")
    letter = deposit(sender="Mohamed Alaoui", files=[text_file(TEXT)]).letter
    link_sender(letter, contact=chosen, actor=amina)

    for kind in WAY:
        drain(kind)

    assert letter.parties.get().contact == chosen
