"""Finding letters on somebody's behalf: rights in the engine, and again in the database."""

import datetime
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils import timezone

from language.numerals import registry_number_key
from org.models import User
from registry.access import reader_tokens
from registry.models import DocumentReading, Letter
from registry.querysets import LetterQuerySet
from registry.states import Stage
from search.contract import (
    EngineError,
    Order,
    SearchQuery,
    SearchResult,
)
from search.engines import get_engine
from search.query import parse
from search.snippets import LOOKED_AT, SnippetPart, snippet

log = logging.getLogger(__name__)

_YEAR: Final = re.compile(r"[0-9]{4}")  # the column takes nothing else
_OPEN_STAGES: Final = (Stage.REGISTERED.value, Stage.IN_HAND.value)
_COLUMNS: Final = {
    "register": "register__code",
    "direction": "register__direction",
    "kind": "kind__code",
    "department": "department__code",
    "stage": "stage",
    "channel": "channel",
    "language": "language",
    "year": "year",
}


@dataclass(frozen=True, slots=True)
class LetterHit:
    """One letter of the answer, with the excerpt that answers, in the letter's own spelling."""

    letter: Letter
    number: str
    subject: str
    snippet: tuple[SnippetPart, ...]


@dataclass(frozen=True, slots=True)
class FoundLetters:
    """The answer. `engine_down`: only numbers, references and the newest were looked up."""

    total: int
    hits: list[LetterHit]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_cursor: str = ""
    engine_down: bool = False


def find_letters(
    *,
    viewer: User | AnonymousUser,
    words: str,
    filters: Mapping[str, Collection[str]] | None = None,
    overdue: bool = False,
    after: datetime.datetime | None = None,
    before: datetime.datetime | None = None,
    order: Order = "relevance",
    limit: int = 20,
    cursor: str = "",
) -> FoundLetters:
    """Find what this person may read; `words` as in `search.query`.

    Rights are asked twice: inside the engine, so that counts tell nothing, and in the database,
    which decides what is shown. While the engine is away the database looks up numbers,
    references and, without words, the newest. Raises ValueError for a filter, order or limit that
    does not exist and InvalidCursor for a foreign cursor.
    """
    query = SearchQuery(
        words=words,
        reader_tokens=reader_tokens(viewer),
        filters=_with_open_stages(filters or {}, overdue=overdue),
        after=after,
        before=before,
        due_before=timezone.localdate() if overdue else None,
        order=order,
        limit=limit,
        cursor=cursor,
    )
    try:
        result = get_engine().search(query)
    except EngineError as error:
        log.warning("search engine: %s", error)
        return _from_database(viewer, query)
    return _show(viewer, query, result)


def _with_open_stages(
    filters: Mapping[str, Collection[str]], *, overdue: bool
) -> Mapping[str, Collection[str]]:
    """What is answered, closed or voided is no longer overdue."""
    if not overdue:
        return filters
    asked = filters.get("stage", _OPEN_STAGES)
    return {**filters, "stage": [stage for stage in asked if stage in _OPEN_STAGES]}


def _show(viewer: User | AnonymousUser, query: SearchQuery, result: SearchResult) -> FoundLetters:
    ids = [UUID(hit.id) for hit in result.hits]
    letters = Letter.objects.visible_to(viewer).for_lists().in_bulk(ids)
    hits = _hits([letters[key] for key in ids if key in letters], query.words)
    # Hits the database withholds (a right just lost) are not counted either.
    total = result.total - (len(ids) - len(hits))
    return FoundLetters(total, hits, result.facets, result.next_cursor)


def _hits(letters: list[Letter], words: str) -> list[LetterHit]:
    parsed = parse(words)
    texts = _texts(letters)
    return [
        LetterHit(letter, letter.number, letter.subject, snippet(texts.get(letter.pk, ""), parsed))
        for letter in letters
    ]


def _texts(letters: Iterable[Letter]) -> dict[UUID, str]:
    """The beginnings of what was read of these letters, in one query."""
    readings = DocumentReading.objects.filter(document__letter__in=list(letters), current=True)
    rows = readings.order_by("document__position").values_list(
        "document__letter_id", Substr("text", 1, LOOKED_AT)
    )
    texts: dict[UUID, str] = {}
    for letter_id, text in rows:
        texts[letter_id] = f"{texts[letter_id]}\n\n{text}" if letter_id in texts else text
    return texts


def _from_database(viewer: User | AnonymousUser, query: SearchQuery) -> FoundLetters:
    letters = Letter.objects.visible_to(viewer)
    if not parse(query.words).blank:
        letters = _by_number(letters, query.words.strip())
    for name, values in query.filters.items():
        wanted = [value for value in values if name != "year" or _YEAR.fullmatch(value)]
        letters = letters.filter(**{f"{_COLUMNS[name]}__in": wanted})
    if query.after:
        letters = letters.filter(registered_at__gte=query.after)
    if query.before:
        letters = letters.filter(registered_at__lt=query.before)
    if query.due_before:
        letters = letters.filter(due_on__lt=query.due_before)
    newest = letters.for_lists().order_by("-registered_at", "-id")
    return FoundLetters(
        letters.count(), _hits(list(newest[: query.limit]), query.words), engine_down=True
    )


def _by_number(letters: LetterQuerySet, words: str) -> LetterQuerySet:
    exact = words.replace("\x00", "")[:120]
    wanted = Q(number__iexact=exact) | Q(external_reference__iexact=exact)
    key = registry_number_key(words)
    if key:
        year, code, serial = key.split("/")
        wanted |= Q(year=int(year), register__code__iexact=code, serial=int(serial))
    return letters.filter(wanted)
