"""One spelling for comparison: case, accents, Arabic letter variants and digits folded away.

Folding is for finding and comparing, never for showing: the original spelling is kept elsewhere.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_SAME_LETTER: Final = {
    # Persian and Urdu code points, and the Moroccan letters for g, v and p, as people mix them.
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ٵ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ٸ": "ي",
    "ة": "ه", "ۃ": "ه", "ھ": "ه", "ہ": "ه", "ە": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك", "ݣ": "ك",
    "ڤ": "ف", "ڥ": "ف", "ڢ": "ف", "ڧ": "ق", "ڨ": "ق", "پ": "ب", "چ": "ج",
    "ٶ": "و", "ۆ": "و", "ۇ": "و", "ۋ": "و",
    # Latin letters that carry no accent to take off.
    "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    # One apostrophe and one hyphen, whatever the word processor made of them.
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "ʹ": "'", "`": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
}  # fmt: skip

# Harakat written on their own decompose to a space and a mark, which would cut a word in two.
_LONELY_MARKS: Final = dict.fromkeys([*range(0xFC5E, 0xFC64), *range(0xFE70, 0xFE80)])
_TATWEEL: Final = 0x0640


class _FoldTable(dict[int, str | int | None]):
    """Maps a decomposed code point to its folded form; computes each code point once."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        category = unicodedata.category(char)
        folded: str | int | None = code
        if category in ("Mn", "Me", "Cf") or code == _TATWEEL:
            folded = None  # accents, harakat, a hamza carried by a letter, bidi controls, joiners
        elif category == "Nd":
            folded = str(unicodedata.decimal(char))
        self[code] = folded
        return folded


_TABLE: Final = _FoldTable({ord(char): folded for char, folded in _SAME_LETTER.items()})


def fold(text: str) -> str:
    """Return `text` in the one spelling used to compare.

    NFKC with compatibility forms opened (presentation forms, ligatures, full width), lower case,
    without accents, harakat, tatweel and bidi controls; hamza carriers, alef, ya, kaf and ta
    marbuta variants are one letter each; every decimal digit is ASCII; œ is oe, æ is ae.
    A hamza that stands alone (ماء) is kept: without it the word would be another one.

    The length may change, and folding twice changes nothing more.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    opened = unicodedata.normalize("NFKD", text.translate(_LONELY_MARKS)).casefold()
    return unicodedata.normalize("NFKD", opened).translate(_TABLE)


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """Fold one word, cached: the words of an office repeat."""
    return fold(word)
