"""Names as keys: what a name in Latin and in Arabic letters share, in the index and in queries."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_parts import Word, words_of
from language.name_places import named_in
from language.name_sounds import A, I, Sound, U, sound_of
from language.name_words import BODIES
from language.tokens import Token

_BODIES: Final = frozenset(f"={code}" for code in BODIES)
_LEAST: Final = 3
_LONGEST: Final = 20
_MOST_NAMES: Final = 400
_CONSONANT_OU: Final = re.compile(r"ou[^aeiouy]")
_ALL: Final = A | I | U


def names_in_text(text: str, tokens: list[Token]) -> set[str]:
    """Return the keys of the persons that a text seems to name, each with its script.

    The first 400 are taken. A text names many that are no persons: there only a name in the other
    script is searched for.
    """
    keys: set[str] = set()
    for count, name in enumerate(named_in(text, tokens)):
        if count == _MOST_NAMES:
            break
        keys |= {f"{key}@{_script(name)}" for key in name_terms(name)}
    return keys


def listed_terms(name: str, keys: frozenset[str]) -> tuple[str, ...]:
    """Return the index terms for these keys of a name.

    They are searched among parties, and in texts of the other script; those of a name that may be
    written in one word or in several, in texts of its own script as well.
    """
    scripts = "al" if any(word.several for word in words_of(name)) else _other(name)
    return _terms_in(scripts, keys)


def person_terms(name: str) -> tuple[str, ...]:
    """Return the index terms for a person of that name: parties, and texts of either script."""
    return _terms_in("al", query_name_terms(name))


def _terms_in(scripts: str, keys: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({*keys, *(f"{key}@{script}" for key in keys for script in scripts)}))


def _other(name: str) -> str:
    return "l" if _script(name) == "a" else "a"


def _script(name: str) -> str:
    return "a" if any("\u0600" < char < "\ufeff" for char in name) else "l"


@lru_cache(maxsize=16_384)
def name_terms(name: str) -> frozenset[str]:
    """Return the keys of all words of a name.

    Also of the names within them (Fatima and Zahra in Fatima-Zahra), and of the bodies it names
    (ONEE in either language).
    """
    words = words_of(name)
    parts = (part for word in words for part in word.parts)
    return frozenset(key for word in (*words, *parts) for key in _keys(word))


@lru_cache(maxsize=16_384)
def query_name_terms(name: str) -> frozenset[str]:
    """Return the keys of a name in a query, without those too short to be distinctive.

    A name within another has none: a search for Fatima-Zahra is not one for every Fatima.
    """
    words = words_of(name)
    keys = {key for word in words for key in _keys(word)}
    short = {key for key in keys if len(key) < _LEAST and key not in _BODIES}
    return frozenset(keys - short if short and not _is_given(words) else keys)


def _is_given(words: tuple[Word, ...]) -> bool:
    """Return whether it is one word that sounds as a common given name does (Anass as Anas)."""
    return len(words) == 1 and any(sound in _given_sounds() for sound in words[0].sounds)


@lru_cache(maxsize=1)
def _given_sounds() -> frozenset[Sound]:
    return frozenset(
        sound for name in GIVEN_NAMES for word in words_of(name) for sound in word.sounds
    )


def _keys(word: Word) -> set[str]:
    if word.concept:
        return {word.concept} & _BODIES
    begin = "bd" if word.servant else ""
    return {begin + key for form in word.forms for key in _form_keys(form, sound_of(form))}


def _form_keys(form: str, sound: Sound) -> Iterator[str]:
    """Yield the key of a form, and those under which the other script may have it."""
    if not 0 < len(sound.consonants) <= _LONGEST:
        return
    key = _key(sound)
    yield key
    if sound.ending == "?":
        yield f"{key}a"  # لقجع, Lekjaa
    if sound.arabic and len(form) > 3 and form.endswith("اه"):
        yield f"{key[:-1]}t"  # نجاة, Najat
    if _CONSONANT_OU.match(form):
        yield f"w{key}"  # Oudghiri, الودغيري
    if len(sound.consonants) == 2 and (vowels := _shared_vowels(sound.vowels)):
        yield f"{key}{vowels}"  # Ouchen, اوشن


def _shared_vowels(vowels: tuple[int, ...]) -> str:
    """Return the vowels of a word with two consonants that both scripts show, or ""."""
    if vowels[0] & U:
        return "u"
    return "o" if vowels[1] & _ALL == _ALL else ""  # Bouayach, بوعياش


def _key(sound: Sound) -> str:
    """Return the key; a single consonant gets a u, to distinguish Alaoui from Ali."""
    alone = len(sound.consonants) < 2 and any(vowel & U for vowel in sound.vowels)
    return sound.key + ("w" if alone else "")
