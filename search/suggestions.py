"""Completions while typing: numbers, subjects, names and words of letters that the person reads.

Nothing is suggested that does not stand in a letter found for this person at this moment.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from language.fold import fold
from language.tokens import tokenize
from org.models import User
from registry.access import reader_tokens
from registry.models.letters import Letter
from search.contract import EngineError, SearchQuery
from search.engines import get_engine
from search.saved.models import SavedSearch

log = logging.getLogger(__name__)

MOST: Final = 8
LONGEST: Final = 200  # typed characters that are looked at
_LETTERS: Final = 12  # looked at for one answer
_SHARES: Final = {"saved": 2, "number": 3, "word": 3, "party": 2, "letter": 4}

Kind = Literal["saved", "number", "word", "party", "letter"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion.

    `text` is what is shown and, for words and parties, searched for. `letter` is where a number or
    a subject leads, `address` the query of a saved search.
    """

    kind: Kind
    text: str
    note: str = ""
    letter: UUID | None = None
    address: str = ""


def suggest(viewer: User, typed: str) -> list[Suggestion]:
    """Return at most eight suggestions.

    None for less than two letters, nor while the engine is unavailable.
    """
    typed = " ".join(typed[:LONGEST].replace("\0", "").split())
    last = _last_word(typed)
    if len(last) < 2:
        return []
    try:
        letters = _letters(viewer, typed)
    except EngineError as error:
        log.warning("search engine: %s", error)
        return []
    offered = [*_saved(viewer, typed), *_of_letters(letters, typed, last)]
    return _shared_out(offered)


def _last_word(typed: str) -> str:
    words = [token.folded for token in tokenize(typed) if not token.whole]
    return words[-1] if words and typed[-1:].isalnum() else ""


def _letters(viewer: User, typed: str) -> list[Letter]:
    """Return the best letters with a word that begins as the last one typed, or that number."""
    tokens, engine = reader_tokens(viewer), get_engine()
    asked = [typed, f"{typed}*"] if typed[-1:].isdecimal() else [f"{typed}*"]
    ids: list[UUID] = []
    for words in asked:
        query = SearchQuery(words=words, reader_tokens=tokens, limit=_LETTERS, facets=())
        ids += [UUID(hit.id) for hit in engine.search(query).hits]
    rows = Letter.objects.visible_to(viewer).for_lists().in_bulk(ids)
    return [rows[key] for key in dict.fromkeys(ids) if key in rows]


def _saved(viewer: User, typed: str) -> Iterator[Suggestion]:
    wanted = fold(typed)
    rows = SavedSearch.objects.filter(person=viewer).order_by("name")[:50]
    for row in rows:
        if wanted in fold(row.name):
            yield Suggestion("saved", row.name, address=row.address)


def _of_letters(letters: list[Letter], typed: str, last: str) -> Iterator[Suggestion]:
    for letter in letters:
        if any(char.isdigit() for char in last):
            yield Suggestion("number", letter.number, letter.subject, letter.pk)
        for word in _beginning(letter.subject, last):
            yield Suggestion("word", _completed(typed, word))
        for party in letter.parties.all()[:6]:
            if next(_beginning(party.shown_name, last), ""):
                yield Suggestion("party", party.shown_name[:120])
        if letter.subject:
            yield Suggestion("letter", letter.subject[:160], letter.number, letter.pk)


def _beginning(text: str, last: str) -> Iterator[str]:
    """Yield the longer words of a text that begin with the last word typed."""
    for token in tokenize(text[:500]):
        if not token.whole and token.folded.startswith(last):
            yield token.text


def _completed(typed: str, word: str) -> str:
    """Return what was typed, its last word completed."""
    *_others, last = [token for token in tokenize(typed) if not token.whole]
    return f"{typed[: last.start]}{word}"


def _shared_out(offered: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions with a share for each kind, none twice, in the order of the kinds."""
    kinds: dict[str, list[Suggestion]] = {kind: [] for kind in _SHARES}
    seen: set[tuple[str, str]] = set()
    for one in offered:
        key = (one.kind, fold(one.text))
        if key not in seen and len(kinds[one.kind]) < _SHARES[one.kind]:
            seen.add(key)
            kinds[one.kind].append(one)
    return [one for rows in kinds.values() for one in rows][:MOST]
