"""How much each kind of answer weighs; both engines use these numbers.

A word as written beats its stem, which beats a typo; the subject and the people beat the text; a
registry number typed as such beats everything. Measured by `tests/search/test_contract.py`.
"""

from typing import Final

NUMBER: Final = 1000.0
SUBJECT_WORD: Final = 12.0
SUBJECT_STEM: Final = 4.0
PEOPLE: Final = 3.0
WORD: Final = 5.0
STEM: Final = 0.5
KEY: Final = 10.0
PHRASE: Final = 8.0
PREFIX: Final = 1.0
SUBJECT_PREFIX: Final = 4.0
TYPO: Final = 0.1


def sort_key(microseconds: int, identity: str) -> int:
    """One whole number for newest first, different for two letters of the same microsecond.

    `microseconds` since 1970; the last 12 bits come from the letter's id.
    """
    return (microseconds << 12) | (sum(identity.encode()) * 2654435761 >> 7 & 0xFFF)
