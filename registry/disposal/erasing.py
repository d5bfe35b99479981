"""Disposal of one letter: its content goes, its stub stays in the register, and is sealed so."""

from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Case, Model, Value, When
from django.utils import timezone

from registry.book.emptied import digest_of
from registry.changes import lock, record_change
from registry.disposal import contacts
from registry.disposal.files import hashes_of, mark_gone
from registry.disposal.obstacles import why_it_stays
from registry.disposal.rules import DASH, Blanked, rules
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalEntry, DisposalList, Erasing
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
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

    One transaction, harmless to repeat. Return the entry's state.
    """
    with transaction.atomic():
        rows = DisposalEntry.objects.select_for_update(of=("self",)).select_related("disposal")
        entry = rows.get(pk=entry_id)
        if entry.state != _WAITING or entry.disposal.state != DisposalList.State.EXECUTING:
            return entry.state
        letter = Letter.objects.get(pk=entry.letter_id)
        lock(letter)
        if why := why_it_stays(entry) or _not_handed_over(entry):
            entry.state, entry.why = DisposalEntry.State.STAYS, why
        else:
            _erase(letter, entry)
            entry.state = DisposalEntry.State.DONE
        entry.done_at = timezone.now()
        entry.save()
    return entry.state


def _not_handed_over(entry: DisposalEntry) -> str:
    """Return why a letter for the archives stays: its package was not written and read again."""
    return "" if entry.disposal.fate == "destroy" or entry.package else "package"


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
        data={
            "list": entry.disposal.number,
            "fate": entry.disposal.fate,
            "files": [one["sha256"] for one in entry.files],
            "package": entry.package,
            "events": before,
        },
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
