"""The conditions of a rule: one row a sort of condition, with what its value may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from language.numerals import plain_decimal
from routing.rules.words import patterns_of, split_lines, wanted_lines

MOST_DAYS: Final = 366
MOST_AMOUNT: Final = 10**12


class BadValueError(ValueError):
    """A value that its sort of condition cannot use."""


@dataclass(frozen=True, slots=True)
class Field:
    """A sort of condition. `codes` names the list whose codes it takes ("" for free values)."""

    name: str
    label: Any
    read: Callable[[str], Any]
    codes: str = ""
    help: Any = ""
    optional: bool = False


def _codes(value: str) -> frozenset[str]:
    found = frozenset(value.replace(",", " ").split())
    if not found or len(value) > 1000:
        raise BadValueError
    return found


def _patterns(value: str) -> tuple[str, ...]:
    """Return the patterns of a value; empty matches any value at all."""
    return tuple(patterns_of(value))


def _addresses(value: str) -> tuple[str, ...]:
    found = tuple(patterns_of(value))
    if not found:
        raise BadValueError
    return found


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(plain_decimal(value))
        except ValueError as error:
            raise BadValueError from error
        if not least <= number <= most:
            raise BadValueError
        return number

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = _number(least, most)(value)
        if number != int(number):
            raise BadValueError
        return int(number)

    return read


def _nothing(value: str) -> str:
    if split_lines(value):
        raise BadValueError
    return ""


LINES: Final = _(
    "One line fits when all its words stand there, in any form; any line will do. "
    '"A phrase" keeps its order, =word its form, word* only its beginning.'
)
PATTERNS: Final = _("One pattern a line: * for anything, # for one digit. Empty: there is one.")

_ALL: Final = (
    Field("words", _("Words of the letter"), wanted_lines, help=LINES),
    Field("subject", _("Words of the subject"), wanted_lines, help=LINES),
    Field("sender", _("Sender"), wanted_lines, help=LINES),
    Field(
        "sender_email",
        _("E-mail of the sender"),
        _addresses,
        help=_("One a line: an address, or a domain such as example.ma; * for anything."),
    ),
    Field("recipient", _("Recipient"), wanted_lines, help=LINES),
    Field("enclosure", _("Named enclosure"), wanted_lines, help=LINES),
    Field("kind", _("Kind"), _codes, codes="kind"),
    Field("language", _("Language"), _codes, codes="language"),
    Field("channel", _("Channel"), _codes, codes="channel"),
    Field("register", _("Register"), _codes, codes="register"),
    Field(
        "customer_number", _("Customer number"), _patterns, help=PATTERNS, optional=True
    ),
    Field(
        "external_reference", _("Reference of the sender"), _patterns, help=PATTERNS, optional=True
    ),
    Field(
        "amount",
        _("An amount of at least"),
        _number(0, MOST_AMOUNT),
        help=_("In dirhams."),
    ),
    Field(
        "deadline",
        _("Answer wanted within"),
        _whole(0, MOST_DAYS),
        help=_("In days from the day it was received."),
    ),
    Field("urgent", _("Says that it is urgent"), _nothing, optional=True),
    Field("confidentiality", _("Confidentiality of at least"), _whole(1, 2), codes="level"),
    Field("quoted_number", _("Quotes a number of ours"), _nothing, optional=True),
    Field(
        "quoted_department", _("Quotes a letter that lies with"), _codes, codes="department"
    ),
    Field(
        "score",
        _("The machine believes in the rule’s department with at least"),
        _number(0, 1),
        help=_("From 0 to 1."),
    ),
    Field(
        "kind_score",
        _("The machine believes in its kind with at least"),
        _number(0, 1),
        help=_("From 0 to 1."),
    ),
)  # fmt: skip
FIELDS: Final[Mapping[str, Field]] = {field.name: field for field in _ALL}
