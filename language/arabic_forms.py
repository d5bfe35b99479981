"""Declined Arabic words taken back to a noun that is known: وبالفواتير to فاتورة, طلبكم to طلب.

`arabic_stems` takes off what is surely glued on; here a list of nouns decides where a letter may
be a particle or the word's own, an ending its own or a possessive. Folded words only.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from language.arabic import arabic_stems
from language.arabic_nouns import NOUNS, PLURALS
from language.arabic_words import BROKEN_PLURALS

_BEFORE: Final = tuple(
    f"{joined}{particle}"
    for joined in ("", "و", "ف")
    for particle in ("", "ال", "لل", "بال", "كال", "ب", "ل", "ك")
)
_POSSESSIVES: Final = ("", "ه", "ها", "هم", "هما", "هن", "ك", "كم", "كما", "نا", "ي", "ني")
# Plural, dual and tanwin endings, as they stand before a possessive as well.
_ENDINGS: Final = ("", "ات", "ين", "ون", "ان", "و", "ا", "تين", "تان", "ي", "وا")
_AMBIGUOUS: Final = frozenset(["اجراء"])  # a measure far oftener than the plural of أجير
_KNOWN: Final = frozenset(NOUNS | PLURALS.keys() | BROKEN_PLURALS.keys()) - _AMBIGUOUS
_LEAST: Final = 3


@lru_cache(maxsize=65_536)
def known_noun(word: str) -> str:
    """The stem of the known noun that a folded word is a form of, else "".

    "" as well for a noun as it stands in the list: its stem is that of `arabic_stems`.
    """
    if len(word) < _LEAST or (word in NOUNS and word not in PLURALS):
        return ""
    found = [noun for base in _bases(word) if (noun := _noun(base))]
    # The least that is taken off is the likeliest.
    return arabic_stems(max(found, key=len))[0] if found else ""


def _bases(word: str) -> Iterator[str]:
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
                    if len(base) >= _LEAST:
                        yield base


def _noun(base: str) -> str:
    """The noun itself; with the ta marbuta that a possessive opened, or the hamza it bent."""
    spellings = [base]
    if base.endswith("ت"):
        spellings.append(f"{base[:-1]}ه")
    if base.endswith(("اي", "او")):
        spellings.append(f"{base[:-1]}ء")
    spellings.append(f"{base}ه")
    for spelt in spellings:
        if spelt in _KNOWN:
            return PLURALS.get(spelt) or BROKEN_PLURALS.get(spelt) or spelt
    return ""
