"""What people type, as it is meant: days in digits of any script, contract numbers with gaps."""

import re
from typing import Any, Final

from django import forms

from language.numerals import ascii_digits

_BETWEEN: Final = re.compile(r"[,;،؛\n]")
_A_NUMBER: Final = 5  # digits from which a group is a number of its own, and no part of one


class DayField(forms.DateField):
    """A day, in digits of any script."""

    def to_python(self, value: Any) -> Any:
        """Return the day. Raise ValidationError where it is none."""
        return super().to_python(ascii_digits(value) if isinstance(value, str) else value)


def contract_numbers(text: str) -> list[str]:
    """Return the contract numbers of a line, each once, in ASCII digits and without gaps.

    They are separated by commas and the like, or by spaces where each group is long enough to be
    a number: "31 00 201" is one, "3100201 3100202" are two.
    """
    found: list[str] = []
    for part in _BETWEEN.split(ascii_digits(text)):
        groups = part.split()
        apart = all(sum(sign.isdigit() for sign in group) >= _A_NUMBER for group in groups)
        found += groups if apart else ["".join(groups)]
    return list(dict.fromkeys(number for number in found if number))
