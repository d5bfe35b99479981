"""Where a text names persons: words after a title or around a given name, and lines of a name."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_words import JOINED, SERVANT, TITLES
from language.tokens import Token
from language.words import STOP_WORDS

LOOKED_AT: Final = 100_000
_AFTER_TITLE: Final = 4
_AFTER_GIVEN: Final = 3
_HEAD: Final = 15  # lines
_FOOT: Final = 12
_GAP: Final = re.compile(r"[^\S\n]?[.'’\-]?[^\S\n]?")
_WRITTEN_LOW: Final = frozenset(["el", "al", "ben", "bin", "de", "ait", "ou"])
_NEVER: Final = STOP_WORDS - frozenset(["ل"])


def named_in(text: str, tokens: list[Token]) -> Iterator[str]:
    """Yield the pieces of a text that are probably names of persons, as they are written.

    `tokens` are the words of the text (`language.tokens`, without wholes). Some pieces are no
    names: they are for finding a letter by a name in other letters, where a needless one costs a
    few bytes. Only the first 100,000 characters are examined.
    """
    lines = list(_lines(text, tokens))
    for place, line in enumerate(lines):
        at_edge = place < _HEAD or place >= len(lines) - _FOOT
        written = text[line[0].start : line[-1].end]
        if at_edge and 2 <= len(line) <= 5 and len(written) <= 60 and _only_a_name(text, line):
            yield written
        else:
            yield from _within(text, line)


def _lines(text: str, tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each line that has any."""
    line: list[Token] = []
    for token in tokens:
        if token.start >= LOOKED_AT:
            break
        if line and "\n" in text[line[-1].end : token.start]:
            yield line
            line = []
        line.append(token)
    if line:
        yield line


def _only_a_name(text: str, tokens: list[Token]) -> bool:
    end = text.find("\n", tokens[-1].end)
    behind = text[tokens[-1].end : end if end >= 0 else len(text)][:3]
    return (
        not any(char in ":?!؟" for char in behind)
        and all(_may_be_name(token) for token in tokens)
        and _joined(text, tokens)
    )


def _within(text: str, tokens: list[Token]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        folded = tokens[place].folded
        title = folded in TITLES and len(folded) > 1
        given = not title and (folded in GIVEN_NAMES or folded[1:] in GIVEN_NAMES)
        if not title and not (given and _may_be_name(tokens[place])):
            place += 1
            continue
        first = place + 1 if title else place
        end = _end_of_name(text, tokens, place, _AFTER_TITLE if title else _AFTER_GIVEN)
        if (
            given
            and place
            and _capital(tokens[place - 1])
            and _joined(text, tokens[place - 1 :][:2])
        ):
            first = place - 1
        if end > first:
            yield text[tokens[first].start : tokens[end - 1].end]
        place = max(end, place + 1)


def _end_of_name(text: str, tokens: list[Token], start: int, most: int) -> int:
    end = start + 1
    while (
        end < len(tokens)
        and end - start <= most
        and _may_be_name(tokens[end])
        and _joined(text, tokens[end - 1 : end + 1])
    ):
        end += 1
    return end


def _joined(text: str, tokens: list[Token]) -> bool:
    return all(_GAP.fullmatch(text[one.end : other.start]) for one, other in pairwise(tokens))


def _may_be_name(token: Token) -> bool:
    folded = token.folded
    if not folded.isalpha() or (folded in _NEVER and folded not in JOINED):
        return False
    if folded[0] > "\u0600" or folded in _WRITTEN_LOW or folded in SERVANT:
        return True
    return token.text[0].isupper()


def _capital(token: Token) -> bool:
    return token.text[0].isupper() and len(token.text) > 2 and _may_be_name(token)
