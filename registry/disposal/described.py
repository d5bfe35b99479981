"""A letter in a package: its facts, its parties and its whole history, as plain JSON."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model

from org.columns import BlindIndex
from org.institution import institution_on, names_on
from org.models import User
from registry import chain
from registry.disposal.rules import rules
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter, ReplyLink

FORMAT = "sijill-letter 1"
_NAMED = (User, StoredFile)  # told by name and by hash, other rows by their keys


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
        "further": further(letter),
        "events": [_event(event) for event in events_of(letter)],
    }


def events_of(letter: Letter) -> list[LetterEvent]:
    """Return the letter's whole history."""
    rows = LetterEvent.objects.filter(letter=letter).select_related("actor")
    return list(rows.order_by("seq"))


def further(letter: Letter) -> dict[str, list[dict[str, Any]]]:
    """Return what else is emptied with the letter, by table: opinions, dispatches and so on."""
    found = {}
    for each in rules().handed_over:
        fields = apps.get_model(each.label)._meta.concrete_fields
        told = [one for one in fields if not isinstance(one, BlindIndex)]
        told_as = [one.name for one in told if one.related_model in _NAMED]
        rows = each.rows(letter.pk).select_related(*told_as).order_by("pk")
        if shown := [_row(row, told) for row in rows]:
            found[each.label] = shown
    return found


def further_files(letter: Letter) -> Iterator[tuple[StoredFile, str]]:
    """Yield the files that these rows name, each with its table and column."""
    for each in rules().handed_over:
        for field in apps.get_model(each.label)._meta.concrete_fields:
            if field.related_model is StoredFile:
                rows = each.rows(letter.pk).exclude(**{field.name: None})
                for row in rows.select_related(field.name).order_by("pk"):
                    yield getattr(row, field.name), f"{each.label} {field.name}"


def _row(row: Model, fields: list[Any]) -> dict[str, Any]:
    names = {one.name: one.name if one.related_model in _NAMED else one.attname for one in fields}
    return {name: _value(getattr(row, read)) for name, read in names.items()}


def _value(value: Any) -> Any:
    """Return a column's value as JSON has it: of people the user name, of files the hash."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, StoredFile):
        return value.sha256
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return chain.canonical(value)


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
