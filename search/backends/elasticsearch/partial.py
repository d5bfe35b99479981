"""Letters with some clauses of a query, as Elasticsearch queries."""

from collections.abc import Mapping, Sequence
from typing import Final

from search import ranking
from search.backends.elasticsearch.parts import Json, any_of, constant, term
from search.backends.elasticsearch.query import QueryBuilder
from search.backends.elasticsearch.sets import SetQueries
from search.contract import SearchQuery, Stems
from search.query.parsing import ParsedQuery

_RANKED: Final = QueryBuilder()
_SETS: Final = SetQueries()


def build_holding(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Build what holds for each letter whatever its words, the facet filters too."""
    return {"bool": _SETS.holding(query, parsed)}


def build_clauses(parsed: ParsedQuery) -> dict[str, Json]:
    """Build each clause by itself, by its place."""
    return {str(place): _SETS.clause(clause) for place, clause in enumerate(parsed.must)}


def build_some(query: SearchQuery, parsed: ParsedQuery, weights: Mapping[int, float]) -> Json:
    """Build a query for some clauses, each by the name of its place: `SearchEngine.with_some`."""
    parts, some = _RANKED.holding(query, parsed), []
    for place, clause in enumerate(parsed.must):
        asked = _RANKED.clause(clause)
        if place in weights:
            named = constant(asked, weights[place])
            named["constant_score"]["_name"] = str(place)
            some.append(named)
            some.append({"bool": {"must": [asked], "boost": ranking.AMONG_EQUALS}})
        else:
            parts["filter"].append({"bool": {"filter": [asked], "_name": str(place)}})
    return {"bool": {"must": [any_of(some)], **parts}}


def build_stems(query: SearchQuery, asked: Sequence[Stems]) -> Json:
    """Build a query for stems by weight, of each mapping the best: `SearchEngine.with_stems`."""
    best = [
        {"dis_max": {"queries": [term("stems", stem, weight) for stem, weight in stems.items()]}}
        for stems in asked
    ]
    return {"bool": {"must": [any_of(best)], **_RANKED.holding(query, ParsedQuery())}}


def few(query: SearchQuery, asked: Json) -> Json:
    """Build a request for the best documents of this query, not counted."""
    return {"query": asked, "size": query.limit, "source": False, "track_total_hits": False}


def counting(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Build a request that counts what holds, and of it the documents of each clause."""
    filters = {"filters": {"filters": build_clauses(parsed)}}
    each = {"clauses": filters} if parsed.must else {}
    held = {"query": build_holding(query, parsed), "aggs": each}
    return {**held, "size": 0, "track_total_hits": True}


def counted(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Build a request that only counts the documents of a query."""
    return {"query": _SETS.build(query, parsed), "size": 0, "track_total_hits": True}
