"""Facets as Elasticsearch queries: the values somebody chose, and how many letters have each."""

from typing import Any, Final

from search.contract import SearchQuery

Json = dict[str, Any]
_MOST_VALUES: Final = 500


def build_post_filter(query: SearchQuery, *, without: str = "") -> Json:
    """Return the facet filters; `without` names one to leave out (for its counts)."""
    return {"bool": {"filter": _chosen(query, without)}}


def _chosen(query: SearchQuery, without: str = "") -> list[Json]:
    filters = query.filters.items()
    return [{"terms": {name: sorted(values)}} for name, values in filters if name != without]


def build_facets(query: SearchQuery) -> Json:
    """Count each facet under every other filter; "overdue" where a day is known."""
    return {
        name: _narrowed(query, name) for name in query.facets if name != "overdue" or query.today
    }


def _narrowed(query: SearchQuery, name: str) -> Json:
    """Return the counts of a facet; without another filter they need no bucket of their own."""
    counts = _counts(name, query)
    if not _chosen(query, name):
        return counts
    return {"filter": build_post_filter(query, without=name), "aggs": {"values": counts}}


def read_facets(answer: Json) -> dict[str, dict[str, int]]:
    """Return facet → value → count from the answer to `build_facets`."""
    return {
        name: {
            bucket["key"]: bucket["doc_count"] for bucket in counts.get("values", counts)["buckets"]
        }
        for name, counts in answer.get("aggregations", {}).items()
    }


def _counts(name: str, query: SearchQuery) -> Json:
    if name == "overdue" and query.today:
        late = {"key": "yes", "to": query.today.toordinal()}
        return {"range": {"field": "due_day", "ranges": [late]}}
    return {"terms": {"field": name, "size": _MOST_VALUES}}
