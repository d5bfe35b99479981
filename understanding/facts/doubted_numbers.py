"""Numbers that a person should look at: misread, cut off, or called ours without proof."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from language.number_formats import NumberFormat, number_key
from understanding.facts.subject_dates import Fact

_MISREAD: Final = 0.6  # of a number that was not read whole: never sure
_UNPROVEN: Final = 0.7  # of one called ours that is none by its form: never sure
# Signs that no office puts between digits, and a hamza among initials.
_NO_SIGNS: Final = re.compile("[:;»«]|(?:^|[./\\s\\d])\u0621|\u0621(?=[\u0621-\u064a][./])")
# Behind a number: a sign that parts none, and more of it.
_CUT: Final = re.compile(r"[:;»«%*][^\W_]{1,4}[./]")


def lowered(score: float, value: str, behind: str) -> float:
    """Return the score, lowered for what a scan misread or cut off; `behind` follows the value."""
    arabic = re.search("[\u0660-\u0669]", value) is not None
    mixed = arabic and re.search("[0-9]", value) is not None
    doubted = mixed or _NO_SIGNS.search(value) or _CUT.match(behind)
    return min(score, _MISREAD) if doubted else score


def unproven(
    references: Sequence[tuple[str, Fact]], ours: Sequence[Fact], formats: Sequence[NumberFormat]
) -> list[tuple[str, Fact]]:
    """Return the references; unsure is one that is called ours and has no form of our numbers.

    Of an office that knows its formats such a number is as a rule one that a scan misread.
    """
    keys = {number_key(one) for fact in ours for one in (fact.value, fact.words)}
    return [
        (whose, replace(fact, score=min(fact.score, _UNPROVEN)))
        if formats and whose == "their" and number_key(fact.value) not in keys
        else (whose, fact)
        for whose, fact in references
    ]
