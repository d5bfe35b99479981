"""Letters that the register holds from a person's verified contacts, also those sent before.

A letter is the person's where its sender's address is the contact; where the deposit noted an
address for notifications, it must be that address too: a corrected one opens nothing that was sent
from another.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from correspondence.dispatch import sender_messages
from eservices.people.models import ContactPoint, KnownLetter, Person
from org.columns import reach_index
from registry.models.events import LetterEvent
from registry.models.letters import Party
from registry.models.registers import Register

_OVERLAP: Final = timedelta(minutes=10)  # a registration that was under way at the last look


def note_letters(person: Person, *, anew: bool = False) -> None:
    """Note the letters that came from the person's contacts since the last search.

    `anew`: search the whole register, since senders are corrected too.
    """
    for contact in person.contacts.filter(verified_at__isnull=False):
        begun = timezone.now()
        since = None if anew else contact.looked_until
        rows = [row for row in _candidates(contact, since) if _is_of(contact, row)]
        fitting = _noted_alike(contact, rows)
        KnownLetter.objects.bulk_create(
            [
                KnownLetter(contact=contact, letter_id=row.letter_id, text=_text(contact, row))
                for row in fitting
            ],
            update_conflicts=True,
            update_fields=["text"],
            unique_fields=["contact", "letter"],
        )
        ContactPoint.objects.filter(pk=contact.pk).update(looked_until=begun - _OVERLAP)


def letters_of(person: Person) -> QuerySet[KnownLetter]:
    """Return the notes of letters whose sender still has one of the person's contacts."""
    party = Q(letter__parties__role=Party.Role.SENDER)
    mail = Q(contact__way=ContactPoint.Way.EMAIL, letter__parties__email_index=F("text"))
    phone = Q(contact__way=ContactPoint.Way.PHONE, letter__parties__phone_index=F("text"))
    mine = Q(contact__person=person, contact__verified_at__isnull=False)
    return KnownLetter.objects.filter(mine & party & (mail | phone))


def _candidates(contact: ContactPoint, since: datetime | None) -> QuerySet[Party]:
    rows = Party.objects.filter(
        role=Party.Role.SENDER, letter__register__direction=Register.Direction.INCOMING
    )
    if since is not None:
        rows = rows.filter(letter__registered_at__gte=since)
    if contact.way == ContactPoint.Way.EMAIL:
        return rows.filter(email_index=contact.key)
    return rows.filter(phone_index__contains=contact.key)


def _text(contact: ContactPoint, row: Party) -> str:
    return str(row.email_index if contact.way == ContactPoint.Way.EMAIL else row.phone_index)


def _is_of(contact: ContactPoint, row: Party) -> bool:
    """Return whether the address itself says so: the index is not sealed."""
    return contact.key in reach_index(contact.way, _address(contact, row)).split()


def _address(contact: ContactPoint, row: Party) -> str:
    return str(row.email if contact.way == ContactPoint.Way.EMAIL else row.phone)


def _noted_alike(contact: ContactPoint, rows: Iterable[Party]) -> list[Party]:
    """Return the rows of letters that noted this address at their deposit, or none at all."""
    rows = list(rows)
    way = sender_messages.EMAIL if contact.way == ContactPoint.Way.EMAIL else sender_messages.SMS
    wanted = sender_messages.contact_hash(way, contact.value)
    noted = _noted({row.letter_id for row in rows}, way)
    return [row for row in rows if hmac.compare_digest(noted.get(row.letter_id, wanted), wanted)]


def _noted(letters: set[UUID], way: str) -> dict[UUID, str]:
    """Return the hash of the address that each letter noted on this way, where it noted one."""
    found: dict[UUID, str] = {}
    events: Iterable[tuple[UUID, Any]] = LetterEvent.objects.filter(
        letter__in=letters, seq=1
    ).values_list("letter_id", "data")
    for letter_id, data in events:
        told = data.get("tell") if isinstance(data, dict) else None
        if isinstance(told, dict) and way in told:
            found[letter_id] = str(told[way])
    return found
