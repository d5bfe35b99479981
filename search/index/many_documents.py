"""Many letters as documents, in a fixed number of queries and with one letter's text at a time."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models.functions import Substr

from registry.access import readers_among, tokens_of
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from search.analysis.document_terms import LONGEST_TEXT
from search.contract import SearchDocument
from search.index.documents import to_document
from search.index.proposals import proposed_senders

_TEXTS_AT_ONCE: Final = 20


def documents_of(letter_ids: Sequence[UUID | str]) -> Iterator[SearchDocument]:
    """Yield the documents of these letters, as far as they exist, in the order of their ids.

    The letters, and so their versions, are read before their readers and texts (`to_document`).
    Texts are fetched incrementally, twenty at a time: some letters have 2,000 pages.
    """
    letters = Letter.objects.for_lists().in_bulk(list(letter_ids))
    readers = readers_among(list(letters))
    proposed = proposed_senders(letters)
    texts = _texts(list(letters))
    waiting = next(texts, None)
    for key in sorted(letters):
        text = ""
        if waiting and waiting[0] == key:
            text = waiting[1]
            waiting = next(texts, None)
        letter = letters[key]
        tokens = tokens_of(letter.confidentiality, readers[key])
        yield to_document(letter, text=text, tokens=tokens, proposed=proposed.get(key, ""))


def _texts(letter_ids: list[UUID]) -> Iterator[tuple[UUID, str]]:
    """Yield (letter, its text) in the order of the ids, for letters of which something was read."""
    readings = DocumentReading.objects.filter(document__letter__in=letter_ids, current=True)
    rows = readings.order_by("document__letter_id", "document__position").values_list(
        "document__letter_id", Substr("text", 1, LONGEST_TEXT)
    )
    by_letter = groupby(rows.iterator(chunk_size=_TEXTS_AT_ONCE), key=lambda row: row[0])
    for letter_id, texts in by_letter:
        yield letter_id, "\n\n".join(text for _, text in texts if text)
