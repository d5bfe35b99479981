"""Declined Arabic words reduced to a known noun: وبالفواتير to فاتورة, طلبكم to طلب.

`arabic_stems` takes off what is surely attached; here a list of nouns decides where a letter may be
a particle or the word's own, an ending its own or a possessive. Folded words only.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from language.arabic import arabic_stems
from language.arabic_nouns import NOUNS, PLURALS
from language.arabic_plurals import INNER_PLURALS
from language.arabic_words import BROKEN_PLURALS
from language.given_names import GIVEN_NAMES

# Of readings that take off as much the first is taken: an article is likelier than a particle.
_BEFORE: Final = tuple(
    f"{joined}{particle}"
    for particles in (("ال", "لل", "بال", "كال"), ("", "ب", "ل", "ك"))
    for joined in ("", "و", "ف")
    for particle in particles
)
_POSSESSIVES: Final = ("", "ه", "ها", "هم", "هما", "هن", "ك", "كم", "كما", "نا", "ي", "ني")
# Plural, dual and tanwin endings, as they stand before a possessive as well.
_ENDINGS: Final = ("", "ات", "ين", "ون", "ان", "و", "ا", "تين", "تان", "ي", "وا")
_OF_FEMININES: Final = ("ات", "تين", "تان")
_AMBIGUOUS: Final = frozenset(["اجراء"])  # a measure far oftener than the plural of أجير
_PLURALS: Final = {**BROKEN_PLURALS, **PLURALS, **INNER_PLURALS}
_LEAST: Final = 3
_SHORT: Final = frozenset(["حق", "حي", "اخ", "اب"])  # what is known of two letters
_SINGULAR: Final = (NOUNS | set(INNER_PLURALS.values()) | _SHORT).difference(PLURALS, INNER_PLURALS)
_KNOWN: Final = (_SINGULAR | _PLURALS.keys()) - _AMBIGUOUS


@lru_cache(maxsize=65_536)
def known_nouns(word: str) -> tuple[str, ...]:
    """Return the stems of the one or two known nouns that a folded word may be a form of.

    طلبه is طلبة of طالب and "his" طلب. The likelier first. () as well for a noun as it stands in
    the list: its stem is that of `arabic_stems`.
    """
    if len(word) < _LEAST or word in _SINGULAR or word in GIVEN_NAMES:
        return ()
    likeliest: tuple[str, ...] = ()
    length = 0
    for base, ending in _bases(word):
        # The least that is taken off is the likeliest.
        if len(base) > length and (nouns := _nouns(base, ending)):
            length, likeliest = len(base), nouns
    return tuple(dict.fromkeys(arabic_stems(noun)[0] for noun in likeliest))


def _bases(word: str) -> Iterator[tuple[str, str]]:
    """Yield what may be left of the word, longer or shorter, and the ending taken off it."""
    for before in _BEFORE:
        if not word.startswith(before):
            continue
        rest = word[len(before) :]
        owners = ("",) if before.endswith(("ال", "لل")) else _POSSESSIVES
        for owner in owners:
            if not rest.endswith(owner):
                continue
            owned = rest[: len(rest) - len(owner)]
            for ending in _ENDINGS:
                if owned.endswith(ending):
                    base = owned[: len(owned) - len(ending)]
                    if len(base) >= _LEAST or (not ending and base in _SHORT):
                        yield base, ending


def _nouns(base: str, ending: str) -> tuple[str, ...]:
    """Return the nouns a base may be.

    The noun itself; with the ta marbuta that a possessive opened, or the hamza it bent.
    """
    if ending in _OF_FEMININES and f"{base}ه" in _SINGULAR:
        return (f"{base}ه",)  # مقاطعات are no مقاطع
    if base in _KNOWN:
        noun = _PLURALS.get(base, base)
        owned = base in INNER_PLURALS and base.endswith("ه") and base[:-1] in _SINGULAR
        return (noun, base[:-1]) if owned else (noun,)
    spellings = [f"{base[:-1]}ه"] if base.endswith("ت") else []
    if base.endswith(("اي", "او")):
        spellings.append(f"{base[:-1]}ء")
    for spelt in (*spellings, f"{base}ه"):
        if spelt in _KNOWN and spelt not in INNER_PLURALS:
            return (_PLURALS.get(spelt, spelt),)
    return ()


# Nouns that share hardly a letter with their plural, as a stem: امرأة and نساء.
UNLIKE_PLURALS: Final = frozenset(
    stem
    for plural, noun in INNER_PLURALS.items()
    for stem in arabic_stems(noun)[:1]
    if stem[0] not in plural or len(set(stem).difference(plural)) > 1
)
