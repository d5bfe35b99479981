"""Facets as Elasticsearch queries: how many letters there are, and how many have each value."""

from typing import Any, Final

from search.backends.elasticsearch.sets import SetQueries
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery

Json = dict[str, Any]
_MOST_VALUES: Final = 500
_SETS: Final = SetQueries()
# What is counted under all filters stands together under this name.
_TOGETHER: Final = "together"


def build_counts(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Build a request for the number of letters, and each facet under every other filter.

    It returns no letter, so that the server keeps its answer until its index changes. "overdue" is
    counted where a day is known.
    """
    asked = [name for name in query.facets if name != "overdue" or query.today]
    widened = [name for name in asked if name in query.filters]
    together = {name: _counts(name, query) for name in asked if name not in query.filters}
    counted = {name: _filtered(query, name, {name: _counts(name, query)}) for name in widened}
    if widened and together:
        counted[_TOGETHER] = _filtered(query, "", together)
    return {
        "query": _SETS.build(query, parsed, chosen=not widened),
        "post_filter": _filters(query) if widened else None,
        "aggs": counted if widened else together,
        "size": 0,
        "track_total_hits": True,
    }


def read_counts(answer: Json) -> dict[str, dict[str, int]]:
    """Return facet → value → count out of the answer to `build_counts`."""
    counted: Json = {}
    for name, found in answer.get("aggregations", {}).items():
        counted |= {name: found} if "buckets" in found else _inside(found)
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
        for name, found in counted.items()
    }


def _inside(found: Json) -> Json:
    return {name: one for name, one in found.items() if isinstance(one, dict)}


def _filtered(query: SearchQuery, without: str, counts: Json) -> Json:
    return {"filter": _filters(query, without=without), "aggs": counts}


def _filters(query: SearchQuery, *, without: str = "") -> Json:
    """Return the facet filters; `without` names one to leave out (for its counts)."""
    filters = query.filters.items()
    chosen = [{"terms": {name: sorted(values)}} for name, values in filters if name != without]
    return {"bool": {"filter": chosen}}


def _counts(name: str, query: SearchQuery) -> Json:
    if name == "overdue" and query.today:
        late = {"key": "yes", "to": query.today.toordinal()}
        return {"range": {"field": "due_day", "ranges": [late]}}
    return {"terms": {"field": name, "size": _MOST_VALUES}}
