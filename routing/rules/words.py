"""Words and patterns of a rule's conditions, matched in bounded time.

Users write no regular expressions: a line of words, a "phrase", an ending *, and for numbers
patterns of * (anything) and # (one digit). Each is matched in at most the product of its lengths.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from language.fold import fold
from language.stems import index_stems, query_stems
from language.tokens import tokenize

MOST_TEXT: Final = 100_000  # characters of a letter that rules look at
MOST_VALUE: Final = 4_000  # characters of one condition
MOST_LINES: Final = 60
MOST_WORDS: Final = 12  # of a line
MOST_PATTERN: Final = 60
_PART: Final = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+)')


class TooMuchError(Exception):
    """A condition that would cost more than a rule may."""


class NoWordsError(Exception):
    """A line holds no word that can be searched for."""


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One word of a condition: matched exactly, by its beginning, or in any of its forms."""

    folded: str
    stems: frozenset[str]
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class WantedLine:
    """All of its phrases must stand in the text; a single word is a phrase of one."""

    written: str
    phrases: tuple[tuple[WordPattern, ...], ...]


@lru_cache(maxsize=1024)
def wanted_lines(value: str) -> tuple[WantedLine, ...]:
    """Parse the lines of a condition; raise TooMuchError and NoWordsError."""
    lines = tuple(_wanted_line(line) for line in split_lines(value))
    if not lines:
        raise NoWordsError
    return lines


def split_lines(value: str) -> list[str]:
    """Return the non-empty lines; raise TooMuchError beyond what a condition may hold."""
    if len(value) > MOST_VALUE:
        raise TooMuchError
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooMuchError
    return lines


def _wanted_line(line: str) -> WantedLine:
    phrases = tuple(filter(None, (_phrase(*part) for part in _parts(line))))
    if not phrases:
        raise NoWordsError
    if sum(map(len, phrases)) > MOST_WORDS:
        raise TooMuchError
    return WantedLine(line, phrases)


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """Yield the quoted and unquoted parts of a line, and whether each is one phrase."""
    for match in _PART.finditer(line):
        quoted = match[1] or match[2] or match[3]
        if quoted:
            yield quoted, True
        elif match[4]:
            yield match[4], False


def _phrase(part: str, quoted: bool) -> tuple[WordPattern, ...]:
    exact, beginning = part.startswith("="), part.endswith("*") and not quoted
    words = [token.folded for token in tokenize(part) if not token.whole]
    wanted = [_wanted(word, exact=exact) for word in words if word]
    if beginning and wanted:
        wanted[-1] = WordPattern(wanted[-1].folded, frozenset(), beginning=True)
    return tuple(wanted)


def _wanted(folded: str, *, exact: bool) -> WordPattern:
    return WordPattern(folded, frozenset() if exact else frozenset(query_stems(folded)))


class Words:
    """The words of a text with their places, ready for any number of lookups."""

    def __init__(self, text: str) -> None:
        """Look at no more than MOST_TEXT characters of it."""
        self._places: dict[str, list[int]] = {}
        at = -1
        for token in tokenize(text[:MOST_TEXT]):
            at += not token.whole
            self._places.setdefault(token.folded, []).append(at)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._places:
            for stem in index_stems(word):
                found.setdefault(stem, []).append(word)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    def first_of(self, lines: Iterable[WantedLine]) -> str:
        """Return the first of the lines whose phrases all occur here, as written; "" for none."""
        return next((line.written for line in lines if self._holds(line)), "")

    def _holds(self, line: WantedLine) -> bool:
        return all(self._stands(phrase) for phrase in line.phrases)

    def _stands(self, phrase: tuple[WordPattern, ...]) -> bool:
        ends = self._places_of(phrase[0])
        for wanted in phrase[1:]:
            if not ends:
                return False
            ends = {place + 1 for place in ends} & self._places_of(wanted)
        return bool(ends)

    def _places_of(self, wanted: WordPattern) -> set[int]:
        return {place for word in self._forms(wanted) for place in self._places[word]}

    def _forms(self, wanted: WordPattern) -> set[str]:
        """Return the words of the text that are a form of the one wanted."""
        if wanted.beginning:
            start = bisect_left(self._sorted, wanted.folded)
            end = bisect_left(self._sorted, wanted.folded + "\U0010ffff")
            return set(self._sorted[start:end])
        forms = {wanted.folded} if wanted.folded in self._places else set()
        return forms.union(*(self._by_stem.get(stem, ()) for stem in wanted.stems))


def patterns_of(value: str) -> list[str]:
    """Return the patterns of a condition, one a line; raise TooMuchError and NoWordsError."""
    lines = split_lines(value)
    if any(len(line) > MOST_PATTERN for line in lines):
        raise TooMuchError
    if any(not re.search(r"[\w#]", line) for line in lines):
        raise NoWordsError
    return lines


def fits_pattern(pattern: str, text: str) -> bool:
    """Return whether the whole text matches: * is anything, # one digit.

    Letters are folded, spaces left out. The time is at most the product of both lengths, whatever
    the pattern.
    """
    wanted, given = _plain(pattern[:MOST_PATTERN]), _plain(text[:500])
    at = place = 0
    star = mark = -1
    while place < len(given):
        if at < len(wanted) and wanted[at] == "*":
            star, mark = at, place
            at += 1
        elif at < len(wanted) and _same(wanted[at], given[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = star + 1, mark
        else:
            return False
    return not wanted[at:].strip("*")


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _same(wanted: str, given: str) -> bool:
    return given.isdecimal() if wanted == "#" else wanted == given


def fits_address(wanted: str, address: str) -> bool:
    """Return whether an e-mail address matches a whole address with @, or a domain and below."""
    if "@" in wanted:
        return fits_pattern(wanted, address)
    domain = address.rpartition("@")[2]
    return fits_pattern(wanted, domain) or fits_pattern(f"*.{wanted}", domain)
