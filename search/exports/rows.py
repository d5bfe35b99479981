"""A letter as one row of an export: the same columns in every format, safe in a spreadsheet."""

from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.bidi import strip_bidi_controls
from registry.models import Letter

HEADINGS: Final = (
    _("Number"),
    _("Registered"),
    _("Received"),
    _("Subject"),
    _("Sender"),
    _("Reference"),
    _("Kind"),
    _("Responsible unit"),
    _("Stage"),
    _("Due"),
    _("Channel"),
    _("Language"),
    _("Confidentiality"),
)
# Columns that hold days; the others hold text.
DAYS: Final = frozenset({1, 2, 9})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL: Final = 32_000  # a spreadsheet holds 32,767


def row_of(letter: Letter) -> list[Any]:
    """The letter's cells: days as dates (of the office's clock), everything else as text, in the
    language of the moment. The letter comes `for_lists()`."""
    sender = letter.sender
    return [
        letter.number,
        _day(letter.registered_at),
        _day(letter.received_at),
        plain(letter.subject),
        plain(sender.shown_name) if sender else "",
        plain(letter.external_reference),
        str(letter.kind) if letter.kind else "",
        str(letter.department) if letter.department else "",
        str(letter.get_stage_display()),
        letter.due_on,
        str(letter.get_channel_display()),
        letter.language,
        str(letter.get_confidentiality_display()),
    ]


def _day(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None


def plain(text: str) -> str:
    """Text of strangers as a cell: one line, without control characters, of bounded length."""
    shown = "".join(char if char.isprintable() else " " for char in strip_bidi_controls(text))
    return " ".join(shown.split())[:_LONGEST_CELL]


def defused(value: Any) -> str:
    """A cell of a CSV: what a spreadsheet would take for a formula gets an apostrophe in front."""
    text = value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
