"""Where a text names persons: words behind a title or around a given name, and lines of a name."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from language.given_names import GIVEN_NAMES
from language.name_words import JOINED, SERVANT, TITLES
from language.tokens import Token, tokenize
from language.words import STOP_WORDS

LOOKED_AT: Final = 100_000
_AFTER_TITLE: Final = 4
_AFTER_GIVEN: Final = 3
_HEAD: Final = 15  # lines
_FOOT: Final = 12
_GAP: Final = re.compile(r"[\s.'’\-]{1,3}")
_WRITTEN_LOW: Final = frozenset(["el", "al", "ben", "bin", "de", "ait", "ou"])
_NEVER: Final = STOP_WORDS - frozenset(["ل"])


def named_in(text: str) -> Iterator[str]:
    """Yield the pieces of a text that are probably names of persons, as they are written.

    Some are none: they are for finding a letter by a name in other letters, where a needless one
    costs a few bytes. Only the first 100,000 characters are looked at.
    """
    lines = [line for line in text[:LOOKED_AT].splitlines() if line.strip()]
    for place, line in enumerate(lines):
        tokens = [token for token in tokenize(line) if not token.whole]
        at_edge = place < _HEAD or place >= len(lines) - _FOOT
        if at_edge and 2 <= len(tokens) <= 5 and len(line) <= 60 and _only_a_name(line, tokens):
            yield line.strip()
        else:
            yield from _within(line, tokens)


def _only_a_name(line: str, tokens: list[Token]) -> bool:
    return (
        not any(char.isdecimal() or char in ":?!؟" for char in line)
        and all(_may_be_name(token) for token in tokens)
        and _joined(line, tokens)
    )


def _within(line: str, tokens: list[Token]) -> Iterator[str]:
    place = 0
    while place < len(tokens):
        folded = tokens[place].folded
        title = folded in TITLES and len(folded) > 1
        given = not title and (folded in GIVEN_NAMES or folded[1:] in GIVEN_NAMES)
        if not title and not (given and _may_be_name(tokens[place])):
            place += 1
            continue
        first = place + 1 if title else place
        end = _end_of_name(line, tokens, place, _AFTER_TITLE if title else _AFTER_GIVEN)
        if (
            given
            and place
            and _capital(tokens[place - 1])
            and _joined(line, tokens[place - 1 :][:2])
        ):
            first = place - 1
        if end > first:
            yield line[tokens[first].start : tokens[end - 1].end]
        place = max(end, place + 1)


def _end_of_name(line: str, tokens: list[Token], start: int, most: int) -> int:
    end = start + 1
    while (
        end < len(tokens)
        and end - start <= most
        and _may_be_name(tokens[end])
        and _joined(line, tokens[end - 1 : end + 1])
    ):
        end += 1
    return end


def _joined(line: str, tokens: list[Token]) -> bool:
    return all(_GAP.fullmatch(line[one.end : other.start]) for one, other in pairwise(tokens))


def _may_be_name(token: Token) -> bool:
    folded = token.folded
    if not folded.isalpha() or (folded in _NEVER and folded not in JOINED):
        return False
    if folded[0] > "\u0600" or folded in _WRITTEN_LOW or folded in SERVANT:
        return True
    return token.text[0].isupper()


def _capital(token: Token) -> bool:
    return token.text[0].isupper() and len(token.text) > 2 and _may_be_name(token)
