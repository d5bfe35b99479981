"""Words of the trade by what they mean, and how alike two spellings of a word are.

The words stand in `words.toml`. A text becomes a row of units: a word, or a phrase that the
thesaurus knows, each with its terms: concepts ("=meter") or else its stems.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from language.fold import fold_word
from language.stems import asked_forms, indexed_forms
from language.tokens import tokenize
from language.words import STOP_WORDS

_WORDS: Final = Path(__file__).with_name("words.toml")
_LONGEST_PHRASE: Final = 4
_JOINS: Final = str.maketrans("./_\\", "----")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or known phrase of a text, folded, and the terms under which it is found."""

    words: str
    terms: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Concepts by word and by phrase (a row of first stems), and insignificant words."""

    by_form: dict[str, tuple[str, ...]]
    by_phrase: dict[tuple[str, ...], tuple[str, ...]]
    ignored: frozenset[str]
    words: frozenset[str]

    def units(self, text: str) -> Iterator[Unit]:
        """Yield what a text consists of, insignificant words left out."""
        words = words_of(text)
        stems = [_first_form(word) for word in words]
        at = 0
        while at < len(words):
            length = self._phrase_at(stems, at)
            if length:
                concepts = self.by_phrase[tuple(stems[at : at + length])]
                for concept in concepts:  # a phrase means all of them: "no water"
                    yield Unit(" ".join(words[at : at + length]), (concept,), known=True)
            elif words[at] not in self.ignored:
                yield self.unit(words[at])
            at += length or 1

    def unit(self, word: str) -> Unit:
        """Return one folded word with its concepts, else its stems."""
        concepts = self.concepts(word)
        return Unit(word, concepts or indexed_forms(word), known=bool(concepts))

    def concepts(self, word: str) -> tuple[str, ...]:
        """Return what a folded word means; () where it is not known."""
        if found := self.by_form.get(word):
            return found
        for form in asked_forms(word):
            if found := self.by_form.get(form):
                return found
        return ()

    def _phrase_at(self, stems: Sequence[str], at: int) -> int:
        for length in range(min(_LONGEST_PHRASE, len(stems) - at), 1, -1):
            if tuple(stems[at : at + length]) in self.by_phrase:
                return length
        return 0


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in order; "31.13" and "31/13" are one word, as "31-13"."""
    found: list[str] = []
    for token in tokenize(text):
        word = token.folded
        if token.whole:
            pieces = len(list(tokenize(word))) - 1
            del found[max(len(found) - pieces, 0) :]
            word = word.translate(_JOINS)
        found.append(word)
    return found


@cache
def thesaurus() -> Thesaurus:
    """Return the words that ship, read once."""
    given = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    by_form: dict[str, dict[str, None]] = defaultdict(dict)
    by_phrase: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    spelt: set[str] = set()
    for concept, entries in given["concepts"].items():
        for entry in entries:
            words = words_of(entry)
            if len(words) == 1:
                spelt.add(words[0])
                for form in (words[0], _first_form(words[0])):
                    by_form[form][f"={concept}"] = None
            else:
                by_phrase[tuple(map(_first_form, words))][f"={concept}"] = None
    ignored = {fold_word(word) for word in given["ignored"]} | STOP_WORDS
    return Thesaurus(
        {form: tuple(found) for form, found in by_form.items()},
        {phrase: tuple(found) for phrase, found in by_phrase.items()},
        frozenset(ignored - spelt),
        frozenset(spelt),
    )


def _first_form(word: str) -> str:
    return asked_forms(word)[0]
