"""Whether two registers could ever write the same number, by their patterns alone."""

from collections.abc import Iterator, Sequence
from itertools import product
from string import Formatter
from typing import Final

_DIGITS: Final = frozenset("0123456789")
_FIRST: Final = _DIGITS - {"0"}
_YEAR: Final = (frozenset("2"), frozenset("0"), _DIGITS, _DIGITS)  # this century's
MOST_DIGITS: Final = 7  # of a serial
Signs = tuple[frozenset[str], ...]


def may_clash(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two registers, each its pattern and its code, may write one number.

    Whatever their serials and years: a number is never given twice, and who writes one that is
    there can register nothing more.
    """
    pairs = product(_shapes(*one), _shapes(*other))
    return any(len(mine) == len(theirs) and _meet(mine, theirs) for mine, theirs in pairs)


def _meet(mine: Signs, theirs: Signs) -> bool:
    return all(map(frozenset.__and__, mine, theirs))


def _shapes(pattern: str, code: str) -> Iterator[Signs]:
    """Yield the numbers of a pattern, one of each length: the signs that stand at each place."""
    parts: list[Sequence[Signs]] = []
    for text, name, spec, _conversion in Formatter().parse(pattern):
        parts.append([_plain(text)])
        if name == "serial":
            parts.append(list(_serials(spec or "")))
        elif name is not None:
            parts.append([_YEAR if name == "year" else _plain(code)])
    for chosen in product(*parts):
        yield tuple(sign for part in chosen for sign in part)


def _plain(text: str) -> Signs:
    return tuple(frozenset(sign) for sign in text)


def _serials(spec: str) -> Iterator[Signs]:
    """Yield the serials of a width, and those that are longer: these begin with no zero."""
    width = int("".join(filter(str.isdecimal, spec)) or 0)
    if width:
        yield (_DIGITS,) * width
    for digits in range(width + 1, MOST_DIGITS + 1):
        yield (_FIRST, *(_DIGITS,) * (digits - 1))
