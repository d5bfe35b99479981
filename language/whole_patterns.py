"""Whether a text is wholly of a regular expression, in time that grows with the text alone.

Python's own matcher tries one way after the other: with `([a-z]+ ?)+` each further letter of a text
that does not fit doubles its work. Here all ways are followed at once, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # what `re` itself is made of
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

MOST_STATES: Final = 2000
Test = Callable[[str], bool]  # of a character
Guard = Callable[[str, int], bool]  # of a place in the text
_REPEATS: Final = (op.MAX_REPEAT, op.MIN_REPEAT)


class BadPatternError(ValueError):
    """No regular expression, or one that refers back, is too large, or looks around in itself."""


def is_whole(pattern: str, text: str) -> bool:
    """Return whether the whole text is of the pattern. Raise BadPatternError."""
    return _compiled(pattern).fits(text)


def check_pattern(pattern: str) -> None:
    """Raise BadPatternError for a pattern that `is_whole` does not take."""
    _compiled(pattern)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> _Ways:
    try:
        parsed = _parser.parse(pattern)
        return _Ways(parsed, parsed.state.flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPatternError(str(error)) from error


class _Ways:
    """The states of a pattern: each with the test of a character, or the guard of a place."""

    def __init__(self, items: Iterable[Any], flags: int, *, within: bool = False) -> None:
        self._tests: list[Test | None] = []
        self._guards: list[Guard | None] = []
        self._after: list[list[int]] = []
        self._within = within
        self._end = self._state()
        self._start = self._sequence(items, flags, self._end)

    def fits(self, text: str) -> bool:
        """Return whether the whole text leads from the start to the end."""
        here = self._reached([self._start], text, 0)
        for place, char in enumerate(text, 1):
            here = self._step(here, char, text, place)
        return self._end in here

    def begins(self, text: str, place: int) -> bool:
        """Return whether what stands at this place of the text begins so."""
        here = self._reached([self._start], text, place)
        for after, char in enumerate(text[place:], place + 1):
            if self._end in here or not here:
                break
            here = self._step(here, char, text, after)
        return self._end in here

    def _step(self, here: set[int], char: str, text: str, place: int) -> set[int]:
        went = {
            after
            for state in here
            if (test := self._tests[state]) and test(char)
            for after in self._after[state]
        }
        return self._reached(went, text, place)

    def _reached(self, states: Iterable[int], text: str, place: int) -> set[int]:
        """Return these states, and those to which they lead without a character."""
        found, left = set[int](), list(states)
        while left:
            state = left.pop()
            guard = self._guards[state]
            if state in found or (guard and not guard(text, place)):
                continue
            found.add(state)
            if not self._tests[state]:
                left += self._after[state]
        return found

    def _state(self, *after: int, test: Test | None = None, guard: Guard | None = None) -> int:
        if len(self._tests) >= MOST_STATES:
            raise BadPatternError("too large")
        self._tests.append(test)
        self._guards.append(guard)
        self._after.append(list(after))
        return len(self._tests) - 1

    def _sequence(self, items: Iterable[Any], flags: int, then: int) -> int:
        """Return the state at which these items begin, after which `then` follows."""
        for kind, value in reversed(list(items)):
            then = self._item(kind, value, flags, then)
        return then

    def _item(self, kind: Any, value: Any, flags: int, then: int) -> int:
        if kind in _REPEATS:
            least, most, items = value
            return self._repeat(items, flags, then, least=least, most=most)
        if kind is op.SUBPATTERN:
            _group, added, removed, items = value
            return self._sequence(items, (flags | added) & ~removed, then)
        if kind is op.BRANCH:
            return self._state(*(self._sequence(one, flags, then) for one in value[1]))
        if kind is op.AT:
            return self._state(then, guard=_place(value, flags))
        if kind in (op.ASSERT, op.ASSERT_NOT) and value[0] > 0 and not self._within:
            ahead = _Ways(value[1], flags, within=True)
            wanted = kind is op.ASSERT
            return self._state(then, guard=lambda text, at: ahead.begins(text, at) is wanted)
        return self._state(then, test=_test(kind, value, flags))

    def _repeat(self, items: Sequence[Any], flags: int, then: int, *, least: int, most: Any) -> int:
        if most is op.MAXREPEAT:
            loop = self._state(then)
            self._after[loop].append(self._sequence(items, flags, loop))
            start = loop
        else:
            start = then
            for _ in range(most - least):
                start = self._state(then, self._sequence(items, flags, start))
        for _ in range(least):
            start = self._sequence(items, flags, start)
        return start


def _place(kind: Any, flags: int) -> Guard:
    def boundary(text: str, at: int) -> bool:
        sides = (text[at - 1 : at] if at else "", text[at : at + 1])
        return len({bool(side) and _is_word(side, flags) for side in sides}) > 1

    lines = bool(flags & re.MULTILINE)
    places: dict[Any, Guard] = {
        op.AT_BEGINNING: lambda text, at: not at or (lines and text[at - 1] == "\n"),
        op.AT_BEGINNING_STRING: lambda _text, at: not at,
        op.AT_END: lambda text, at: (
            text[at:] in ("", "\n") or (lines and text.startswith("\n", at))
        ),
        op.AT_END_STRING: lambda text, at: at == len(text),
        op.AT_BOUNDARY: boundary,
        op.AT_NON_BOUNDARY: lambda text, at: not boundary(text, at),
    }
    return places[kind]


def _test(kind: Any, value: Any, flags: int) -> Test:
    """Return the test of a character. Raise BadPatternError for what looks back."""
    if kind is op.ANY:
        return lambda char: bool(flags & re.DOTALL) or char != "\n"
    if kind in (op.LITERAL, op.NOT_LITERAL):
        value = [(op.NEGATE, None)] * (kind is op.NOT_LITERAL) + [(op.LITERAL, value)]
    elif kind is not op.IN:
        raise BadPatternError(str(kind))
    wanted = value[0][0] is not op.NEGATE
    members = [one for one in value if one[0] is not op.NEGATE]

    def test(char: str) -> bool:
        cases = {char, char.lower(), char.upper()} if flags & re.IGNORECASE else {char}
        return any(_is_one(one, case, flags) for one in members for case in cases) is wanted

    return test


def _is_one(member: tuple[Any, Any], char: str, flags: int) -> bool:
    kind, value = member
    if kind is op.LITERAL:
        return char == chr(value)
    if kind is op.RANGE:
        return len(char) == 1 and value[0] <= ord(char) <= value[1]
    named: dict[Any, Test] = {
        op.CATEGORY_DIGIT: str.isdecimal,
        op.CATEGORY_SPACE: str.isspace,
        op.CATEGORY_WORD: lambda text: _is_word(text, flags),
    }
    opposite = {
        op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
        op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
        op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
    }
    if value in opposite:
        return not _is_one((kind, opposite[value]), char, flags)
    return bool(named[value](char)) and (char.isascii() or not flags & re.ASCII)


def _is_word(char: str, flags: int) -> bool:
    return (char.isalnum() or char == "_") and (char.isascii() or not flags & re.ASCII)
