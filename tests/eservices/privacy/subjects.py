"""Somebody of whom the office holds something of every kind, and others beside them."""

from dataclasses import dataclass

from eservices.contracts.models import Contract
from eservices.people.models import Person
from eservices.people.persons import add_contact, person_for
from eservices.requests.models import Request
from org.models import User
from registry.contacts.links import link_sender
from registry.intake import PartyData
from registry.models.contacts import Contact
from registry.models.letters import Letter
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import a_contract, held_by
from tests.eservices.office import WATER, opened
from tests.eservices.relations.centre import called
from tests.factories import deposit, person, text_file
from tests.registry.contacts import contact

MAIL = "salma@usager.example"
PHONE = "0661223344"
NAME = "Salma Zerqoun"


@dataclass(frozen=True)
class Subject:
    """Salma with what the office holds of her."""

    person: Person
    contact: Contact
    letter: Letter
    request: Request
    contract: Contract

    @property
    def key(self) -> str:
        """How she is named."""
        return f"person:{self.person.pk}"


def salma() -> Subject:
    """Make her: directory, space, letter, request, contract with a bill, a call."""
    amina = person("amina")
    who = person_for("email", MAIL, name=NAME)
    add_contact(who, "phone", PHONE)
    row = contact(NAME, email=MAIL, phone=PHONE)
    parties = [PartyData("sender", name=NAME, email=MAIL)]
    letter = deposit(parties=parties, subject="Ma facture", files=[text_file("Bonjour")]).letter
    link_sender(letter, contact=row, actor=amina)
    told = {**WATER, "description": "Fuite rue des Amandiers"}
    request = opened(email=MAIL, answers=told, person=who)
    contract = a_contract("7700001", customer_name=NAME, email=MAIL)
    held_by(who, contract)
    a_bill(contract, 45600, number="ZB-1")
    called(by=amina, subject="Pourquoi si cher ?", person=who)
    return Subject(who, row, letter, request, contract)


def brother() -> Letter:
    """Return a letter of her brother, from the same telephone."""
    parties = [PartyData("sender", name="Youssef Bennis", phone=PHONE)]
    return deposit(parties=parties, subject="Affaire du frère").letter


def secret(subject: Subject) -> Letter:
    """Return a letter of hers above everybody's clearance."""
    letter = deposit(subject="Dossier secret", sender=NAME, confidentiality=2).letter
    link_sender(letter, contact=subject.contact, actor=person("amina"))
    return letter


def director() -> User:
    """Return who answers for personal data."""
    return person("direction")
