"""Linking of a letter's sender to a contact of the directory, by a person or automatically."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from language.names import name_likeness
from org.models import User
from registry.changes import lock, record_change
from registry.contacts.directory import (
    BadContactError,
    ContactData,
    Point,
    add_point,
    compared,
    create_contact,
    family_of,
    points_of,
)
from registry.kinds import RegistryEvent
from registry.models.contacts import Contact, ContactPoint
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from registry.states import ConflictError, Stage

# Kinds of entries of a contact, and what they are called where a letter is read.
TOLD: Final = {
    ContactPoint.Kind.EMAIL: "email",
    ContactPoint.Kind.PHONE: "phone",
    ContactPoint.Kind.ADDRESS: "address",
    ContactPoint.Kind.CUSTOMER: "customer_number",
}
STILL_THE_SAME = 0.75  # likeness of a sender's old and new name, from which a link is kept


def letters_of(contact: Contact, *, viewer: Any) -> LetterQuerySet:
    """Return the letters in which the contact takes part, as far as this person may read them."""
    taking_part = Party.objects.filter(contact_id__in=family_of(contact)).values("letter_id")
    rows: LetterQuerySet = Letter.objects.visible_to(viewer).filter(pk__in=taking_part)
    return rows


def link_sender(
    letter: Letter, *, contact: Contact, actor: User | None, customer_number: str = ""
) -> Party:
    """Record which contact wrote the letter; what the letter itself says stays as it is.

    By a person (`actor`), the letter's e-mail, phone, address and this customer number are added to
    the contact, unverified. Raise ConflictError on a voided letter or merged contact.
    """
    with transaction.atomic():
        lock(letter)
        contact = _standing(contact)
        if letter.stage == Stage.VOIDED:
            raise ConflictError
        party, rows = _sender_row(letter, contact)
        if party.contact_id != contact.pk:
            Party.objects.filter(pk=party.pk).update(contact=contact)
            party.contact = contact
            data = {"contact": contact.pk}
            record_change(letter, RegistryEvent.CONTACT_LINKED, actor=actor, data=data, rows=rows)
        if actor:
            _learn(contact, party, customer_number, actor=actor)
    return party


def unlink_sender(letter: Letter, *, actor: User) -> None:
    """Unlink the sender from its contact; the letter will not be linked automatically again."""
    with transaction.atomic():
        lock(letter)
        rows = Party.objects.filter(letter=letter, role=Party.Role.SENDER)
        linked = rows.exclude(contact=None).first()
        if linked and rows.update(contact=None):
            record_change(
                letter,
                RegistryEvent.CONTACT_UNLINKED,
                actor=actor,
                data={"contact": linked.contact_id},
            )


def contact_from_letter(
    letter: Letter,
    *,
    actor: User,
    name: str = "",
    kind: str = "",
    customer_number: str = "",
) -> Contact:
    """Make a new contact of the letter's sender (or of this name) and link the letter to it.

    Raise BadContactError where nobody is named, ConflictError on a voided letter.
    """
    party = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    given = name or (party and (party.organisation or party.name)) or ""
    if not kind:
        is_body = party is not None and bool(party.organisation) and given == party.organisation
        kind = Contact.Kind.ORGANISATION if is_body else Contact.Kind.PERSON
    data = ContactData(given, kind=kind, language=letter.language)
    with transaction.atomic():
        contact = create_contact(data, actor=actor, letter=letter)
        link_sender(letter, contact=contact, actor=actor, customer_number=customer_number)
    return contact


def missing_points(contact: Contact, known: Mapping[str, str]) -> list[Point]:
    """Return what is known of a sender and not kept of their contact yet, ways to reach them."""
    kept = {(point.kind, point.compared) for point in points_of(contact)}
    told = [Point(kind, known.get(name, "")) for kind, name in TOLD.items()]
    keys = [(point, compared(point.kind, point.value)) for point in told]
    return [point for point, key in keys if key and (point.kind, key) not in kept]


def complete_contact(
    letter: Letter, *, contact: Contact, known: Mapping[str, str], actor: User
) -> list[ContactPoint]:
    """Add to the sender's contact what the letter states of them; unverified, with its source.

    Raise BadContactError for a value that cannot be kept.
    """
    with transaction.atomic():
        return [
            add_point(contact, kind=one.kind, value=one.value, actor=actor, letter=letter)
            for one in missing_points(_standing(contact), known)
        ]


def link_surely(letter: Letter, *, contact: Contact) -> bool:
    """Link automatically, where nobody has decided yet; return whether it did."""
    with transaction.atomic():
        lock(letter)
        sender = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
        decided = LetterEvent.objects.filter(
            letter=letter, kind__in=[RegistryEvent.CONTACT_LINKED, RegistryEvent.CONTACT_UNLINKED]
        ).exists()
        if sender is None or sender.contact_id or decided or letter.stage == Stage.VOIDED:
            return False
        link_sender(letter, contact=contact, actor=None)
    return True


def still_linked(party: Party, *, before: str) -> bool:
    """Return whether a sender whose name was corrected still fits its contact."""
    return name_likeness(before, party.shown_name) >= STILL_THE_SAME


def _standing(contact: Contact) -> Contact:
    row = Contact.objects.select_for_update().get(pk=contact.pk)
    if row.merged_into_id:
        raise ConflictError
    return row


def _sender_row(letter: Letter, contact: Contact) -> tuple[Party, list[Model]]:
    """Return the letter's sender; a new row with the contact's name where it has none yet."""
    party = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    if party:
        return party, []
    is_body = contact.kind == Contact.Kind.ORGANISATION
    party = Party(
        letter=letter,
        role=Party.Role.SENDER,
        name="" if is_body else contact.name,
        organisation=contact.name if is_body else "",
    )
    party.save(force_insert=True)
    return party, [party]


def _learn(contact: Contact, party: Party, customer_number: str, *, actor: User) -> None:
    """Add the ways to reach the contact that the letter gives; invalid ones are passed over."""
    told = (
        Point(ContactPoint.Kind.EMAIL, party.email),
        Point(ContactPoint.Kind.PHONE, party.phone),
        Point(ContactPoint.Kind.ADDRESS, party.address),
        Point(ContactPoint.Kind.CUSTOMER, customer_number),
    )
    for point in told:
        if compared(point.kind, point.value):
            try:
                add_point(
                    contact, kind=point.kind, value=point.value, actor=actor, letter=party.letter
                )
            except BadContactError:  # too many: nothing is lost, the letter keeps it
                return
