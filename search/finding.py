"""Search on a user's behalf: rights are enforced in the engine, and again in the database."""

import datetime
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr, Upper
from django.utils import timezone

from language.numerals import registry_number_key
from language.tokens import tokenize
from org.models import User
from registry.access import reader_tokens
from registry.models.letters import Letter
from registry.models.querysets import LetterQuerySet
from registry.models.readings import DocumentReading
from search.answers.forgiving import search_forgivingly
from search.answers.further_page import read_marker, write_marker
from search.answers.leaving_out import search_leaving_out, shorter_query
from search.answers.matching import LOOKED_AT, Matcher
from search.answers.snippets import SnippetPart, snippet
from search.answers.spelling import better_spelling
from search.contract import COUNTS, EngineError, Order, SearchQuery, SearchResult
from search.engines import get_engine
from search.index.documents import OPEN_STAGES
from search.query.names import names_in
from search.query.parsing import ParsedQuery, ReadField, read_query

log = logging.getLogger(__name__)

_YEAR: Final = re.compile(r"[0-9]{4}")  # the column takes nothing else
_MONTH: Final = re.compile(r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])")
_LOOKED_FIRST: Final = 20_000  # characters of a letter; further only where none of them answers
# Without the engine: letters of one reference that are looked at, and letters that are counted.
_MOST_REFERRED: Final = 200
_COUNTED: Final = 1_000
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
    """One letter of the answer, with the matching excerpt in the letter's own spelling."""

    letter: Letter
    number: str
    subject: str
    snippet: tuple[SnippetPart, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundLetters:
    """The answer; `engine_down`: only numbers, references and the newest were looked up.

    `read` names the fields that were recognised in the words. `left_out` are the words, as typed,
    that the letters lack, where no letter has all of them. `corrected` is the whole query with a
    misspelt word as letters that this person may read spell it, where that finds more, or with
    fewer words, where all of them find nothing; else "".
    """

    total: int
    hits: list[LetterHit]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_cursor: str = ""
    engine_down: bool = False
    corrected: str = ""
    read: tuple[ReadField, ...] = ()
    left_out: tuple[str, ...] = ()


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
    facets: tuple[str, ...] = COUNTS,
    excerpts: bool = True,
    leave_out: bool = False,
) -> FoundLetters:
    """Find what this person may read; `words` as in `query.parsing`; `facets` says what to count.

    `excerpts`: whether hits have one. `leave_out`: whether letters may lack descriptive words where
    none has all, and a shorter query is offered. Rights are checked in the engine, so that counts
    reveal nothing, and again in the database. Typos are tolerated where few letters have the words.
    With the engine unavailable the database finds numbers, references and the newest. Raise
    ValueError for an unknown filter, facet, order or limit.
    """
    today = timezone.localdate()
    query = SearchQuery(
        words=words,
        reader_tokens=reader_tokens(viewer),
        filters=_with_open_stages(filters or {}, overdue=overdue),
        after=after,
        before=before,
        due_before=today if overdue else None,
        order=order,
        limit=limit,
        facets=facets,
        names=names_in(words),
        today=today,
    )
    query = read_marker(cursor).continued(query)
    return _answer(viewer, query, excerpts=excerpts, leave_out=leave_out)


def _answer(
    viewer: User | AnonymousUser, query: SearchQuery, *, excerpts: bool, leave_out: bool
) -> FoundLetters:
    search = search_leaving_out if leave_out else search_forgivingly
    try:
        found = _show(viewer, *search(get_engine(), query), excerpts=excerpts)
        if leave_out and not found.total and not query.cursor:
            found = replace(found, corrected=shorter_query(get_engine(), query))
    except EngineError as error:
        log.warning("search engine: %s", error)
        return _from_database(viewer, query)
    return found if found.total or query.cursor else _not_indexed_yet(viewer, query, found)


def _not_indexed_yet(
    viewer: User | AnonymousUser, query: SearchQuery, found: FoundLetters
) -> FoundLetters:
    """Find a letter whose index job still waits by its number all the same."""
    if not registry_number_key(query.words):
        return found
    return replace(_from_database(viewer, query), engine_down=False)


def _with_open_stages(
    filters: Mapping[str, Collection[str]], *, overdue: bool
) -> Mapping[str, Collection[str]]:
    """Restrict overdue letters to open stages.

    What is answered, closed or voided is no longer overdue.
    """
    if not overdue:
        return filters
    asked = filters.get("stage", OPEN_STAGES)
    return {**filters, "stage": [stage for stage in asked if stage in OPEN_STAGES]}


