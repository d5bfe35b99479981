"""A query by vectors and by words, within the rights of the person who searches."""

import logging
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import numpy as np

from search.contract import EngineError, Hit, SearchQuery
from search.engines import get_engine
from search.meaning.engines import get_meaning_engine
from search.meaning.joining import ASKED_FLOOR, Joined, Lists, joined
from search.meaning.models import LetterVector
from search.meaning.translating import WeightedStems
from search.meaning_contract import MOST_NEAR, SIZE

log = logging.getLogger(__name__)


def find_joined(
    vector: bytes, stems: WeightedStems, reader_tokens: Collection[str], version: str
) -> list[Joined]:
    """Return the letters in their order; within these readers in every list.

    Raise EngineError where the index of meanings is unavailable; without that of words the vectors
    answer alone.
    """
    near = get_meaning_engine().nearest(
        (vector,), reader_tokens=reader_tokens, limit=MOST_NEAR, floor=ASKED_FLOOR
    )
    translated, own = _by_words(stems, reader_tokens)
    likeness = {one.id: (one.likeness, one.position) for one in near}
    others = {hit.id for hit in (*translated, *own)} - likeness.keys()
    return joined(Lists(near, translated, own, likeness | _likeness(vector, others, version)))


def _by_words(stems: WeightedStems, reader_tokens: Collection[str]) -> tuple[list[Hit], list[Hit]]:
    query = SearchQuery(words="", reader_tokens=reader_tokens, limit=MOST_NEAR, facets=())
    try:
        engine = get_engine()
        translated, own = (
            list(engine.with_stems(query, asked)) if asked else []
            for asked in (stems.translated, stems.own)
        )
    except EngineError as error:
        log.warning("search engine: %s", error)
        return [], []
    return translated, own


def _likeness(vector: bytes, ids: Iterable[str], version: str) -> dict[str, tuple[float, int]]:
    """Return likeness and nearest position of letters, from their vectors in the database."""
    rows = LetterVector.objects.filter(pk__in=[UUID(key) for key in ids], model=version)
    question = _unit(vector)[0]
    found = {}
    for key, vectors in rows.values_list("pk", "vectors"):
        if vectors:
            each = _unit(bytes(vectors)) @ question
            found[str(key)] = float(each.max()), int(each.argmax())
    return found


def _unit(rows: bytes) -> Any:
    found = np.frombuffer(rows, dtype=np.int8).reshape(-1, SIZE).astype(np.float32)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
