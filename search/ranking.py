"""Ranking weights of each kind of match, used by both engines.

A word as written outranks its stem, which outranks a name in other letters, which outranks a typo;
the subject and the people outrank the text; a registry number typed as such outranks everything.
Tuned on one half of the graded queries of `benches/relevance.py`, held by
`tests/search/test_contract.py`.
"""

import datetime
from typing import Final

NUMBER: Final = 1000.0
REFERENCE: Final = 200.0
SERIAL: Final = 30.0
SUBJECT_WORD: Final = 12.0
SUBJECT_STEM: Final = 4.0
PEOPLE: Final = 3.0
WORD: Final = 5.0
STEM: Final = 0.5
# An Arabic word with its article or a particle, or without the one that was typed: on top of its
# stem, so that it comes between the very word and its other forms, which are then worth less.
ATTACHED: Final = 3.0
SUBJECT_ATTACHED: Final = 6.0
ARABIC_SUBJECT_STEM: Final = 2.0
KEY: Final = 10.0
PHRASE: Final = 8.0
PREFIX: Final = 1.0
SUBJECT_PREFIX: Final = 4.0
# So much of it where a phrase or a beginning stands behind an Arabic particle.
BEHIND_PARTICLE: Final = 0.5
NAME: Final = 1.0
# So much of it where the sender is only proposed.
PROPOSED: Final = 0.5
# What a clause adds that a letter may lack, beside its weight: only an order among equals.
AMONG_EQUALS: Final = 0.001
TYPO: Final = 0.1

_YEARLY: Final = 1.03
_FIRST_DAY: Final = datetime.date(2000, 1, 1)


def recency(day: datetime.date) -> float:
    """Return what both engines make a factor by log2(2 + value): 3 % more for each later year.

    So a letter's factor never changes while others come in. Before the year 2000 it is 1.
    """
    return float(2 ** recency_factor(day) - 2)


def recency_factor(day: datetime.date) -> float:
    """Return the factor by which a letter of that day counts more, 1 before the year 2000."""
    years = min(max((day - _FIRST_DAY).days / 365.25, 0.0), 120.0)
    return float(_YEARLY**years)


def sort_key(microseconds: int, identity: str) -> int:
    """Return one whole number for newest first, different for two letters of the same microsecond.

    `microseconds` since 1970; the last 12 bits come from the letter's id.
    """
    return (microseconds << 12) | (sum(identity.encode()) * 2654435761 >> 7 & 0xFFF)
