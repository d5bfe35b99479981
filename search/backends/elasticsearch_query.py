"""A SearchQuery in Elasticsearch's words; the same shape as `tantivy_query`."""

from typing import Any, Final

from search import ranking
from search.backends.elasticsearch_index import safe
from search.contract import SearchQuery
from search.cursors import microseconds
from search.query import Clause, ParsedQuery, Phrase, Prefix, Reference, Word

Json = dict[str, Any]
_MOST_VALUES: Final = 500
_MOST_NEIGHBOURS: Final = 200


def build_query(query: SearchQuery, parsed: ParsedQuery) -> Json:
    """Words, readers and bounds; the facet filters stand in `build_post_filter`."""
    must = [_wanted(parsed)] if parsed.must or parsed.number else []
    return {
        "bool": {
            "must": must,
            "filter": [{"terms": {"readers": sorted(query.reader_tokens)}}, *_bounds(query)],
            "must_not": [_excluded(clause) for clause in parsed.must_not],
        }
    }


def build_post_filter(query: SearchQuery, *, without: str = "") -> Json:
    """The facet filters; `without` names one to leave out (for its counts)."""
    chosen = [
        {"terms": {name: sorted(values)}}
        for name, values in query.filters.items()
        if name != without
    ]
    return {"bool": {"filter": chosen}}


def build_facets(query: SearchQuery) -> Json:
    """Counts of each facet under every other filter."""
    return {
        name: {
            "filter": build_post_filter(query, without=name),
            "aggs": {"values": {"terms": {"field": name, "size": _MOST_VALUES}}},
        }
        for name in query.facets
    }


def _wanted(parsed: ParsedQuery) -> Json:
    every = {"bool": {"must": [_clause(part) for part in parsed.must]}}
    if not parsed.number:
        return every
    number = _constant(_term("number_key", parsed.number), ranking.NUMBER)
    return _any_of([number, every] if parsed.must else [number])


def _clause(clause: Clause) -> Json:
    if isinstance(clause, Word):
        return _word(clause)
    if isinstance(clause, Phrase):
        return _phrase(clause.words)
    if isinstance(clause, Prefix):
        return _prefix(clause.text)
    return _reference(clause)


def _word(word: Word) -> Json:
    answers = [
        _term("words", word.text, ranking.WORD),
        _term("subject", word.text, ranking.SUBJECT_WORD),
        _term("people", word.text, ranking.PEOPLE),
        _best("stems", word.stems, ranking.STEM),
        _best("subject_stems", word.stems, ranking.SUBJECT_STEM),
    ]
    if word.number:
        answers.append(_constant(_term("keys", word.number), ranking.KEY))
        answers.append(_constant(_term("words", word.number), ranking.KEY))
    if word.typos:
        near = {
            "value": safe(word.text),
            "fuzziness": word.typos,
            "max_expansions": _MOST_NEIGHBOURS,
        }
        answers.append(_constant({"fuzzy": {"words": near}}, ranking.TYPO))
    return _any_of(answers)


def _phrase(words: tuple[str, ...]) -> Json:
    return _any_of(
        [
            _side_by_side("words", words, ranking.PHRASE),
            _side_by_side("subject", words, ranking.SUBJECT_WORD),
        ]
    )


def _side_by_side(field: str, words: tuple[str, ...], boost: float) -> Json:
    return {"match_phrase": {field: {"query": safe(" ".join(words)), "boost": boost}}}


def _prefix(text: str) -> Json:
    return _any_of(
        [
            _constant({"prefix": {"words": {"value": safe(text)}}}, ranking.PREFIX),
            _constant({"prefix": {"subject": {"value": safe(text)}}}, ranking.SUBJECT_PREFIX),
        ]
    )


def _reference(reference: Reference) -> Json:
    return _any_of(
        [
            _constant(_term("keys", reference.key), ranking.KEY),
            _side_by_side("words", reference.words, ranking.PHRASE),
        ]
    )


def _excluded(clause: Clause) -> Json:
    """Exclusion takes words and their likeliest stem, never typos: it must not hide others."""
    if isinstance(clause, Word):
        return _any_of([_term("words", clause.text), _term("stems", clause.stems[0])])
    return _clause(clause)


def _bounds(query: SearchQuery) -> list[Json]:
    bounds: list[Json] = []
    registered: dict[str, int] = {}
    if query.after:
        registered["gte"] = max(microseconds(query.after), 0) << 12
    if query.before:
        registered["lt"] = max(microseconds(query.before), 0) << 12
    if registered:
        bounds.append({"range": {"sort_key": registered}})
    if query.due_before:
        bounds.append({"range": {"due_day": {"lt": query.due_before.toordinal()}}})
    return bounds


_EXACT: Final = frozenset(["number_key", "keys"])


def _term(field: str, value: str, boost: float = 1.0) -> Json:
    plain = value if field in _EXACT else safe(value)
    return {"term": {field: {"value": plain, "boost": boost}}}


def _best(field: str, values: tuple[str, ...], boost: float) -> Json:
    return {"dis_max": {"queries": [_term(field, value) for value in values], "boost": boost}}


def _constant(query: Json, score: float) -> Json:
    return {"constant_score": {"filter": query, "boost": score}}


def _any_of(queries: list[Json]) -> Json:
    return {"bool": {"should": queries, "minimum_should_match": 1}}
