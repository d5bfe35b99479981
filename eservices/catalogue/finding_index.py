"""An index of service types in memory, and how well each answers a search.

BM25 over fields (titles weigh most) of concepts and stems; to that is added how much the search
and the one phrase of the type that is most like it (a title, a synonym, a question) have in common.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eservices.catalogue.definition import LANGUAGES, Definition, Text
from eservices.catalogue.spelling import Spelling
from eservices.catalogue.thesaurus import Thesaurus, Unit, words_of

TITLE, SYNONYM, KEYWORD, SUMMARY, ASIDE = 4.0, 3.0, 2.5, 1.0, 0.4
_PHRASES: Final = {TITLE: 1.0, SYNONYM: 1.0, KEYWORD: 0.8, ASIDE: 0.5}
_SATURATION: Final = 2.5  # k1: a word that stands there often says little more
_BY_LENGTH, _USUAL_LENGTH = 0.75, 3  # b, and the units of a usual title or synonym
_PHRASE_SHARE: Final = 1.5  # of the most like phrase, beside BM25
_ASIDE_SHARE: Final = 0.4  # how much a word tells that only pieces, options or questions say
_OWN_LANGUAGE: Final = 1.05
_MOST_UNITS: Final = 12
_LEAST_SHARE: Final = 0.3  # of the best score; what is below is no answer
Terms = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of a type: its terms, what they weigh together, and what it counts for."""

    place: int
    language: str
    terms: tuple[tuple[str, ...], ...]
    weight: float
    factor: float


