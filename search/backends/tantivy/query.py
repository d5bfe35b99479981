"""A SearchQuery as a Tantivy query."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from tantivy import Occur, Query

from language.arabic_attached import attached_spellings, before_beginning, behind_particles
from language.nearness import misread
from search import ranking
from search.analysis.document_terms import day_term
from search.backends.tantivy.terms import TermQueries, any_of
from search.contract import SearchQuery
from search.cursors import microseconds
from search.query.parsing import (
    Clause,
    Codes,
    Day,
    Digits,
    Limit,
    Name,
    Number,
    ParsedQuery,
    Party,
    Phrase,
    Prefix,
    Reference,
    Word,
)

_LARGEST = 2**63 - 1


class QueryBuilder(TermQueries):
    """Builds queries for one schema."""

    def build(self, query: SearchQuery, parsed: ParsedQuery, without: str = "") -> Query:
        """Build the whole query; `without` names one facet filter to leave out."""
        parts = self.holding(query, parsed, without)
        if parsed.must or parsed.number:
            parts.append((Occur.Must, self._wanted(parsed)))
        return Query.boolean_query(parts)

    def holding(
        self, query: SearchQuery, parsed: ParsedQuery, without: str = ""
    ) -> list[tuple[Occur, Query]]:
        """Return what holds for each letter, whatever its words."""
        parts = [(Occur.Must, self._unscored(self._any("readers", query.reader_tokens)))]
        for name, values in query.filters.items():
            if name != without:
                parts.append((Occur.Must, self._unscored(self._any(name, values))))
        parts += [(Occur.Must, self._unscored(bound)) for bound in self._bounds(query)]
        parts += [(Occur.Must, self._unscored(self._limit(limit))) for limit in parsed.limits]
        parts += [(Occur.MustNot, self._limit(limit)) for limit in parsed.not_limits]
        parts += [(Occur.MustNot, self._excluded(clause)) for clause in parsed.must_not]
        return parts

    def _wanted(self, parsed: ParsedQuery) -> Query:
        ways = []
        if parsed.number:
            ways.append(self._constant(self._term("number_key", parsed.number), ranking.NUMBER))
        if parsed.reference:
            ways.append(self._constant(self._term("keys", parsed.reference), ranking.REFERENCE))
        if parsed.must:
            every = [(Occur.Must, self._clause(part)) for part in parsed.must]
            ways.append(Query.boolean_query(every))
        return ways[0] if len(ways) == 1 else any_of(ways)

    def _clause(self, clause: Clause) -> Query:
        match clause:
            case Word():
                return self._word(clause)
            case Name():
                return self._name(clause)
            case Phrase():
                return self._phrase(clause.words)
            case Prefix():
                return self._prefix(clause.text)
            case Reference():
                return self._reference(clause)
            case Day():
                return self._day(clause)
            case Number():
                return self._number(clause)
            case Digits():
                return self._digits(clause)
            case Party():
                return self._party(clause)
        assert_never(clause)

    def _word(self, word: Word) -> Query:
        return any_of([*self.elsewhere(word), *self.in_subject(word)])

    def in_subject(self, word: Word) -> list[Query]:
        """Return the ways in which the subject of a letter answers a word."""
        arabic = attached_spellings(word.text)
        stem = ranking.ARABIC_SUBJECT_STEM if arabic else ranking.SUBJECT_STEM
        answers = [
            Query.boost_query(self._term("subject", word.text), ranking.SUBJECT_WORD),
            self._best("subject_stems", word.stems, stem),
        ]
        if arabic:
            worth = ranking.SUBJECT_ATTACHED
            answers.append(self._attached("subject", arabic, "subject_stems", word, worth))
        return answers

    def elsewhere(self, word: Word) -> list[Query]:
        """Return the ways in which anything else of a letter answers it."""
        answers = [
            Query.boost_query(self._term("words", word.text), ranking.WORD),
            Query.boost_query(self._term("people", word.text), ranking.PEOPLE),
            self._best("stems", word.stems, ranking.STEM),
        ]
        if arabic := attached_spellings(word.text):
            answers.append(self._attached("words", arabic, "stems", word, ranking.ATTACHED))
        if word.number:
            answers += self._written(word.number)
            answers.append(self._constant(self._term("number_key", word.number), ranking.SERIAL))
        if word.key:
            answers.append(self._constant(self._term("keys", word.key), ranking.KEY))
        if word.names:
            answers.append(self._constant(self._any("names", word.listed_names), ranking.NAME))
        if word.typos:
            answers.append(self._near("words", word.text, word.typos))
        if word.stem_typos:
            answers.append(self._near("stems", word.stems[0], word.stem_typos))
        return answers

    def _attached(
        self, field: str, spelt: Sequence[str], stems: str, word: Word, worth: float
    ) -> Query:
        """Match a word's stem once more where the word has its article or a particle."""
        there = self._unscored(self._any(field, spelt))
        stem = self._best(stems, word.stems, worth)
        return Query.boolean_query([(Occur.Must, stem), (Occur.Must, there)])

    def _near(self, field: str, text: str, typos: int) -> Query:
        """Match near words, the nearer the better.

        One letter that resembles two counts as one edit, as any other.
        """
        ways = [
            Query.fuzzy_term_query(self.schema, field, text, distance=most)
            for most in range(1, typos + 1)
        ]
        if alike := misread(text):
            ways.append(self._any(field, alike))
        return any_of([self._constant(way, ranking.TYPO) for way in ways])

    def _name(self, name: Name) -> Query:
        every = Query.boolean_query([(Occur.Must, self._word(word)) for word in name.words])
        if not name.keys:
            return every
        return any_of([every, self._constant(self._any("names", name.keys), ranking.NAME)])

    def _phrase(self, words: tuple[str, ...]) -> Query:
        ways = []
        for field, worth in (("words", ranking.PHRASE), ("subject", ranking.SUBJECT_WORD)):
            ways.append(Query.boost_query(self._side_by_side(field, words), worth))
            attached = [(first, *words[1:]) for first in behind_particles(words[0])]
            if attached:
                behind = [self._side_by_side(field, spelt) for spelt in attached]
                best = Query.disjunction_max_query(behind)
                ways.append(Query.boost_query(best, worth * ranking.BEHIND_PARTICLE))
        return any_of(ways)

    def _side_by_side(self, field: str, words: tuple[str, ...]) -> Query:
        if len(words) == 1:
            return self._term(field, words[0])
        return Query.phrase_query(self.schema, field, list(words))

    def _prefix(self, text: str) -> Query:
        ways = []
        before = "|".join(before_beginning(text))
        for field, worth in (("words", ranking.PREFIX), ("subject", ranking.SUBJECT_PREFIX)):
            ways.append(self._constant(self._beginning(field, text), worth))
            if before:  # both are plain letters, which mean themselves
                behind = Query.regex_query(self.schema, field, f"({before}){text}.*")
                ways.append(self._constant(behind, worth * ranking.BEHIND_PARTICLE))
        return any_of(ways)

    def _beginning(self, field: str, text: str) -> Query:
        return Query.fuzzy_term_query(self.schema, field, text, distance=0, prefix=True)

    def _reference(self, reference: Reference) -> Query:
        field = "reference" if reference.own else "words"
        ways = [Query.boost_query(self._side_by_side(field, reference.words), ranking.PHRASE)]
        if reference.key:
            ways.append(self._constant(self._term("keys", reference.key), ranking.KEY))
        if reference.number:
            number = self._term("number_key", reference.number)
            ways.append(self._constant(number, ranking.SERIAL))
        return any_of(ways)

    def _day(self, day: Day) -> Query:
        written = self._term("keys", day_term(day.value))
        ways = [self._constant(written, ranking.KEY)]
        if day.words:
            ways.append(Query.boost_query(self._side_by_side("words", day.words), ranking.PHRASE))
        return any_of(ways)

    def _number(self, number: Number) -> Query:
        ways = [self._constant(self._term("number_key", number.key), ranking.NUMBER)]
        if number.reference:
            ways.append(self._constant(self._term("keys", number.reference), ranking.KEY))
        if number.written:
            ways += self._written(number.written)
        return any_of(ways)

    def _written(self, number: str) -> list[Query]:
        """Match a number that stands in the letter, in one or in several groups of digits."""
        fields = ("keys", "words")
        return [self._constant(self._term(field, number), ranking.KEY) for field in fields]

    def _digits(self, digits: Digits) -> Query:
        ways = [way for key in digits.keys for way in self._written(key)]
        if digits.groups:
            every = [(Occur.Must, self._clause(group)) for group in digits.groups]
            ways.append(Query.boolean_query(every))
        return any_of(ways)

    def _party(self, party: Party) -> Query:
        return Query.boolean_query(
            [(Occur.Must, self._party_word(party.role, word)) for word in party.words]
        )

    def _party_word(self, role: str, word: Word) -> Query:
        """Match a word of a sender or recipient; a sender who is only proposed counts less."""
        known = self._party_word_in(role, word)
        if role != "sender":
            return known
        proposed = self._party_word_in("proposed", word)
        return any_of([known, Query.boost_query(proposed, ranking.PROPOSED)])

    def _party_word_in(self, role: str, word: Word) -> Query:
        spelt = [f"s_{stem}" for stem in word.stems] + [f"n_{key}" for key in word.names]
        ways = [
            self._constant(self._term(role, word.text), ranking.PEOPLE),
            self._constant(self._any(role, spelt), ranking.NAME),
        ]
        if word.typos:
            ways.append(self._near(role, word.text, word.typos))
        return any_of(ways)

    def _excluded(self, clause: Clause) -> Query:
        """Match excluded words and their likeliest stem, never typos, which would hide others."""
        if isinstance(clause, Word):
            return any_of([self._term("words", clause.text), self._term("stems", clause.stems[0])])
        if isinstance(clause, Party):
            clause = Party(clause.role, tuple(Word(w.text, most_typos=0) for w in clause.words))
        return self._clause(clause)

    def _limit(self, limit: Limit) -> Query:
        if isinstance(limit, Codes):
            return self._any(limit.facet, limit.values)
        first, end = limit.first.toordinal(), limit.end.toordinal()
        return any_of([self.range(name, first, end) for name in ("day", "written_day")])

    def _bounds(self, query: SearchQuery) -> Iterable[Query]:
        if query.after or query.before:
            low = max(microseconds(query.after), 0) << 12 if query.after else 0
            high = max(microseconds(query.before), 0) << 12 if query.before else _LARGEST
            yield self.range("sort_key", low, high)
        if query.due_before:
            yield self.range("due_day", 0, query.due_before.toordinal())
