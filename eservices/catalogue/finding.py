"""Finding a service by what people type, in any language, spelling and script of theirs."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eservices.catalogue.finding_index import Index
from eservices.catalogue.publishing import Published, published_types
from eservices.catalogue.thesaurus import thesaurus

LONGEST: Final = 200  # characters of a search that are read
_KEPT: Final = 4  # catalogues: today's, and one that an administrator tries
_lock: Final = threading.Lock()
_indexes: dict[tuple[tuple[str, str], ...], Index] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A service that answers a search, and how well."""

    code: str
    score: float


def find_services(query: str, *, language: str, limit: int = 10) -> list[Found]:
    """Return the published services that answer a search, the best first; [] where none does.

    `language` is that of the page: it decides only between services that answer as well.
    """
    return find_among(published_types(), query, language=language, limit=limit)


def find_among(
    types: Sequence[Published], query: str, *, language: str, limit: int = 10
) -> list[Found]:
    """Return which of these types answer a search, the best first."""
    if not types or not query.strip():
        return []
    ranked = _index_of(types).rank(query[:LONGEST], language=language[:2])
    return [Found(code, round(score, 4)) for code, score in ranked[:limit]]


def _index_of(types: Sequence[Published]) -> Index:
    """Return the index of these types, made once for each state of the catalogue."""
    state = tuple((one.definition.code, one.version.digest) for one in types)
    found = _indexes.get(state)
    if found is None:
        found = Index([one.definition for one in types], thesaurus())
        with _lock:
            while len(_indexes) >= _KEPT:
                _indexes.pop(next(iter(_indexes)))
            _indexes[state] = found
    return found
