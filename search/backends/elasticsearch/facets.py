"""Facets as Elasticsearch queries: the values somebody chose, and how many letters have each."""

from typing import Any, Final

from search.contract import SearchQuery

Json = dict[str, Any]
_MOST_VALUES: Final = 500


def build_post_filter(query: SearchQuery, *, without: str = "") -> Json:
    """Return the facet filters; `without` names one to leave out (for its counts)."""
    filters = query.filters.items()
    chosen = [{"terms": {name: sorted(values)}} for name, values in filters if name != without]
    return {"bool": {"filter": chosen}}


def build_facets(query: SearchQuery) -> Json:
    """Count each facet under every other filter; "overdue" where a day is known."""
    return {
        name: {
            "filter": build_post_filter(query, without=name),
            "aggs": {"values": _counts(name, query)},
        }
        for name in query.facets
        if name != "overdue" or query.today
    }


def _counts(name: str, query: SearchQuery) -> Json:
    if name == "overdue" and query.today:
        late = {"key": "yes", "to": query.today.toordinal()}
        return {"range": {"field": "due_day", "ranges": [late]}}
    return {"terms": {"field": name, "size": _MOST_VALUES}}