class Index:
    """What the published types say, by word; ranks them for a search."""

    def __init__(self, definitions: Sequence[Definition], thesaurus: Thesaurus) -> None:
        """Read the types once."""
        self.codes = [one.code for one in definitions]
        self._thesaurus = thesaurus
        self._weights: list[dict[str, float]] = [defaultdict(float) for _ in definitions]
        self._telling: set[str] = set()  # terms of titles, synonyms, keywords and summaries
        spelt = set(thesaurus.words)
        rows: list[tuple[int, str, tuple[Unit, ...], float]] = []
        for place, definition in enumerate(definitions):
            for language, text, field in _texts(definition):
                units = tuple(thesaurus.units(text))
                spelt.update(word for word in words_of(text) if word not in thesaurus.ignored)
                told = field * _shortness(len(units))
                for unit in units:
                    for term in set(unit.terms):
                        self._weights[place][term] += told
                    if field > ASIDE:
                        self._telling.update(unit.terms)
                if field in _PHRASES and units:
                    rows.append((place, language, units, _PHRASES[field]))
        self._rarity = self._rarities()
        self._spelling = Spelling(sorted(word for word in spelt if not word.isdecimal()))
        self._phrases, self._by_term = self._phrases_of(rows)

    def rank(self, text: str, *, language: str) -> list[tuple[str, float]]:
        """Return the codes that answer a search with their scores, the best first."""
        asked = self._asked(text)
        if not asked:
            return []
        whole = sum(self._worth(terms) for terms in asked)
        alike = self._likeness(asked, whole, language)
        scores = {}
        for place, code in enumerate(self.codes):
            score = sum(self._match(terms, place) for terms in asked)
            score += _PHRASE_SHARE * whole * alike.get(place, 0.0)
            if score > 0:
                scores[code] = score
        best = max(scores.values(), default=0.0)
        kept = [(code, score) for code, score in scores.items() if score >= best * _LEAST_SHARE]
        order = {code: place for place, code in enumerate(self.codes)}
        return sorted(kept, key=lambda one: (-round(one[1], 6), order[one[0]]))

    def _asked(self, text: str) -> list[dict[str, float]]:
        """Return, for each significant word, the terms it may stand for with weights."""
        found: list[dict[str, float]] = []
        for unit in list(self._thesaurus.units(text))[:_MOST_UNITS]:
            found.extend(self._meant(unit))
        return found

    def _meant(self, unit: Unit) -> Iterator[dict[str, float]]:
        if unit.known or any(term in self._rarity for term in unit.terms):
            yield dict.fromkeys(unit.terms, 1.0)
            return
        if parts := self._spelling.parts(unit.words):
            for part in parts:
                yield dict.fromkeys(self._thesaurus.unit(part).terms, 0.9)
            return
        terms: dict[str, float] = {}
        for word, weight in self._spelling.likely(unit.words).items():
            for term in self._thesaurus.unit(word).terms:
                terms[term] = max(terms.get(term, 0.0), weight)
        yield terms or dict.fromkeys(unit.terms, 1.0)

    def _worth(self, terms: Terms) -> float:
        return max(self._rare(term) * weight for term, weight in terms.items())

    def _rare(self, term: str) -> float:
        return self._rarity.get(term, self._unknown)

    def _match(self, terms: Terms, place: int) -> float:
        """Return what one word of the search adds to a type's score."""
        best = 0.0
        for term, weight in terms.items():
            count = self._weights[place].get(term, 0.0)
            if count:
                share = count / (count + _SATURATION)
                best = max(best, self._rare(term) * weight * share)
        return best

    def _likeness(self, asked: Sequence[Terms], whole: float, language: str) -> dict[int, float]:
        """Return, by type, how much the most alike of its phrases has in common with a search."""
        numbers = {n for terms in asked for term in terms for n in self._by_term.get(term, ())}
        best: dict[int, float] = {}
        for phrase in (self._phrases[n] for n in numbers):
            common = 0.0
            held = {term for unit in phrase.terms for term in unit}
            for terms in asked:
                shared = [self._rare(t) * w for t, w in terms.items() if t in held]
                common += max(shared, default=0.0)
            alike = min(2 * common / (whole + phrase.weight), 1.0) * phrase.factor
            alike *= _OWN_LANGUAGE if phrase.language == language else 1.0
            best[phrase.place] = max(best.get(phrase.place, 0.0), alike**1.5)
        return best

    def _rarities(self) -> dict[str, float]:
        """Return the weight of each term: the fewer types have it, the higher."""
        count: dict[str, float] = defaultdict(float)
        for weights in self._weights:
            for term, weight in weights.items():
                count[term] += min(weight / SYNONYM, 1.0)
        types = len(self.codes)
        self._unknown = math.log(1 + types)
        rare = {t: math.log(1 + (types - n + 0.5) / (n + 0.5)) for t, n in count.items()}
        return {t: told if t in self._telling else told * _ASIDE_SHARE for t, told in rare.items()}

    def _phrases_of(
        self, rows: Sequence[tuple[int, str, tuple[Unit, ...], float]]
    ) -> tuple[list[_Phrase], dict[str, list[int]]]:
        phrases: list[_Phrase] = []
        by_term: dict[str, list[int]] = defaultdict(list)
        for place, language, units, factor in rows:
            terms = tuple(unit.terms for unit in units)
            weight = sum(max(map(self._rare, unit)) for unit in terms)
            for term in {term for unit in terms for term in unit}:
                by_term[term].append(len(phrases))
            phrases.append(_Phrase(place, language, terms, weight, factor))
        return phrases, dict(by_term)


def _shortness(units: int) -> float:
    """Return what a word weighs in a text of so many units, as BM25 does: the shorter, the more."""
    return 1 / (1 - _BY_LENGTH + _BY_LENGTH * units / _USUAL_LENGTH)


def _texts(definition: Definition) -> Iterator[tuple[str, str, float]]:
    """Yield the texts of a type by which it is found: language, text, weight of the field."""
    for language in LANGUAGES:
        for text in definition.synonyms.get(language, ()):
            yield language, text, SYNONYM
        for text in definition.keywords.get(language, ()):
            yield language, text, KEYWORD
    fields: list[tuple[Text, float]] = [(definition.title, TITLE), (definition.summary, SUMMARY)]
    fields += [(piece.title, ASIDE) for piece in definition.pieces]
    fields += [(article.question, ASIDE) for article in definition.knowledge]
    for one in definition.fields():
        fields += [(option.label, ASIDE) for option in one.options]
    for words, field in fields:
        for language in LANGUAGES:
            if text := words.in_(language):
                yield language, text, field
