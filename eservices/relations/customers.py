"""One customer of the centre: who they are, and all that happened with them.

A customer is named by one thing: `person` (a verified contact), `contact` (the directory),
`request` or `call` (who is neither). The page gathers by all their telephones and contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from eservices.people.models import ContactPoint as PersonPoint
from eservices.people.models import Person
from eservices.relations import access_log
from eservices.relations.lookups import any_of, asked_by_email, asked_by_phone
from eservices.relations.models import ContactMoment
from eservices.requests.models import Request
from language.reach import email_key, number_key, phone_key
from org.models import Level, User
from registry.access import reads_letter
from registry.contacts.access import note_view
from registry.contacts.directory import current_contact, family_of, points_of
from registry.models.contacts import Contact, ContactPoint
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from registry.models.registers import Register
from registry.states import Stage

_MOST: Final = 20  # contacts, telephones or contracts of one customer


class NoSuchCustomerError(LookupError):
    """There is no such customer."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who somebody is, and under what their requests, letters and calls are found.

    `itself`: what stands in the contact, request, call or contract itself, before telephones and
    addresses led further; None where the customer is a person.
    """

    kind: str
    pk: str
    name: str = ""
    language: str = ""
    person: Person | None = None
    contacts: tuple[Contact, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    contracts_as_written: tuple[str, ...] = ()
    letter_ids: tuple[UUID, ...] = ()
    itself: Customer | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """The customer in one word, for the record of views."""
        return f"{self.kind}:{self.pk}"

    @property
    def phone(self) -> str:
        """The number to call, "" where none is known."""
        return self.phones[0] if self.phones else ""


@dataclass(slots=True)
class _Known:
    """What is gathered of a customer, each once, in the order in which it was found."""

    phones: dict[str, None] = field(default_factory=dict)
    emails: dict[str, None] = field(default_factory=dict)
    contracts: dict[str, None] = field(default_factory=dict)
    as_written: dict[str, None] = field(default_factory=dict)

    def add(self, *, phone: str = "", email: str = "", contract: str = "") -> None:
        for into, key in (
            (self.phones, phone_key(phone)),
            (self.emails, email_key(email)),
            (self.contracts, number_key(contract)),
            (self.as_written, contract.strip()),
        ):
            if key and len(into) < _MOST:
                into[key] = None


def customer_of(kind: str, pk: str, *, viewer: User) -> Customer:
    """Return the customer of this name.

    Raise NoSuchCustomerError; also for a request whose letter the viewer may not see.
    """
    try:
        found = _FINDERS[kind](pk)
        if kind == "request" and not _sees(UUID(pk), viewer):
            raise NoSuchCustomerError
    except (KeyError, ValueError) as error:
        raise NoSuchCustomerError from error
    if found is None:
        raise NoSuchCustomerError
    return found


def _sees(request_id: UUID, viewer: User) -> bool:
    return Request.objects.filter(readable("letter__", viewer), pk=request_id).exists()


def _of_person(pk: str) -> Customer | None:
    person = Person.objects.filter(pk=UUID(pk)).first()
    return _gathered("person", pk, person=person) if person else None


def _of_contact(pk: str) -> Customer | None:
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 10):
        return None
    contact = current_contact(int(pk))
    if contact is None:
        return None
    known = _Known()
    for point in points_of(contact):
        _add_point(known, point)
    return _gathered("contact", str(contact.pk), known=known, contact=contact)


def _of_request(pk: str) -> Customer | None:
    request = Request.objects.select_related("letter", "person").filter(pk=UUID(pk)).first()
    if request is None:
        return None
    if request.person is not None:
        return _gathered("person", str(request.person_id), person=request.person)
    known = _Known()
    known.add(contract=request.contract_number)
    sender = Party.objects.filter(letter=request.letter, role=Party.Role.SENDER).first()
    if sender is not None:
        known.add(phone=sender.phone, email=sender.email)
    name = sender.shown_name if sender else ""
    contact = current_contact(sender.contact_id) if sender and sender.contact_id else None
    letters = (request.letter_id,)
    return _gathered("request", pk, known=known, contact=contact, name=name, letter_ids=letters)


def _of_call(pk: str) -> Customer | None:
    moment = ContactMoment.objects.select_related("person").filter(pk=UUID(pk)).first()
    if moment is None:
        return None
    if moment.person is not None:
        return _gathered("person", str(moment.person_id), person=moment.person)
    known = _Known()
    known.add(phone=moment.phone, contract=moment.contract_number)
    found = _gathered("call", pk, known=known, name=moment.name)
    if found.person is not None:
        return _gathered("person", str(found.person.pk), person=found.person)
    return found


Finder = Callable[[str], Customer | None]
_FINDERS: Final[dict[str, Finder]] = {
    "person": _of_person, "contact": _of_contact, "request": _of_request, "call": _of_call,
}  # fmt: skip
_NUMBERS: Final[list[Callable[[Person], Iterable[str]]]] = []


def add_customers(kind: str, finder: Finder) -> None:
    """Let a room above name customers of its own kind: its key gives one, or None."""
    _FINDERS[kind] = finder


def add_contract_numbers(numbers: Callable[[Person], Iterable[str]]) -> None:
    """Register the source, in a room above, of the numbers of a person's contracts."""
    _NUMBERS.append(numbers)


