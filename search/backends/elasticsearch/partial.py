"""Letters with some clauses of a query, as Elasticsearch queries."""

from collections.abc import Mapping

from search import ranking
from search.backends.elasticsearch.parts import Json, any_of, constant
from search.backends.elasticsearch.query import clause_query, holding
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery


def build_holding(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Build what holds for each letter whatever its words, the facet filters too."""
    return {"bool": holding(query, parsed, chosen=True)}


def build_clauses(parsed: ParsedQuery) -> dict[str, Json]:
    """Build each clause by itself, by its place."""
    return {str(place): clause_query(clause) for place, clause in enumerate(parsed.must)}


def build_some(query: SearchQuery, parsed: ParsedQuery, weights: Mapping[int, float]) -> Json:
    """Build a query for some clauses, each by the name of its place: `SearchEngine.with_some`."""
    parts, some = holding(query, parsed, chosen=True), []
    for place, clause in enumerate(parsed.must):
        asked = clause_query(clause)
        if place in weights:
            named = constant(asked, weights[place])
            named["constant_score"]["_name"] = str(place)
            some.append(named)
            some.append({"bool": {"must": [asked], "boost": ranking.AMONG_EQUALS}})
        else:
            parts["filter"].append({"bool": {"filter": [asked], "_name": str(place)}})
    return {"bool": {"must": [any_of(some)], **parts}}
