"""The best letters of a frequent word on Elasticsearch: `search.backends.subject_first`.

Three searches of one request: of all letters, given up where they are many; of those with the word
in their subject; and for the most that it weighs elsewhere. Without the factor for recency the
server passes over what cannot be among the best, so that the last one costs hardly anything.
"""

from typing import Final

from search.backends.elasticsearch.parts import Json, any_of
from search.backends.elasticsearch.query import QueryBuilder
from search.backends.subject_first import greatest_recency, only_word
from search.contract import SearchQuery
from search.query.parsing import ParsedQuery, Prefix, Word

FREQUENT: Final = 5_000  # letters that are weighed in half a millisecond


def only_clause(parsed: ParsedQuery) -> Word | Prefix | None:
    """Return the clause of a query of a single plain word, or of its beginning."""
    match parsed.must:
        case (Prefix() as prefix,) if not (parsed.number or parsed.reference):
            return prefix
    return only_word(parsed)


def three_searches(
    builder: QueryBuilder,
    query: SearchQuery,
    parsed: ParsedQuery,
    clause: Word | Prefix,
    body: Json,
) -> list[Json]:
    """Return the searches of a query of this clause; `body` is the search of all its letters."""
    with_subject = builder.build(query, parsed, any_of(builder.in_subject(clause)))
    elsewhere = {"query": any_of(builder.elsewhere(clause)), "size": 1, "source": False}
    return [
        body | {"terminate_after": FREQUENT},
        body | {"query": with_subject},
        elsewhere | {"track_total_hits": False},
    ]


def best_letters(answers: list[Json], limit: int) -> Json | None:
    """Return the answer that has the best letters of all; None where neither is known to."""
    of_all, in_subject, elsewhere = answers
    if not of_all.get("terminated_early"):
        return of_all
    hits, most = in_subject["hits"]["hits"], elsewhere["hits"]["max_score"] or 0.0
    if len(hits) < limit or float(hits[-1]["_score"]) <= float(most) * greatest_recency():
        return None
    return in_subject
