"""Contract numbers as people type them: several in a line, with gaps within."""

import re
from collections.abc import Collection
from typing import Final

from language.bidi import strip_bidi_controls
from language.numerals import ascii_digits
from language.reach import number_key

_BETWEEN: Final = re.compile(r"[,;،؛\n]|\s(?:et|and|و)\s|\sو(?=\d)")
_A_NUMBER: Final = 5  # digits from which a group is a number of its own, and no part of one


class UnclearNumbersError(ValueError):
    """A line that could be one number with gaps, or several."""


def contract_numbers(text: str, *, known: Collection[str] = ()) -> list[str]:
    """Return the contract numbers of a line, each once, in ASCII digits and without gaps.

    They are separated by commas and the like, or by spaces where each group is a number of its
    own: "31 00 201" is one, "3100201 3100202" are two. `known` are the keys of numbers that decide
    where a line could be read either way. Raise UnclearNumbersError where none does.
    """
    found: list[str] = []
    for part in _BETWEEN.split(ascii_digits(strip_bidi_controls(text))):
        found += _numbers_of(part.split(), known)
    return list(dict.fromkeys(found))


def _numbers_of(groups: list[str], known: Collection[str]) -> list[str]:
    whole = "".join(groups)
    if len(groups) < 2 or number_key(whole) in known:
        return [whole] if whole else []
    if all(number_key(group) in known for group in groups):
        return groups
    if not any(sign.isdigit() for sign in groups[0]):  # the letters that a number begins with
        groups = [groups[0] + groups[1], *groups[2:]]
    if all(map(_is_number, groups)):
        return groups
    if any(map(_is_number, groups)) or not _is_number(whole):
        raise UnclearNumbersError(whole)
    return [whole]


def _is_number(group: str) -> bool:
    """Return whether a group is a number of its own: it is long, or letters begin it."""
    digits = sum(sign.isdigit() for sign in group)
    return digits >= _A_NUMBER or (digits > 0 and group[0].isalpha())
