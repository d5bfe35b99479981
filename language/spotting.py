"""Where wanted words may stand in a text: seen by a few of their letters, without cutting it.

Nearly all words of a text are none of the wanted ones; one compiled pattern passes over them.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from language.arabic_forms import UNLIKE_PLURALS
from language.fold import fold

LONGEST: Final = 40  # letters of a word that is stemmed
_LATIN: Final = [chr(code) for code in (*range(0x21, 0x7F), *range(0xA1, 0x100))]
_ARABIC: Final = [chr(code) for code in (*range(0x600, 0x64B), *range(0x660, 0x66E))]
_SIGNS: Final = [chr(code) for code in range(0x2010, 0x2028)]
# Letters of words, the rarest of each script first; those not named are rarer.
_FREQUENT: Final = "ظغزذثضخطصشءجحكقسفعدبترهنميولاwkxyzjqhbgfvmpcdluotinrsae"
_FEW: Final = 3
_PIECE: Final = r"\S*+"


def _written() -> dict[str, str]:
    """Return folded sign → how it is written, of the signs that are folded one by one."""
    written: defaultdict[str, list[str]] = defaultdict(list)
    for sign in (*_LATIN, *_ARABIC, *_SIGNS):
        folded = fold(sign)
        letter = folded.isascii() or "\u0600" <= folded < "\u0700"
        if len(folded) == 1 and (letter or not sign.isalnum()):
            written[folded].append(sign)
    return {folded: "".join(signs) for folded, signs in written.items()}


_WRITTEN: Final = _written()
_KNOWN: Final = "".join(_WRITTEN.values())
# Marks inside words, ligatures, other alphabets: pieces with one of them are always looked at.
_OTHER: Final = re.compile(rf"[^\s{re.escape(_KNOWN)}]{_PIECE}")
_A: Final = "".join(sign for sign in _KNOWN if sign.isalpha() and sign >= "\u0600")
_L: Final = "".join(sign for sign in _KNOWN if sign.isalpha() and sign < "\u0600")
# Behind the first letter of a word. Arabic may write its article against a Latin word.
_BEGINS: Final = r"(?<![^\W_\u0600-\u06ff].)"
_SHORT: Final = r"[^\W_]{0,4}(?![^\W_])"  # the rest of a word of five letters
_ANY: Final = ("any", "")  # the key of what any word may be
_BETWEEN: Final = rf"[^\W_]{{0,{LONGEST}}}?"


class Spotter:
    """Finds the pieces of texts, between white space, that may hold wanted words; misses none.

    All of them folded: `words` stand as they are, some words begin with one of `begins`, and those
    of `stems` are among the forms of others (`language.stems.indexed_forms`). `near` are words of
    which others lack so many letters at most; `scripts`: "a" wants all Arabic words, "l" Latin.
    """

    def __init__(
        self,
        words: Iterable[str] = (),
        begins: Iterable[str] = (),
        stems: Collection[str] = (),
        *,
        near: Iterable[tuple[str, int]] = (),
        scripts: Iterable[str] = (),
    ) -> None:
        keys = {("script", script) for script in scripts}
        for word in (*words, *begins):
            other = not word.isascii()
            keys.add(_lacking(word, int(len(word) >= _FEW)) if other else ("begin", word[:_FEW]))
        for stem in stems:
            keys.add(("stem", stem[:2]) if stem.isascii() else _lacking(stem, 1))
        keys -= {key for key in keys if key[0] == "begin" and ("stem", key[1][:2]) in keys}
        keys |= {_lacking(word, most) for word, most in near}
        if not UNLIKE_PLURALS.isdisjoint(stems):
            keys.add(_ANY)
        self._spot = _pattern(tuple(sorted(keys)))

    def __call__(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the pieces in order, each with its place."""
        spots = [spot.span() for spot in self._spot.finditer(text)] if self._spot else []
        if others := [spot.span() for spot in _OTHER.finditer(text)]:
            spots = sorted([*spots, *others])
        last = 0
        for start, end in spots:
            if end == last:
                continue
            while start > last and not text[start - 1].isspace():
                start -= 1
            yield start, text[start:end]
            last = end


def _lacking(word: str, most: int) -> tuple[str, str]:
    """Return the key of words that lack so many letters of this one at most: by its rarest."""
    letters = sorted(set(word) & _WRITTEN.keys(), key=_FREQUENT.find)[: most + 2]
    if len(word) > LONGEST or len(letters) <= most:
        return _ANY
    return "two" if len(letters) > most + 1 else "one", "".join(letters)


def _pattern(keys: tuple[tuple[str, str], ...]) -> re.Pattern[str] | None:
    """Return the pattern of places by which the words of these keys are seen; None for none."""
    ways = [way for kind, letters in keys for way in _ways(kind, letters)]
    if not ways:
        return None
    firsts = "".join(dict.fromkeys("".join(first for first, _ in ways)))
    rests = "|".join(f"(?<={_one_of(first)}){rest}" for first, rest in ways)
    return re.compile(f"{_one_of(firsts)}(?:{rests}){_PIECE}", re.DOTALL)


def _ways(kind: str, letters: str) -> Iterator[tuple[str, str]]:
    """Yield the signs at which a word may be seen, and the pattern of what follows them."""
    if not letters:
        yield _KNOWN, ""
        return
    if kind == "script":
        yield _A if letters == "a" else _L, ""
        return
    spelt = [_WRITTEN.get(letter, "") for letter in letters]
    if kind == "one":
        yield "".join(spelt), ""
    elif kind == "two":
        for place, signs in enumerate(spelt):
            others = "".join(spelt[:place] + spelt[place + 1 :])
            yield signs, f"{_BETWEEN}{_one_of(others)}"
    elif all(spelt):
        first, *more = spelt
        rest = "".join(_one_of(signs) for signs in more)
        yield first, _BEGINS + (f"(?:{rest}|{_SHORT})" if kind == "stem" and rest else rest)


def _one_of(signs: str) -> str:
    # A range, which holds two signs more, is compiled in no time; four signs apart are not.
    return f"[{re.escape(signs)}]".replace("آأإا", "آ-ا")
