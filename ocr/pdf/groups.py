"""Groups of figures beside each other: whether they make one number, read in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TELEPHONE: Final = re.compile(r"0[5-8]\d{8}")
_SUM: Final = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,٫]\d{1,2})?|\d{1,3}(?: \d{3})*[.,٫]\d{2}")
_ACCOUNT, _ACCOUNT_DIGITS = (3, 3, 16, 2), 24
_BEGUN: Final = re.compile(r"0[5-8]")


def make_number(groups: Sequence[str]) -> bool:
    """Return whether several groups make a telephone number, a sum or an account in this order."""
    if len(groups) < 2:
        return False
    digits = "".join(groups)
    if _TELEPHONE.fullmatch(_western(digits)) or _SUM.fullmatch(" ".join(groups)):
        return True
    if not digits.isdigit() or len(digits) != _ACCOUNT_DIGITS:
        return False
    sizes = tuple(map(len, groups))
    return sizes == _ACCOUNT or len(set(sizes)) == 1


def begin_telephone(groups: Sequence[str]) -> bool:
    """Return whether groups may begin a telephone number that the next line ends."""
    digits = "".join(groups)
    return digits.isdigit() and len(digits) < 10 and bool(_BEGUN.match(_western(digits)))


def runs_backwards(groups: Sequence[str]) -> bool:
    """Return whether groups make a number only if they are read the other way."""
    return not make_number(groups) and make_number(groups[::-1])


def _western(digits: str) -> str:
    return "".join(str(int(one)) if one.isdecimal() else one for one in digits)
