"""Persons and their verified contacts: one person a contact, however often it is verified."""

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from eservices.people import events
from eservices.people.codes import forget_codes, key_of
from eservices.people.kinds import PersonKind
from eservices.people.mandate_messages import tell_of
from eservices.people.models import ContactPoint, Mandate, Person, PersonEvent
from language.fold import fold
from language.names import name_keys

MOST_CONTACTS: Final = 6
MOST_KEY: Final = 400  # characters of `name_key`


class ContactTakenError(Exception):
    """Another person has verified this contact."""


class LastContactError(Exception):
    """A person without a contact could never come back."""


class TooManyContactsError(Exception):
    """A person has as many contacts as anybody may have."""


def name_key(name: str) -> str:
    """Return the words of a name as the search compares them, in both scripts, rarest first.

    The folded words as they are written, then their sounds in either script.
    """
    words = dict.fromkeys(fold(name).split())
    sounds = dict.fromkeys(sorted(name_keys(name)))
    kept = ""
    for word in (*words, *sounds):
        if len(kept) + len(word) + 2 <= MOST_KEY:
            kept += f" {word}"
    return f"{kept} " if kept else ""


def known_person(way: str, value: str) -> Person | None:
    """Return the person who has verified this contact, None where nobody has."""
    key = key_of(way, value)
    rows = Person.objects.filter(contacts__way=way, contacts__key=key, closed_at=None)
    return rows.filter(contacts__verified_at__isnull=False).first() if key else None


def person_for(way: str, value: str, *, name: str = "", language: str = "fr") -> Person:
    """Return the person of a contact that was verified just now; made where there is none.

    Raise ValueError where it is no contact. Two processes at once get the same person.
    """
    key = key_of(way, value)
    if not key:
        raise ValueError("no e-mail address and no telephone number")
    found = known_person(way, value)
    if found is None:
        try:
            with transaction.atomic():
                found = _make(way, value.strip(), key, name=name, language=language)
        except IntegrityError:
            found = known_person(way, value)
            if found is None:
                raise
    if name and not found.name:
        rename(found, name)
    _take_over(found, way, key)
    return found


def rename(person: Person, name: str) -> None:
    """Give a person a name, and the keys under which it is found."""
    person.name = " ".join(name.split())[:200]
    person.name_key = name_key(person.name)
    person.save(update_fields=["name", "name_key"])


def placeholder(way: str, value: str, *, name: str, language: str) -> Person:
    """Return the person behind a contact that somebody else named, not verified.

    Whoever verifies the contact later takes the placeholder's mandates over.
    """
    if value and (found := known_person(way, value)):
        return found
    made = Person.objects.create(language=language[:2], made_at=timezone.now(), name="")
    if value:
        ContactPoint.objects.create(
            person=made, way=way, value=value.strip()[:254], key=key_of(way, value)
        )
    if name:
        rename(made, name)
    return made


def add_contact(person: Person, way: str, value: str) -> ContactPoint:
    """Add a contact that was verified just now.

    Raise ContactTakenError where another person has it, TooManyContactsError, and ValueError where
    it is no contact.
    """
    key = key_of(way, value)
    if not key:
        raise ValueError("no e-mail address and no telephone number")
    if person.contacts.filter(verified_at__isnull=False).count() >= MOST_CONTACTS:
        raise TooManyContactsError
    try:
        with transaction.atomic():
            row, _made = ContactPoint.objects.update_or_create(
                person=person,
                way=way,
                key=key,
                defaults={"value": value.strip()[:254], "verified_at": timezone.now()},
            )
            events.note(person, PersonKind.CONTACT_ADDED, way=way)
    except IntegrityError as error:
        raise ContactTakenError from error
    _take_over(person, way, key)
    return row


def remove_contact(person: Person, contact: ContactPoint) -> None:
    """Remove a contact and its codes. Raise LastContactError for the only verified one."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        others = person.contacts.filter(verified_at__isnull=False).exclude(pk=contact.pk)
        if contact.verified_at and not others.exists():
            raise LastContactError
        forget_codes(contact.way, contact.value)
        contact.delete()
        events.note(person, PersonKind.CONTACT_REMOVED, way=contact.way)


def _make(way: str, value: str, key: str, *, name: str, language: str) -> Person:
    now = timezone.now()
    made = Person.objects.create(language=language[:2] or "fr", level=1, made_at=now)
    ContactPoint.objects.create(person=made, way=way, value=value[:254], key=key, verified_at=now)
    if name:
        rename(made, name)
    events.note(made, PersonKind.MADE, way=way)
    return made


def _take_over(person: Person, way: str, key: str) -> None:
    """Give a person the mandates of those who stood for the contact until it was verified.

    One that staff confirmed in the principal's name waits for the principal now: a proof says who
    somebody is, not whose contact the agent wrote beside it. Both are told.
    """
    named = ContactPoint.objects.filter(way=way, key=key, verified_at=None)
    for contact in named.exclude(person=person).select_related("person"):
        with transaction.atomic():
            stood_in = contact.person
            Mandate.objects.filter(agent=stood_in).exclude(principal=person).update(agent=person)
            _wait_for(person, Mandate.objects.filter(principal=stood_in, revoked_at=None))
            Mandate.objects.filter(principal=stood_in).exclude(agent=person).update(
                principal=person
            )
            PersonEvent.objects.filter(person=stood_in).update(person=person)
            contact.delete()
            if not Mandate.objects.filter(Q(agent=stood_in) | Q(principal=stood_in)).exists():
                stood_in.delete()


def _wait_for(principal: Person, rows: QuerySet[Mandate]) -> None:
    """Let mandates that staff have confirmed wait for the principal, who is there by now."""
    by_staff = rows.filter(confirmed_by__isnull=False).exclude(agent=principal)
    for mandate_id in list(by_staff.values_list("pk", flat=True)):
        rows.filter(pk=mandate_id).update(confirmed_at=None, confirmed_by=None)
        data: dict[str, Any] = {"mandate": str(mandate_id)}
        tell_of(events.note(principal, PersonKind.MANDATE_WANTED, **data))
        agent = Person.objects.get(mandates_held=mandate_id)
        tell_of(events.note(agent, PersonKind.MANDATE_WAITS, **data))
