"""Facets as Elasticsearch queries: how many letters there are, and how many have each value."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from search.backends.deferred_counts import Counted
from search.backends.elasticsearch.mapping import PACKED, SEPARATOR
from search.backends.elasticsearch.sets import SetQueries
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery

Json = dict[str, Any]
_MOST_VALUES: Final = 500
_MOST_PACKED: Final = 10_000
_SETS: Final = SetQueries()
# What is counted under all filters stands together under this name.
_TOGETHER: Final = "together"


def build_counts(query: SearchQuery, parsed: ParsedQuery, *, packed: bool = True) -> Json:
    """Build a request for the number of letters, and each facet under every other filter.

    It returns no letter, so that the server keeps its answer until its index changes. "overdue" is
    counted where a day is known. `packed`: several facets of one field, where it tells them.
    """
    asked = _asked(query)
    widened = [name for name in asked if name in query.filters]
    others = [name for name in asked if name not in query.filters]
    fields = _fields(others) if packed else others
    together = {name: _counts(name, query) for name in fields}
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


def read_counts(query: SearchQuery, answer: Json) -> Counted | None:
    """Read the answer to `build_counts`; None where a field of several facets leaves letters out.

    Those of an older program lack it, or it has too many values.
    """
    total = int(answer["hits"]["total"]["value"])
    fields: Json = {}
    for name, found in answer.get("aggregations", {}).items():
        fields |= {name: found} if "buckets" in found else _inside(found)
    counted = {name: _values(found) for name, found in fields.items()}
    if any(sum(counted[name].values()) != total for name in PACKED if name in counted):
        return None
    for field, names in PACKED.items():
        packed = counted.pop(field, {})
        counted = {name: _unpacked(packed, at) for at, name in enumerate(names)} | counted
    return Counted(total, {name: counted[name] for name in _asked(query)})


def _values(found: Json) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}


def _unpacked(packed: dict[str, int], place: int) -> dict[str, int]:
    """Return the counts of the facet at that place, the greatest first as those of one field."""
    counts: Counter[str] = Counter()
    for values, number in packed.items():
        counts[values.split(SEPARATOR)[place]] += number
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _asked(query: SearchQuery) -> list[str]:
    return [name for name in query.facets if name != "overdue" or query.today]


def _fields(names: Sequence[str]) -> Iterable[str]:
    """Return the fields that tell these facets: one for several of them where there is one."""
    several = {
        name: field
        for field, packed in PACKED.items()
        if len(there := [name for name in packed if name in names]) > 1
        for name in there
    }
    return dict.fromkeys(several.get(name, name) for name in names)


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
    return {"terms": {"field": name, "size": _MOST_PACKED if name in PACKED else _MOST_VALUES}}
