"""Names as keys: what a name in Latin and in Arabic letters share, in the index and in queries."""

from functools import lru_cache
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_parts import Word, words_of
from language.name_places import named_in
from language.name_sounds import Sound, U
from language.name_words import BODIES
from language.tokens import Token

_BODIES: Final = frozenset(f"={code}" for code in BODIES)
_LEAST: Final = 3
_LONGEST: Final = 20
_MOST_NAMES: Final = 400


def names_in_text(text: str, tokens: list[Token]) -> set[str]:
    """The keys of the persons that a text seems to name, each with its script; of the first 400.

    A text names many that are no persons: there only a name in the other script is looked for.
    """
    keys: set[str] = set()
    for count, name in enumerate(named_in(text, tokens)):
        if count == _MOST_NAMES:
            break
        keys |= {f"{key}@{_script(name)}" for key in name_terms(name)}
    return keys


def listed_terms(name: str, keys: frozenset[str]) -> tuple[str, ...]:
    """Where to look for these keys of a name: among parties, and in texts of the other script."""
    other = "l" if _script(name) == "a" else "a"
    return tuple(sorted({*keys, *(f"{key}@{other}" for key in keys)}))


def _script(name: str) -> str:
    return "a" if any("\u0600" < char < "\ufeff" for char in name) else "l"


@lru_cache(maxsize=16_384)
def name_terms(name: str) -> frozenset[str]:
    """The keys of all words of a name, and of the bodies it names (ONEE in either language)."""
    return frozenset(key for word in words_of(name) for key in _keys(word))


def asked_name_terms(name: str) -> frozenset[str]:
    """The keys to look for, without those so short that they say little."""
    given = name in GIVEN_NAMES
    return frozenset(
        key for key in name_terms(name) if given or key in _BODIES or len(key) >= _LEAST
    )


def _keys(word: Word) -> set[str]:
    if word.concept:
        return {word.concept} & _BODIES
    begin = "bd" if word.servant else ""
    return {begin + _key(sound) for sound in word.sounds if 0 < len(sound.consonants) <= _LONGEST}


def _key(sound: Sound) -> str:
    """Alaoui and Ali have the same consonants: where there is only one, a u tells."""
    alone = len(sound.consonants) < 2 and any(vowel & U for vowel in sound.vowels)
    return sound.key + ("w" if alone else "")
