"""The small parts of an Elasticsearch query: terms of a field, and ways to join them."""

from collections.abc import Iterable
from typing import Any, Final

from search.backends.elasticsearch.mapping import safe

Json = dict[str, Any]
# Fields of tokens, which the index spells out; all others hold whole keys.
_TOKENS: Final = frozenset(
    [
        *("words", "stems", "subject", "subject_stems", "people"),
        *("sender", "proposed", "recipient", "reference"),
    ]
)


def _spelt(field: str, value: str) -> str:
    return safe(value) if field in _TOKENS else value


def term(field: str, value: str, boost: float = 1.0) -> Json:
    """Match a value of a field."""
    return {"term": {field: {"value": _spelt(field, value), "boost": boost}}}


def terms(field: str, values: Iterable[str]) -> Json:
    """Match any of these values of a field."""
    return {"terms": {field: sorted(_spelt(field, value) for value in values)}}


def best(field: str, values: tuple[str, ...], boost: float) -> Json:
    """Match any of these values; the best one counts."""
    return {"dis_max": {"queries": [term(field, value) for value in values], "boost": boost}}


def constant(query: Json, score: float) -> Json:
    """Match the same, always with this score."""
    return {"constant_score": {"filter": query, "boost": score}}


def any_of(queries: list[Json]) -> Json:
    """Match what any of these queries matches."""
    return {"bool": {"should": queries, "minimum_should_match": 1}}
