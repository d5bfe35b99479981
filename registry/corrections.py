"""Correction of a registered letter's metadata by a clerk; the register keeps old and new."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from jobs.outbox import enqueue
from language.lines import one_line
from org.models import LetterKind, Level, User
from registry.changes import lock, record_change
from registry.contacts.links import still_linked
from registry.intake import PartyData
from registry.kinds import RegistryEvent, RegistryJob
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.plausible_days import writing_problem
from registry.refusals import Refusal
from registry.states import ConflictError, Stage

_LENGTHS = {"subject": 500, "external_reference": 120}
_TELLING = {
    "sender",
    "document_date",
    "external_reference",
}  # by which it is found to be here already
_PARTY = {"name": 200, "organisation": 200, "address": 400, "email": 254, "phone": 40}
LANGUAGES = ("", "ar", "fr", "en")


class BadCorrectionError(ValueError):
    """A value cannot be taken; `refusal` says which field, in the person's language."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.refusal = Refusal("bad_value", field)

    def __str__(self) -> str:
        return self.refusal.words()


def correct_letter(
    letter: Letter,
    *,
    actor: User,
    changes: dict[str, Any],
    sender: PartyData | None = None,
    further: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
) -> LetterEvent | None:
    """Correct columns (see `_plain`) and the sender of a letter, in one sealed event.

    The event keeps old and new values. None, and nothing written, when all stands so already.
    `further` are columns that follow from the correction (the due date), `rows` other sealed rows
    written for it. Raise BadCorrectionError, and ConflictError on a voided letter. Whether
    the actor may is for the caller to ask (routing.acting.access).
    """
    plain = {name: _plain(name, value) for name, value in changes.items()}
    rows = list(rows)
    with transaction.atomic():
        lock(letter)
        if letter.stage == Stage.VOIDED:
            raise ConflictError
        data, fresh = _differences(letter, plain)
        if (day := fresh.get("document_date")) and writing_problem(day):
            raise BadCorrectionError("document_date")
        if sender:
            party = _set_sender(letter, sender, data)
            rows += [party] if party else []
        if not data and not rows:
            return None
        if _TELLING & data.keys():
            enqueue(RegistryJob.LETTER_COMPARE, letter.pk)
        kind = RegistryEvent.CORRECTED if data else RegistryEvent.CONFIRMED
        return record_change(
            letter, kind, actor=actor, data=data, rows=rows, changes={**fresh, **(further or {})}
        )


def _plain(name: str, value: Any) -> Any:
    """Return the value as the column keeps it. Raise BadCorrectionError for an invalid one."""
    if name in _LENGTHS and isinstance(value, str):
        return one_line(value, _LENGTHS[name])
    if name == "kind" and (value is None or isinstance(value, LetterKind)):
        return value
    if name == "document_date" and (value is None or isinstance(value, date)):
        return value
    if name == "confidentiality" and value in Level.values:
        return int(value)
    if name == "language" and value in LANGUAGES:
        return value
    raise BadCorrectionError(name)


def _differences(letter: Letter, plain: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return event data (field → [old, new]) and the columns to set, of what really changes."""
    data: dict[str, Any] = {}
    fresh: dict[str, Any] = {}
    for name, value in plain.items():
        old = getattr(letter, name)
        if old == value:
            continue
        fresh[name] = value
        data[name] = [_shown(old), _shown(value)]
    return data, fresh


def _shown(value: Any) -> Any:
    return value.code if isinstance(value, LetterKind) else value


def _set_sender(letter: Letter, sender: PartyData, data: dict[str, Any]) -> Party | None:
    """Write the sender's row; add old and new name to `data`. None when nothing changes.

    A sender of whom nothing is known any more keeps an empty row.
    """
    values = {name: one_line(getattr(sender, name), length) for name, length in _PARTY.items()}
    party = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    if party is None and not any(values.values()):
        return None
    if party is None:
        party = Party(letter=letter, role=Party.Role.SENDER)
        old = ""
    else:
        old = party.shown_name
        if all(getattr(party, name) == value for name, value in values.items()):
            return None
    for name, value in values.items():
        setattr(party, name, value)
    if party.contact_id and not still_linked(party, before=old):
        party.contact = None
    party.save()
    data["sender"] = [old, party.shown_name]
    return party
