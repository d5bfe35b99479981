"""Which language a page is written in: Arabic, French or English."""

import re
from collections import Counter
from typing import Final

from language.fold import fold
from language.words import ENGLISH_FREQUENT, FRENCH_FREQUENT

_ARABIC: Final = re.compile(
    "[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06fc\ufb50-\ufdff\ufe80-\ufefc]"
)
_LATIN: Final = re.compile("[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
_LATIN_WORD: Final = re.compile("[a-z]+")
_FRENCH_ACCENT: Final = re.compile("[àâçèéêëîïôùûœÀÂÇÈÉÊËÎÏÔÙÛŒ]")

# Letter groups that are frequent in one language and rare in the other, spaces as word borders.
# They carry short and badly read texts, where hardly a word is whole.
_FRENCH_SIGNS: Final = re.compile(
    " qu|que|aux |eau|oir|eur |eux |ais |ait |ons |ez |ique|tre |lle |ette|aire|ee |ees |es |ou |"
    "eme|oi|ille|euse|ux |onn|aill|rai|ction de|ient "
)
_ENGLISH_SIGNS: Final = re.compile(
    " th|the|ing |ed |ly |ght|ow|wh|ck|oo|ee[dknpt]|sh|ould|ness|ful |ty | of |ay |y |k |w|ld |"
    "rth|ice |ent of|our |ey "
)


def script_share(text: str) -> float:
    """Return the share of Arabic letters among all letters of both scripts, 0.0 to 1.0.

    A text with no letter of either script has share 0.0.
    """
    arabic = len(_ARABIC.findall(text))
    latin = len(_LATIN.findall(text))
    return arabic / (arabic + latin) if arabic else 0.0


def detect_language(text: str) -> str:
    """Return "ar", "fr" or "en": the language of most of `text`; "" when it has no such letters.

    The script with more letters decides first. Between French and English, frequent words weigh
    most, then accents and letter groups, so that a badly read or very short text still gets an
    answer; a perfect tie is French, the second language of a Moroccan office.
    """
    if not _ARABIC.search(text) and not _LATIN.search(text):
        return ""
    if script_share(text) >= 0.5:
        return "ar"
    return "fr" if _french_lead(text) >= 0 else "en"


def _french_lead(text: str) -> float:
    """Return how much likelier French is than English for Latin letters; below zero is English."""
    words = _LATIN_WORD.findall(fold(text))
    counts = Counter(words)
    lead = 3.0 * sum(counts[word] for word in FRENCH_FREQUENT & counts.keys())
    lead -= 3.0 * sum(counts[word] for word in ENGLISH_FREQUENT & counts.keys())
    line = f" {' '.join(words)} "
    lead += 0.5 * len(_FRENCH_SIGNS.findall(line)) - 0.5 * len(_ENGLISH_SIGNS.findall(line))
    return lead + len(_FRENCH_ACCENT.findall(text))
