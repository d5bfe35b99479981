"""A SearchQuery in Tantivy's terms."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from search import ranking
from search.contract import SearchQuery
from search.cursors import microseconds
from search.query import Clause, ParsedQuery, Phrase, Prefix, Reference, Word

_LARGEST = 2**63 - 1


class QueryBuilder:
    """Builds queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def build(self, query: SearchQuery, parsed: ParsedQuery, without: str = "") -> Query:
        """The whole question; `without` names one facet filter to leave out (for its counts)."""
        parts = [(Occur.Must, self._unscored(self._any("readers", query.reader_tokens)))]
        for name, values in query.filters.items():
            if name != without:
                parts.append((Occur.Must, self._unscored(self._any(name, values))))
        parts += [(Occur.Must, self._unscored(bound)) for bound in self._bounds(query)]
        parts += [(Occur.MustNot, self._excluded(clause)) for clause in parsed.must_not]
        if parsed.must or parsed.number:
            parts.append((Occur.Must, self._wanted(parsed)))
        return Query.boolean_query(parts)

    def _wanted(self, parsed: ParsedQuery) -> Query:
        every = Query.boolean_query([(Occur.Must, self._clause(part)) for part in parsed.must])
        if not parsed.number:
            return every
        number = Query.const_score_query(self._term("number_key", parsed.number), ranking.NUMBER)
        return _any_of([number, every] if parsed.must else [number])

    def _clause(self, clause: Clause) -> Query:
        if isinstance(clause, Word):
            return self._word(clause)
        if isinstance(clause, Phrase):
            return self._phrase(clause.words)
        if isinstance(clause, Prefix):
            return self._prefix(clause.text)
        return self._reference(clause)

    def _word(self, word: Word) -> Query:
        answers = [
            Query.boost_query(self._term("words", word.text), ranking.WORD),
            Query.boost_query(self._term("subject", word.text), ranking.SUBJECT_WORD),
            Query.boost_query(self._term("people", word.text), ranking.PEOPLE),
            self._best("stems", word.stems, ranking.STEM),
            self._best("subject_stems", word.stems, ranking.SUBJECT_STEM),
        ]
        if word.number:
            answers.append(self._constant(self._term("keys", word.number), ranking.KEY))
            answers.append(self._constant(self._term("words", word.number), ranking.KEY))
        if word.typos:
            near = Query.fuzzy_term_query(self.schema, "words", word.text, distance=word.typos)
            answers.append(self._constant(near, ranking.TYPO))
        return _any_of(answers)

    def _phrase(self, words: tuple[str, ...]) -> Query:
        return _any_of(
            [
                Query.boost_query(self._side_by_side("words", words), ranking.PHRASE),
                Query.boost_query(self._side_by_side("subject", words), ranking.SUBJECT_WORD),
            ]
        )

    def _side_by_side(self, field: str, words: tuple[str, ...]) -> Query:
        if len(words) == 1:
            return self._term(field, words[0])
        return Query.phrase_query(self.schema, field, list(words))

    def _prefix(self, text: str) -> Query:
        return _any_of(
            [
                self._constant(self._beginning("words", text), ranking.PREFIX),
                self._constant(self._beginning("subject", text), ranking.SUBJECT_PREFIX),
            ]
        )

    def _beginning(self, field: str, text: str) -> Query:
        return Query.fuzzy_term_query(self.schema, field, text, distance=0, prefix=True)

    def _reference(self, reference: Reference) -> Query:
        return _any_of(
            [
                self._constant(self._term("keys", reference.key), ranking.KEY),
                Query.boost_query(self._side_by_side("words", reference.words), ranking.PHRASE),
            ]
        )

    def _excluded(self, clause: Clause) -> Query:
        """Exclusion takes words and their likeliest stem, never typos: it must not hide others."""
        if isinstance(clause, Word):
            return _any_of([self._term("words", clause.text), self._term("stems", clause.stems[0])])
        return self._clause(clause)

    def _bounds(self, query: SearchQuery) -> Iterable[Query]:
        if query.after or query.before:
            low = max(microseconds(query.after), 0) << 12 if query.after else 0
            high = max(microseconds(query.before), 0) << 12 if query.before else _LARGEST
            yield self.range("sort_key", low, high)
        if query.due_before:
            yield self.range("due_day", 0, query.due_before.toordinal())

    def range(self, field: str, low: int, high: int) -> Query:
        """Whole numbers from `low` up to but not including `high`."""
        return Query.range_query(
            self.schema, field, tantivy.FieldType.Unsigned, low, high, include_upper=False
        )

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value)

    def _any(self, field: str, values: Iterable[str]) -> Query:
        return Query.term_set_query(self.schema, field, list(values))

    def _best(self, field: str, values: Sequence[str], boost: float) -> Query:
        best = Query.disjunction_max_query([self._term(field, value) for value in values])
        return Query.boost_query(best, boost)

    @staticmethod
    def _constant(query: Query, score: float) -> Query:
        return Query.const_score_query(query, score)

    @staticmethod
    def _unscored(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