def _show(
    viewer: User | AnonymousUser, query: SearchQuery, result: SearchResult, *, excerpts: bool
) -> FoundLetters:
    scores = {UUID(hit.id): hit.score for hit in result.hits}
    letters = Letter.objects.visible_to(viewer).for_lists().in_bulk(list(scores))
    shown = [letters[key] for key in scores if key in letters]
    parsed = read_query(query)
    texts = _texts(shown) if excerpts else {}
    # Hits the database withholds (a right just lost) are not counted either.
    total = result.total - (len(scores) - len(shown))
    marker = write_marker(query, result.next_cursor)
    corrected = ""
    if excerpts and query.typos and not query.cursor:
        told = [f"{letter.subject}\n{texts.get(letter.pk, '')}" for letter in shown]
        corrected = better_spelling(query, told)
    return FoundLetters(
        total,
        _hits(shown, texts, parsed, scores),
        dict(result.facets),  # an engine may count while the excerpts are made
        marker,
        corrected=corrected,
        read=parsed.read,
        left_out=_as_typed(query.words, query.left_out),
    )


def _as_typed(words: str, folded: frozenset[str]) -> tuple[str, ...]:
    tokens = (token.text for token in tokenize(words) if token.folded in folded)
    return tuple(dict.fromkeys(tokens)) if folded else ()


def _hits(
    letters: list[Letter],
    texts: Mapping[UUID, str],
    parsed: ParsedQuery,
    scores: Mapping[UUID, float],
) -> list[LetterHit]:
    matcher = Matcher(parsed)
    shown = {
        one.pk: snippet(texts.get(one.pk, ""), matcher, subject=one.subject) for one in letters
    }
    cut = [
        one
        for one in letters
        if len(texts.get(one.pk, "")) >= _LOOKED_FIRST and not any(p.marked for p in shown[one.pk])
    ]
    if cut and parsed.must:
        shown |= {pk: snippet(text, matcher) for pk, text in _texts(cut, LOOKED_AT).items()}
    return [
        LetterHit(one, one.number, one.subject, shown[one.pk], scores.get(one.pk, 0.0))
        for one in letters
    ]


def _texts(letters: Iterable[Letter], length: int = _LOOKED_FIRST) -> dict[UUID, str]:
    """Return the beginnings of the text read of these letters, in one query."""
    readings = DocumentReading.objects.filter(document__letter__in=list(letters), current=True)
    rows = readings.order_by("document__position").values_list(
        "document__letter_id", Substr("text", 1, length)
    )
    texts: dict[UUID, str] = {}
    for letter_id, text in rows:
        texts[letter_id] = f"{texts[letter_id]}\n\n{text}" if letter_id in texts else text
    return texts


def _from_database(viewer: User | AnonymousUser, query: SearchQuery) -> FoundLetters:
    letters = Letter.objects.visible_to(viewer)
    parsed = read_query(query)
    if not parsed.blank:
        letters = _by_number(letters, query.words.strip())
    for name, values in query.filters.items():
        letters = letters.filter(_has_one_of(name, values))
    if query.after:
        letters = letters.filter(registered_at__gte=query.after)
    if query.before:
        letters = letters.filter(registered_at__lt=query.before)
    if query.due_before:
        letters = letters.filter(due_on__lt=query.due_before)
    newest = list(letters.for_lists().order_by("-registered_at", "-id")[: query.limit])
    hits = _hits(newest, _texts(newest), parsed, {})
    total = letters[:_COUNTED].count()
    return FoundLetters(total, hits, engine_down=True, read=parsed.read)


def _has_one_of(name: str, values: Collection[str]) -> Q:
    if name == "month":
        months = [value.split("-") for value in values if _MONTH.fullmatch(value)]
        wanted = Q(pk__in=[])
        for year, month in months:
            wanted |= Q(registered_at__year=int(year), registered_at__month=int(month))
        return wanted
    known = [value for value in values if name != "year" or _YEAR.fullmatch(value)]
    return Q(**{f"{_COLUMNS[name]}__in": known})


def _by_number(letters: LetterQuerySet, words: str) -> LetterQuerySet:
    """Return those of the letters with that number or reference.

    Each way is looked up in its own index: together, or beside rights and order, a database would
    rather go through all letters.
    """
    exact = words.replace("\x00", "")[:120]
    upper = exact.upper()
    referred = Letter.objects.alias(upper=Upper("external_reference"))
    ways: list[QuerySet[Letter]] = [
        Letter.objects.filter(number__in=[exact, upper]),
        Letter.objects.filter(external_reference=exact),
        referred.filter(upper=upper),
    ]
    key = registry_number_key(words)
    if key:
        ways.append(Letter.objects.numbered(key))
    found = {pk for way in ways for pk in way.values_list("pk", flat=True)[:_MOST_REFERRED]}
    return letters.filter(pk__in=found)