def gathered_of(kind: str, pk: str, *, name: str, points: Mapping[str, str]) -> Customer:
    """Return a customer of a room above: `points` are their phone, email and contract."""
    known = _Known()
    known.add(**points)
    return _gathered(kind, pk, known=known, name=name)


def _gathered(
    kind: str, pk: str, *, known: _Known | None = None, person: Person | None = None,
    contact: Contact | None = None, name: str = "", letter_ids: tuple[UUID, ...] = (),
) -> Customer:  # fmt: skip
    """Complete what is known by what person and directory know of the same telephone or mail."""
    known = known or _Known()
    itself = None
    if person is None:
        own = name or (contact.name if contact else "")
        itself = _customer(kind, pk, known, own, (contact,) if contact else (), letter_ids)
        person = _person_by(known)
    if person is not None:
        for point in PersonPoint.objects.filter(person=person).order_by("pk")[:_MOST]:
            known.add(**{str(point.way): point.value})
        for number in (one for told in _NUMBERS for one in told(person)):
            known.add(contract=number)
        numbers = Request.objects.filter(person=person).exclude(contract_number="")
        for number in (
            numbers.order_by().values_list("contract_number", flat=True).distinct()[:_MOST]
        ):
            known.add(contract=number)
    contacts = [contact] if contact else contacts_by(known.phones, known.emails)
    language = person.language if person else contacts[0].language if contacts else ""
    called = name or (person.name if person else "") or (contacts[0].name if contacts else "")
    made = _customer(kind, pk, known, called, tuple(contacts), letter_ids)
    return replace(made, language=language, person=person, itself=itself)


def _customer(
    kind: str, pk: str, known: _Known, name: str, contacts: tuple[Contact, ...],
    letter_ids: tuple[UUID, ...],
) -> Customer:  # fmt: skip
    return Customer(
        kind=kind, pk=pk, name=name, contacts=contacts,
        phones=tuple(known.phones), emails=tuple(known.emails), contracts=tuple(known.contracts),
        contracts_as_written=tuple(known.as_written), letter_ids=letter_ids,
    )  # fmt: skip


def _person_by(known: _Known) -> Person | None:
    """Return the person who has verified one of the telephones or addresses."""
    reach = Q(way="phone", key__in=list(known.phones)) | Q(way="email", key__in=list(known.emails))
    points = PersonPoint.objects.filter(reach).exclude(verified_at=None)
    row = points.select_related("person").order_by("pk").first()
    return row.person if row else None


def contacts_by(phones: Iterable[str], emails: Iterable[str]) -> list[Contact]:
    """Return the directory's contacts with one of the telephones or addresses."""
    if not phones and not emails:
        return []
    reach = Q(kind="phone", compared__in=list(phones))
    reach |= Q(kind="email", compared__in=list(emails))
    points = ContactPoint.objects.filter(reach).order_by("pk").values_list("contact", flat=True)
    ids = {row.root_id or row.pk for row in Contact.objects.filter(pk__in=list(points[:_MOST]))}
    return list(Contact.objects.filter(pk__in=ids).order_by("pk"))


def _add_point(known: _Known, point: ContactPoint) -> None:
    names = {"phone": "phone", "email": "email", "customer": "contract"}
    if point.kind in names:
        known.add(**{names[point.kind]: point.value})


def record_view(customer: Customer, *, viewer: User, now: datetime | None = None) -> None:
    """Record that this person viewed the customer today, and their contacts."""
    access_log.note(customer.key, viewer=viewer, now=now)
    for contact in customer.contacts[:1]:
        note_view(contact, viewer=viewer)


def letters_sent_by(customer: Customer) -> Q:
    """Return which letters the customer's contacts have sent, and those named by the request."""
    ids = [pk for contact in customer.contacts for pk in family_of(contact)]
    sent = Party.objects.filter(contact_id__in=ids, role=Party.Role.SENDER)
    return Q(pk__in=sent.values("letter_id")) | Q(pk__in=list(customer.letter_ids))


def requests_of_customer(customer: Customer, *, viewer: User) -> QuerySet[Request]:
    """Return the customer's requests: their own, of their contracts, and of their letters.

    Confidential ones only for who may read the letter.
    """
    numbers = {*customer.contracts, *customer.contracts_as_written}
    mine = [Q(letter__in=Letter.objects.filter(letters_sent_by(customer)).values("pk"))]
    if numbers:
        mine.append(Q(contract_number__in=numbers))
    if customer.person is not None:
        mine += [Q(person=customer.person), Q(on_behalf_of=customer.person)]
    if customer.phones:
        mine.append(asked_by_phone(customer.phones))
    if customer.emails:
        mine.append(asked_by_email(customer.emails))
    rows = Request.objects.filter(readable("letter__", viewer), pk__in=any_of(Request, mine))
    rows = rows.select_related("letter__department", "service", "version")
    return rows.defer("version__content", "answers")


def letters_of_customer(customer: Customer, *, viewer: User) -> LetterQuerySet:
    """Return the customer's incoming letters that are no requests."""
    rows: LetterQuerySet = Letter.objects.filter(
        letters_sent_by(customer), readable("", viewer), request=None,
        register__direction=Register.Direction.INCOMING,
    ).exclude(stage=Stage.VOIDED)  # fmt: skip
    return rows.select_related("department", "kind")


def readable(path: str, viewer: User) -> Q:
    """Return what the centre may see of letters: ordinary ones, others as anybody may read them."""
    return Q(**{f"{path}confidentiality": Level.ORDINARY}) | reads_letter(viewer, f"{path}pk")
