"""What a package tells of a letter: its facts, its parties and its whole history, as plain JSON."""

from typing import Any

from org.institution import institution_on, names_on
from registry.models.events import LetterEvent
from registry.models.letters import Letter, ReplyLink

FORMAT = "sijill-letter 1"


def described(letter: Letter) -> dict[str, Any]:
    """Return the letter's metadata; events with the hashes by which they are proven."""
    parties = letter.parties.order_by("role", "pk")
    return {
        "format": FORMAT,
        "organisation": names_on(institution_on(None), "fr", "ar"),
        "id": str(letter.pk),
        "number": letter.number,
        "register": letter.register.code,
        "direction": letter.register.direction,
        "year": letter.year,
        "kind": letter.kind.code if letter.kind else None,
        "subject": letter.subject,
        "language": letter.language,
        "channel": letter.channel,
        "stage": letter.stage,
        "confidentiality": letter.confidentiality,
        "department": letter.department.code if letter.department else None,
        "external_reference": letter.external_reference,
        "document_date": letter.document_date.isoformat() if letter.document_date else None,
        "received_at": letter.received_at.isoformat(),
        "registered_at": letter.registered_at.isoformat(),
        "parties": [
            {
                "role": party.role,
                "name": party.name,
                "organisation": party.organisation,
                "address": party.address,
                "email": party.email,
                "phone": party.phone,
            }
            for party in parties
        ],
        "answers": _numbers(ReplyLink.objects.filter(outgoing=letter), "incoming__number"),
        "answered_by": _numbers(ReplyLink.objects.filter(incoming=letter), "outgoing__number"),
        "events": [_event(event) for event in events_of(letter)],
    }


def events_of(letter: Letter) -> list[LetterEvent]:
    """Return the letter's whole history."""
    rows = LetterEvent.objects.filter(letter=letter).select_related("actor")
    return list(rows.order_by("seq"))


def _numbers(rows: Any, name: str) -> list[str]:
    return list(rows.order_by(name).values_list(name, flat=True))


def _event(event: LetterEvent) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor.username if event.actor else None,
        "kind": event.kind,
        "visibility": event.visibility,
        "data": event.data,
        "seals": event.seals,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }
