"""Search on a user's behalf: rights are enforced in the engine, and again in the database."""

import datetime
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from language.numerals import registry_number_key
from language.tokens import tokenize
from org.models import User
from org.people import cached_permissions
from registry.access import reader_tokens
from registry.listed import letters_among
from search.answers.forgiving import Answered, search_forgivingly
from search.answers.further_page import read_marker, write_marker
from search.answers.leaving_out import search_leaving_out, shorter_query, without_words
from search.answers.matching import Matcher
from search.answers.most_words import letters_with_most
from search.answers.spelling import better_spelling
from search.contract import COUNTS, EngineError, Order, SearchQuery
from search.engines import get_engine
from search.hits import FoundLetters, hits_of, texts_of
from search.index.documents import OPEN_STAGES
from search.query.names import names_in
from search.query.parsing import Word, read_query
from search.without_engine import from_database

log = logging.getLogger(__name__)


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
    with cached_permissions():
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
        found = _show(viewer, search(get_engine(), query), excerpts=excerpts)
        if leave_out and not found.total and not query.cursor:
            found = _with_most(viewer, found, query)
    except EngineError as error:
        log.warning("search engine: %s", error)
        return from_database(viewer, query)
    return found if found.total or query.cursor else _not_indexed_yet(viewer, query, found)


def _with_most(
    viewer: User | AnonymousUser, found: FoundLetters, query: SearchQuery
) -> FoundLetters:
    """Add the letters that have most of the words, and a shorter query that finds."""
    asked, most = letters_with_most(get_engine(), query)
    lacking = {UUID(one.id): one.lacking for one in most}
    letters = letters_among(viewer, lacking)
    shown = [letters[key] for key in lacking if key in letters]
    if not shown:
        return replace(found, corrected=shorter_query(get_engine(), query))
    hits = hits_of(shown, texts_of(shown), Matcher(read_query(asked)), {})
    told = tuple(replace(hit, lacking=lacking[hit.letter.pk]) for hit in hits)
    return replace(found, most=told, corrected=without_words(query.words, told[0].lacking))


def _not_indexed_yet(
    viewer: User | AnonymousUser, query: SearchQuery, found: FoundLetters
) -> FoundLetters:
    """Find a letter whose index job still waits by its number all the same."""
    if not registry_number_key(query.words):
        return found
    return replace(from_database(viewer, query), engine_down=False)


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


def _show(viewer: User | AnonymousUser, answered: Answered, *, excerpts: bool) -> FoundLetters:
    query, result = answered.query, answered.result
    scores = {UUID(hit.id): hit.score for hit in result.hits}
    letters = letters_among(viewer, scores)
    shown = [letters[key] for key in scores if key in letters]
    matcher = _matcher_of(answered)
    texts = texts_of(shown) if excerpts else {}
    hits = hits_of(shown, texts, matcher, scores)
    # Hits the database withholds (a right just lost) are not counted either.
    total = result.total - (len(scores) - len(shown))
    marker = write_marker(query, result.next_cursor)
    corrected = ""
    if excerpts and query.typos and not query.cursor:
        told = [f"{letter.subject}\n{texts.get(letter.pk, '')}" for letter in shown]
        corrected = better_spelling(
            query, told, found=total, as_typed=answered.as_typed, matcher=matcher
        )
    return FoundLetters(
        total,
        hits,
        dict(result.facets),  # an engine may count while the excerpts are made
        marker,
        corrected=corrected,
        read=matcher.parsed.read,
        left_out=_as_typed(query.words, query.left_out),
    )


def _matcher_of(answered: Answered) -> Matcher:
    """Return what marks the excerpts: of one word that no letter has as typed, only its typos."""
    parsed = read_query(answered.query)
    one_word = len(parsed.must) == 1 and isinstance(parsed.must[0], Word) and not parsed.number
    # Of a further page it is not known how many have it.
    with_typos = bool(answered.query.typos) and not answered.query.cursor
    return Matcher(parsed, misspelt_only=one_word and with_typos and not answered.as_typed)


def _as_typed(words: str, folded: frozenset[str]) -> tuple[str, ...]:
    tokens = (token.text for token in tokenize(words) if token.folded in folded)
    return tuple(dict.fromkeys(tokens)) if folded else ()
