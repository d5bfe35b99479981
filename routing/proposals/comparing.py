"""The job `letter.compare`: whether we have this letter already.

It runs after the reading, and whenever a known fact of the letter changes. The fingerprint goes
into the index first, so that of two letters that come at the same moment at least one finds the
other.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Substr

from language.numerals import registry_number_key
from language.shingles import LONGEST
from registry.changes import lock
from registry.doubles.finding import RECEIVED, Known, Match, find_same
from registry.doubles.index import MOST_LOOKS, Seen, leading, write_print
from registry.doubles.same_mail import propose
from registry.files import vault
from registry.files.receiving import VaultError
from registry.kinds import RegistryEvent
from registry.mails import message_id_of
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.models.readings import DocumentReading
from registry.models.registers import Register
from registry.quoted_numbers import numbered
from registry.states import Stage
from routing.models.suggestions import Suggestion

_MOST_QUOTED = 8
_MOST_LINKED = 20


def compare_letter_work(letter_id: str, _progress: Any) -> list[Match] | None:
    """Add the letter to the index and find others like it; None for outgoing or voided letters."""
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if letter.register.direction not in RECEIVED or letter.stage == Stage.VOIDED:
        return None
    documents = leading(list(letter.documents.select_related("file").order_by("position")))
    known = _known(letter, documents)
    with transaction.atomic():
        for document, mark in zip(documents, known.prints(), strict=True):
            write_print(document, mark)
    return find_same(known, besides=letter.pk)


def save_comparison(letter_id: str, found: list[Match] | None) -> None:
    """Save the proposals, in the caller's transaction."""
    if found is None:
        return
    letter = Letter.objects.select_related("kind").get(pk=letter_id)
    lock(letter)
    propose(letter, found, quoted=_quoted(letter))


def _known(letter: Letter, documents: list[Document]) -> Known:
    readings = DocumentReading.objects.filter(document__in=documents, current=True)
    begins = readings.defer("text").annotate(begin=Substr("text", 1, LONGEST))
    read = {row.document_id: row for row in begins}
    sender = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    return Known(
        documents=tuple(_seen(one, read.get(one.pk)) for one in documents),
        sender=(sender.organisation or sender.name) if sender else "",
        reference=letter.external_reference,
        written=letter.document_date,
    )


def _seen(document: Document, reading: Any) -> Seen:
    pages = reading.pages[:MOST_LOOKS] if reading else []
    return Seen(
        text=reading.begin if reading else "",
        looks=tuple(str(page.get("look", "")) for page in pages),
        sha256=document.file.sha256,
        message_id=_message_id(document),
    )


def _message_id(document: Document) -> str:
    if document.media_type != "message/rfc822":
        return ""
    try:
        with vault.open_path(document.file.sha256) as path:
            return message_id_of(path)
    except VaultError:  # the rest still tells
        return ""


def _quoted(letter: Letter) -> list[UUID]:
    """Return letters whose numbers this one names, or whose mail it answers."""
    field = Suggestion.Field.QUOTED_NUMBER
    rows = Suggestion.objects.filter(letter=letter, field=field, current=True)
    named = list(rows.values_list("value", flat=True)[:_MOST_QUOTED])
    keys = [*named, *_answered(letter)]
    return _by_numbers(keys, (*RECEIVED, Register.Direction.OUTGOING))


def _answered(letter: Letter) -> list[str]:
    """Return the number that the channel found by the mail's references, from the registration."""
    events = LetterEvent.objects.filter(letter=letter, kind=RegistryEvent.REGISTERED)
    said = str(next(iter(events.values_list("data__answers", flat=True)), None) or "")
    key = registry_number_key(said)
    return [key] if key else []


def received_by_numbers(keys: Iterable[str]) -> list[UUID]:
    """Return the incoming, not voided letters with these numbers.

    The keys are those of `language.numerals.registry_number_key`.
    """
    return _by_numbers(keys, RECEIVED)


def _by_numbers(keys: Iterable[str], directions: Sequence[str]) -> list[UUID]:
    wanted = numbered(keys)
    if wanted is None:
        return []
    rows = Letter.objects.filter(wanted, register__direction__in=directions).order_by("-pk")
    return list(rows.exclude(stage=Stage.VOIDED).values_list("pk", flat=True)[:_MOST_LINKED])
