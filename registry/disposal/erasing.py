"""Disposal of a letter: its content goes, its stub stays in the register, and is sealed so."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Case, Model, Value, When
from django.utils import timezone

from registry.book.emptied_events import digest_of
from registry.changes import lock, record_change
from registry.disposal import contacts
from registry.disposal.chains import kin_of
from registry.disposal.files import hashes_of, mark_gone
from registry.disposal.obstacles import why_they_stay
from registry.disposal.proving import disposal_values
from registry.disposal.rules import DASH, Blanked, rules
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalEntry, DisposalList, Erasing
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.models.registers import Register
from registry.models.sealed import Sealed

# Columns of a letter that its stub does without.
EMPTY: Final[dict[str, Any]] = {
    "subject": "",
    "external_reference": "",
    "due_explained": {},
    "tracking_hash": "",
    "deposit_key": None,
    "deposit_digest": "",
}
_PARTY: Final = dict.fromkeys(
    ("name", "organisation", "address", "email", "phone", "email_index", "phone_index"), ""
)
_WAITING: Final = DisposalEntry.State.WAITING


def dispose(entry_id: int) -> str:
    """Dispose of the letter of an entry that waits, or write down why it stays.

    All that hang together by answers go in one transaction, or none; harmless to repeat. Return
    the entry's state.
    """
    state = None
    while state is None:
        with transaction.atomic():
            state = _dispose(entry_id)
    return state


def _dispose(entry_id: int) -> str | None:
    """Return the entry's state; None where another letter was linked while these were locked."""
    entry = DisposalEntry.objects.select_related("disposal").get(pk=entry_id)
    if entry.state != _WAITING:  # it went, or stays, with another of its chain
        return entry.state
    kin = kin_of(entry.letter_id)
    letters = Letter.objects.select_related("register").in_bulk(kin)
    for pk in sorted(letters):  # in one order, so that nobody waits for somebody who waits
        lock(letters[pk])
    if kin_of(entry.letter_id) != kin:
        return None
    rows = DisposalEntry.objects.select_for_update(of=("self",)).select_related("disposal")
    found = list(rows.filter(disposal=entry.disposal_id, letter__in=kin, state=_WAITING))
    entry = next((one for one in found if one.pk == entry_id), None) or rows.get(pk=entry_id)
    if entry.state != _WAITING or entry.disposal.state != DisposalList.State.EXECUTING:
        return entry.state
    if whys := why_they_stay(entry, packed=True):
        for one in found:
            _keep(one, DisposalEntry.State.STAYS, whys[one.letter_id])
        return entry.state
    for one in _answers_first(found, letters):
        _erase(letters[one.letter_id], one)
        _keep(one, DisposalEntry.State.DONE)
    return DisposalEntry.State.DONE


def _keep(entry: DisposalEntry, state: str, why: str = "") -> None:
    entry.state, entry.why, entry.done_at = state, why, timezone.now()
    entry.save()


def _answers_first(
    entries: Iterable[DisposalEntry], letters: Mapping[UUID, Letter]
) -> list[DisposalEntry]:
    """Return one's own letters before those that they answer, whose tables hold how they left."""
    incoming = Register.Direction.INCOMING
    return sorted(
        entries,
        key=lambda one: (letters[one.letter_id].register.direction == incoming, one.pk),
    )


def _erase(letter: Letter, entry: DisposalEntry) -> None:
    entry.files = hashes_of(letter.pk)
    documents = list(Document.objects.filter(letter=letter).values_list("pk", flat=True))
    opened = [Erasing(row=row, entry=entry) for row in (letter.pk, *documents)]
    Erasing.objects.bulk_create(opened)
    people = contacts.of_letter(letter.pk)
    for each in rules().deleted:
        found = each.rows(letter.pk)
        found._raw_delete(found.db)
    for blanked in rules().blanked:
        _blank(blanked, letter.pk)
    Document.objects.filter(letter=letter).update(title="")
    Party.objects.filter(letter=letter).update(**_PARTY, contact=None)
    before = _emptied_events(letter.pk)
    record_change(
        letter,
        RegistryEvent.DISPOSED,
        actor=entry.disposal.ordered_by,
        data={**disposal_values(entry), "events": before},
        rows=_what_stays(letter.pk),
        changes={**EMPTY, "disposal": entry.disposal},
        quiet=True,
    )
    contacts.forget(people, letter.pk)
    mark_gone(entry)
    Erasing.objects.filter(entry=entry).delete()


def _blank(blanked: Blanked, letter_id: UUID) -> None:
    values = {
        name: Case(When(**{name: ""}, then=Value("")), default=Value(DASH))
        if value == DASH
        else value
        for name, value in blanked.columns.items()
    }
    blanked.rows(letter_id).update(**values)


def _emptied_events(letter_id: UUID) -> str:
    """Empty the data of all events; return the digest of what is left, which the next one seals."""
    LetterEvent.objects.filter(letter_id=letter_id).update(data={})
    return digest_of(LetterEvent.objects.filter(letter_id=letter_id).order_by("seq"))


def _what_stays(letter_id: UUID) -> list[Model]:
    """Return the sealed rows that the letter still has, to be sealed as they are now."""
    rows: list[Model] = []
    for model in apps.get_models():
        if issubclass(model, Sealed) and model is not Letter:
            found = model._default_manager.filter(**{model.LETTER: letter_id})
            rows += found.distinct()
    return rows
