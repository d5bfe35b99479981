"""Cells that are safe in a spreadsheet: untrusted text on one line, never taken for a formula."""

import re
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from language.bidi import strip_bidi_controls

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_INNER: Final = re.compile(r"([;\r\n][ \"]*)(?=[=+\-@\t＝＋－＠])")
_LONGEST_CELL: Final = 32_000  # a spreadsheet holds 32,767


def day_cell(moment: datetime | None) -> date | None:
    """Return the day of a moment by the office's clock."""
    return timezone.localdate(moment) if moment else None


def plain(text: str) -> str:
    """Return untrusted text as a cell: one line, without control characters, of bounded length."""
    shown = "".join(char if char.isprintable() else " " for char in strip_bidi_controls(text))
    return " ".join(shown.split())[:_LONGEST_CELL]


def defused(value: Any) -> str:
    """Return a cell of a CSV; what would be taken for a formula gets an apostrophe in front.

    So does what follows a semicolon or a line's end: a spreadsheet that parts cells at semicolons
    takes no quote amid a line for one, and what follows begins a cell.
    """
    text = value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
    text = _INNER.sub(r"\1'", text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
