"""Light stems: plural and prefixed forms of a word share one form.

French and English stems are Snowball's, of the word **without accents**: a person who searches
types "reclamation", a scan is read as "reclamation", and both must match "réclamations".
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Final

import snowballstemmer

from language.arabic import arabic_stems
from language.arabic_forms import UNLIKE_PLURALS, known_nouns
from language.fold import fold_word
from language.french import french_stem

_ARABIC_LETTERS: Final = range(0x0620, 0x0700)
_SHORT: Final = 5  # letters of the longest English word of which one may stay: dying, die


def stem(word: str, language: str) -> str:
    """Return the light stem of one word; `language` is "ar", "fr" or "en", else only folded.

    Any spelling is accepted: the word is folded first. Arabic words are stemmed as Arabic and
    words with digits are left whole whatever the language says.
    """
    return _stems(fold_word(word), language)[0]


@lru_cache(maxsize=65_536)
def index_stems(word: str) -> tuple[str, ...]:
    """Return every stem under which a word can be found, the likeliest first.

    For words whose language is not declared, as in a query or a mixed page: Arabic letters give the
    Arabic readings (a first و or ب may be a particle or not), Latin letters the French and the
    English stem.
    """
    folded = fold_word(word)
    if _is_arabic(folded):
        return _stems(folded, "ar")
    return tuple(dict.fromkeys((*_stems(folded, "fr"), *_stems(folded, "en"))))


def query_stems(word: str) -> tuple[str, ...]:
    """Return the stems to look for: those of `index_stems`, of other readings only long ones.

    A short second reading would find another word: بلدية must not find every لدى.
    """
    likeliest, *others = index_stems(word)
    if not _is_arabic(likeliest):
        return (likeliest, *others)
    return (likeliest, *(other for other in others if len(other) >= 4))


@lru_cache(maxsize=131_072)
def indexed_forms(word: str) -> tuple[str, ...]:
    """Return `index_stems`, and the stem of the known Arabic noun the word may be a form of."""
    stems = index_stems(word)
    nouns = known_nouns(fold_word(word)) if _is_arabic(stems[0]) else ()
    return tuple(dict.fromkeys((*stems, *nouns))) if nouns else stems


def asked_forms(word: str) -> tuple[str, ...]:
    """Return `query_stems`, led by the stem of the known Arabic noun the word may be a form of."""
    stems = query_stems(word)
    nouns = known_nouns(fold_word(word)) if _is_arabic(stems[0]) else ()
    return tuple(dict.fromkeys((*nouns, *stems))) if nouns else stems


class Meeting:
    """Tells of folded words whether any of some stems can be among their `indexed_forms`.

    By their letters, which spares the stemming of nearly all words of a text. Never False for a
    word that has one of the stems.
    """

    def __init__(self, stems: Collection[str]) -> None:
        self._letters = [frozenset(stem) for stem in stems]
        self._begins = {kept: frozenset(stem[:kept] for stem in stems) for kept in (1, 2)}
        self._unlike = not UNLIKE_PLURALS.isdisjoint(stems)

    def __call__(self, word: str) -> bool:
        if word.isascii():
            # Latin stems are words with another end: of longer ones two letters stay at least.
            kept = 2 if len(word) > _SHORT else 1
            return word[:kept] in self._begins[kept]
        if self._unlike:
            return True
        for letters in self._letters:
            if len(letters.difference(word)) <= 1:
                return True
        return word[:1] in self._begins[1] and not _is_arabic(word)


def _is_arabic(word: str) -> bool:
    return any(ord(char) in _ARABIC_LETTERS for char in word)


@lru_cache(maxsize=131_072)
def _stems(folded: str, language: str) -> tuple[str, ...]:
    if not folded.isalpha() or len(folded) > 40:
        return (folded,)
    if _is_arabic(folded):
        return arabic_stems(folded)
    if language == "fr":
        return (french_stem(folded),)
    if language == "en":
        # One stemmer for each call, as in `french_stem`.
        return (snowballstemmer.stemmer("english").stemWord(folded) or folded,)
    return (folded,)
