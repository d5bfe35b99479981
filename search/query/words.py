"""The clauses that a query is made of, as small value objects."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from language.name_words import SHORT
from language.stems import asked_forms
from search.analysis.name_terms import listed_terms, query_name_terms
from search.analysis.numbers import phone_or_number
from search.analysis.references import reference_key


@dataclass(frozen=True)
class Word:
    """One folded word, to be found in any of its forms and with up to `most_typos` of them."""

    text: str
    most_typos: int = 2

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return asked_forms(self.text)

    @cached_property
    def number(self) -> str:
        """The word without leading zeros when it is a number, else "".

        Of a telephone number, without its country.
        """
        return phone_or_number(self.text) if self.text.isdecimal() else ""

    @cached_property
    def key(self) -> str:
        """The reference that a word of letters and digits is (BK123456), else ""."""
        mixed = any(char.isdecimal() for char in self.text) and not self.text.isdecimal()
        return reference_key(self.text) if mixed else ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What its spellings as a name share, in Arabic and Latin letters."""
        short = len(self.text) < 3 and self.text not in SHORT  # fz stands for Fatima Zahra
        if short or not self.text.isalpha():
            return ()
        return tuple(sorted(query_name_terms(self.text)))

    @cached_property
    def listed_names(self) -> tuple[str, ...]:
        """`names` as the index lists them for the whole letter."""
        return listed_terms(self.text, frozenset(self.names))

    @cached_property
    def typos(self) -> int:
        """How many letters may differ: none in short words and never in numbers."""
        return min(_typos(self.text), self.most_typos)

    @cached_property
    def stem_typos(self) -> int:
        """How many letters of the stem of an Arabic word may differ: particles hide its size."""
        arabic = self.text > "\u0600"
        return min(_typos(self.stems[0]), self.typos, 1) if arabic else 0


def _typos(text: str) -> int:
    if len(text) < 4 or any(char.isdigit() for char in text):
        return 0
    return 1 if len(text) < 8 else 2


@dataclass(frozen=True)
class Name:
    """Words that may be one name ("ben kirane"): all of them, or what its spellings share."""

    words: tuple[Word, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """Folded words that must stand side by side, as they are."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prefix:
    """The folded beginning of a word."""

    text: str


@dataclass(frozen=True)
class Reference:
    """A reference such as 345/DG/2025: its key, or its pieces side by side.

    `number` is what of a registry number it may be (IN/123), else "". `own`: it is the letter's own
    reference rather than one that it names.
    """

    key: str
    words: tuple[str, ...]
    number: str = ""
    own: bool = False


@dataclass(frozen=True)
class Day:
    """A date in any notation, or the words it was written with side by side."""

    value: datetime.date
    words: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A registry number or a part of it, as in `search.analysis.references.number_terms`.

    Where it is whole, also a reference of that key; where it is long, also a number `written` in a
    letter, as of a contract.
    """

    key: str
    reference: str = ""
    written: str = ""


@dataclass(frozen=True)
class Digits:
    """A number typed in groups.

    One of its keys as `search.analysis.numbers` writes them, or each of the clauses that its groups
    are by themselves.
    """

    keys: tuple[str, ...]
    groups: tuple["Clause", ...]


@dataclass(frozen=True)
class Party:
    """The sender or recipient: all of these words, each in any spelling of the name."""

    role: Literal["sender", "recipient"]
    words: tuple[Word, ...]


Clause = Word | Name | Phrase | Prefix | Reference | Day | Number | Digits | Party


@dataclass(frozen=True)
class Codes:
    """A facet (kind, department) has one of these values."""

    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Days:
    """The letter's own date or its day of registration, from `first` up to before `end`."""

    first: datetime.date
    end: datetime.date


Limit = Codes | Days
