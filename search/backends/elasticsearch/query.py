"""A SearchQuery as an Elasticsearch query; the same shape as `tantivy_query`."""

import datetime
import math
from typing import Final, assert_never

from language.arabic_attached import attached_spellings, before_beginning, behind_particles
from language.nearness import misread
from search import ranking
from search.analysis.document_terms import day_term
from search.backends.elasticsearch.mapping import safe
from search.backends.elasticsearch.parts import Json, any_of, best, constant, term, terms
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

MOST_NEIGHBOURS: Final = 200
_LARGEST: Final = 2**63 - 1  # of a field of whole numbers; what is larger is refused
# log2(2 + value), as Tantivy weighs by a field: a change of base of the natural logarithm.
_RECENCY: Final[Json] = {
    "field_value_factor": {"field": "recency", "modifier": "ln2p", "missing": 0},
    "weight": 1 / math.log(2),
}


class QueryBuilder:
    """Builds queries; each kind of clause is a method, which `sets` has otherwise for some."""

    def build(self, query: SearchQuery, parsed: ParsedQuery, *among: Json) -> Json:
        """Build the whole query, in the requested order; `among` are filters of its letters."""
        wanted = [self._wanted(parsed)] if parsed.must or parsed.number else []
        found: Json = {"bool": {"must": wanted, **self.holding(query, parsed)}}
        found["bool"]["filter"] += among
        if query.order == "newest" or not found["bool"]["must"]:
            return found
        return {
            "function_score": {
                "query": found,
                "functions": [_RECENCY],
                "score_mode": "multiply",
                "boost_mode": "multiply",
            }
        }

    def holding(self, query: SearchQuery, parsed: ParsedQuery, *, chosen: bool = True) -> Json:
        """Build what holds whatever the words; the facet filters too if `chosen`."""
        limits = [self._limit(limit) for limit in parsed.limits]
        facets = [terms(name, values) for name, values in query.filters.items()] if chosen else []
        return {
            "filter": [
                terms("readers", query.reader_tokens),
                *self._bounds(query),
                *limits,
                *facets,
            ],
            "must_not": [
                *(self._excluded(clause) for clause in parsed.must_not),
                *(self._limit(limit) for limit in parsed.not_limits),
            ],
        }

    def _wanted(self, parsed: ParsedQuery) -> Json:
        ways = []
        if parsed.number:
            ways.append(constant(term("number_key", parsed.number), ranking.NUMBER))
        if parsed.reference:
            ways.append(constant(term("keys", parsed.reference), ranking.REFERENCE))
        if parsed.must:
            ways.append({"bool": {"must": [self.clause(part) for part in parsed.must]}})
        return ways[0] if len(ways) == 1 else any_of(ways)

    def clause(self, clause: Clause) -> Json:
        """Build one clause."""
        match clause:
            case Word():
                return self._word(clause)
            case Name():
                return self._name(clause)
            case Phrase():
                return self._phrase(clause.words)
            case Prefix():
                return self._prefix(clause)
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

    def in_subject(self, clause: Word | Prefix) -> list[Json]:
        """Return the ways in which the subject of a letter answers a word or its beginning."""
        if isinstance(clause, Prefix):
            return self._beginning("subject", clause.text, ranking.SUBJECT_PREFIX)
        arabic = attached_spellings(clause.text)
        stem = ranking.ARABIC_SUBJECT_STEM if arabic else ranking.SUBJECT_STEM
        answers = [
            term("subject", clause.text, ranking.SUBJECT_WORD),
            best("subject_stems", clause.stems, stem),
        ]
        if arabic:
            worth = ranking.SUBJECT_ATTACHED
            answers.append(self._attached("subject", arabic, "subject_stems", clause, worth))
        return answers

    def elsewhere(self, clause: Word | Prefix) -> list[Json]:
        """Return the ways in which anything else of a letter answers it."""
        if isinstance(clause, Prefix):
            return self._beginning("words", clause.text, ranking.PREFIX)
        return self._word_elsewhere(clause)

    def _word(self, word: Word) -> Json:
        return any_of([*self.elsewhere(word), *self.in_subject(word)])

    def _word_elsewhere(self, word: Word) -> list[Json]:
        answers = [
            term("words", word.text, ranking.WORD),
            term("people", word.text, ranking.PEOPLE),
            best("stems", word.stems, ranking.STEM),
        ]
        if arabic := attached_spellings(word.text):
            answers.append(self._attached("words", arabic, "stems", word, ranking.ATTACHED))
        if word.number:
            answers += self._written(word.number)
            answers.append(constant(term("number_key", word.number), ranking.SERIAL))
        if word.key:
            answers.append(constant(term("keys", word.key), ranking.KEY))
        if word.names:
            answers.append(constant(terms("names", word.listed_names), ranking.NAME))
        if word.typos:
            answers.append(self._near("words", word.text, word.typos))
        if word.stem_typos:
            answers.append(self._near("stems", word.stems[0], word.stem_typos))
        return answers

    def _attached(
        self, field: str, spelt: tuple[str, ...], stems: str, word: Word, worth: float
    ) -> Json:
        """Match a word's stem once more where the word has its article or a particle."""
        stem = best(stems, word.stems, worth)
        return {"bool": {"must": [stem], "filter": [terms(field, spelt)]}}

    def _near(self, field: str, text: str, typos: int) -> Json:
        """Match near words, the nearer the better.

        One letter that resembles two counts as one edit, as any other.
        """
        ways: list[Json] = []
        for most in range(1, typos + 1):
            near = {"value": safe(text), "fuzziness": most, "max_expansions": MOST_NEIGHBOURS}
            ways.append({"fuzzy": {field: near}})
        if alike := misread(text):
            ways.append(terms(field, alike))
        return any_of([constant(way, ranking.TYPO) for way in ways])

    def _name(self, name: Name) -> Json:
        every = {"bool": {"must": [self._word(word) for word in name.words]}}
        if not name.keys:
            return every
        return any_of([every, constant(terms("names", name.keys), ranking.NAME)])

    def _phrase(self, words: tuple[str, ...]) -> Json:
        ways = []
        for field, worth in (("words", ranking.PHRASE), ("subject", ranking.SUBJECT_WORD)):
            ways.append(self._side_by_side(field, words, worth))
            attached = [(first, *words[1:]) for first in behind_particles(words[0])]
            if attached:
                behind = [self._side_by_side(field, spelt, 1.0) for spelt in attached]
                boost = worth * ranking.BEHIND_PARTICLE
                ways.append({"dis_max": {"queries": behind, "boost": boost}})
        return any_of(ways)

    def _side_by_side(self, field: str, words: tuple[str, ...], boost: float) -> Json:
        return {"match_phrase": {field: {"query": safe(" ".join(words)), "boost": boost}}}

    def _prefix(self, prefix: Prefix) -> Json:
        return any_of([*self.elsewhere(prefix), *self.in_subject(prefix)])

    def _beginning(self, field: str, text: str, worth: float) -> list[Json]:
        ways = [constant({"prefix": {field: {"value": safe(text)}}}, worth)]
        if before := "|".join(
            before_beginning(text)
        ):  # both are plain letters: they mean themselves
            behind = {"value": f"({before}){safe(text)}.*", "flags": "NONE"}
            ways.append(constant({"regexp": {field: behind}}, worth * ranking.BEHIND_PARTICLE))
        return ways

    def _reference(self, reference: Reference) -> Json:
        field = "reference" if reference.own else "words"
        ways = [self._side_by_side(field, reference.words, ranking.PHRASE)]
        if reference.key:
            ways.append(constant(term("keys", reference.key), ranking.KEY))
        if reference.number:
            ways.append(constant(term("number_key", reference.number), ranking.SERIAL))
        return any_of(ways)

    def _day(self, day: Day) -> Json:
        ways = [constant(term("keys", day_term(day.value)), ranking.KEY)]
        if day.words:
            ways.append(self._side_by_side("words", day.words, ranking.PHRASE))
        return any_of(ways)

    def _number(self, number: Number) -> Json:
        ways = [constant(term("number_key", number.key), ranking.NUMBER)]
        if number.reference:
            ways.append(constant(term("keys", number.reference), ranking.KEY))
        if number.written:
            ways += self._written(number.written)
        return any_of(ways)

    def _written(self, number: str) -> list[Json]:
        """Match a number that stands in the letter, in one or in several groups of digits."""
        return [constant(term(field, number), ranking.KEY) for field in ("keys", "words")]

    def _digits(self, digits: Digits) -> Json:
        ways = [way for key in digits.keys for way in self._written(key)]
        if digits.groups:
            ways.append({"bool": {"must": [self.clause(group) for group in digits.groups]}})
        return any_of(ways)

    def _party(self, party: Party) -> Json:
        return {"bool": {"must": [self._party_word(party.role, word) for word in party.words]}}

    def _party_word(self, role: str, word: Word) -> Json:
        """Match a word of a sender or recipient; a sender who is only proposed counts less."""
        known = self._party_word_in(role, word)
        if role != "sender":
            return known
        proposed = self._party_word_in("proposed", word)
        proposed["bool"]["boost"] = ranking.PROPOSED
        return any_of([known, proposed])

    def _party_word_in(self, role: str, word: Word) -> Json:
        spelt = [f"s_{stem}" for stem in word.stems] + [f"n_{key}" for key in word.names]
        ways = [
            constant(term(role, word.text), ranking.PEOPLE),
            constant(terms(role, spelt), ranking.NAME),
        ]
        if word.typos:
            ways.append(self._near(role, word.text, word.typos))
        return any_of(ways)

    def _excluded(self, clause: Clause) -> Json:
        """Match excluded words and their likeliest stem, never typos, which would hide others."""
        if isinstance(clause, Word):
            return any_of([term("words", clause.text), term("stems", clause.stems[0])])
        if isinstance(clause, Party):
            clause = Party(clause.role, tuple(Word(w.text, most_typos=0) for w in clause.words))
        return self.clause(clause)

    def _limit(self, limit: Limit) -> Json:
        if isinstance(limit, Codes):
            return terms(limit.facet, limit.values)
        days = {"gte": limit.first.toordinal(), "lt": limit.end.toordinal()}
        return any_of([{"range": {name: days}} for name in ("day", "written_day")])

    def _bounds(self, query: SearchQuery) -> list[Json]:
        bounds: list[Json] = []
        registered: dict[str, int] = {}
        if query.after:
            registered["gte"] = _as_sort_key(query.after)
        if query.before:
            registered["lt"] = _as_sort_key(query.before)
        if registered:
            bounds.append({"range": {"sort_key": registered}})
        if query.due_before:
            bounds.append({"range": {"due_day": {"lt": query.due_before.toordinal()}}})
        return bounds


def _as_sort_key(when: datetime.datetime) -> int:
    return min(max(microseconds(when), 0) << 12, _LARGEST)
