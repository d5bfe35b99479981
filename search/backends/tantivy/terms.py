"""Tantivy queries of single terms and of sets of them, of which all others are made."""

from collections.abc import Iterable, Sequence
from typing import Final

import tantivy
from tantivy import Occur, Query

_FEW: Final = 64


class TermQueries:
    """Builds such queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def range(self, field: str, low: int, high: int) -> Query:
        """Match whole numbers from `low` up to but not including `high`."""
        return Query.range_query(
            self.schema, field, tantivy.FieldType.Unsigned, low, high, include_upper=False
        )

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value)

    def _any(self, field: str, values: Iterable[str]) -> Query:
        """Match any of these values.

        A few are tested one by one, as the letters are gone through: a set is first spread over
        the whole archive.
        """
        wanted = list(values)
        if 0 < len(wanted) <= _FEW:
            return any_of([self._term(field, value) for value in wanted])
        return Query.term_set_query(self.schema, field, wanted)

    def _best(self, field: str, values: Sequence[str], boost: float) -> Query:
        best = Query.disjunction_max_query([self._term(field, value) for value in values])
        return Query.boost_query(best, boost)

    @staticmethod
    def _constant(query: Query, score: float) -> Query:
        return Query.const_score_query(query, score)

    @staticmethod
    def _unscored(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)


def any_of(queries: Sequence[Query]) -> Query:
    """Match what any of these queries matches."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])
