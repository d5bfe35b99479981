"""Rows of the lists of work for their page: each word is prepared once, whatever repeats it."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from routing.models.assignments import Assignment
from web.shared.repeated import hijri_day, letter_address, written_day

# Not a class: a template finds a name of its loop much faster than an attribute.
Line = tuple[Any, ...]


def lines_of(rows: Iterable[Assignment], *, settled: bool) -> list[Line]:
    """Return what the row of each assignment shows, in the order of the names in the page's loop.

    Where all are `settled`, none is late and none waits.
    """
    today, words, since = timezone.localdate(), cache(str), cache(_since)
    return [_line(row, today, words, "" if settled else since(_age(row, today))) for row in rows]


def _age(row: Assignment, today: date) -> int:
    return (today - timezone.localdate(row.assigned_at)).days


def _line(row: Assignment, today: date, words: Any, since: str) -> Line:
    letter = row.letter
    late = bool(since and row.due_on and row.due_on < today)
    return (
        row,
        "late" if late else "",
        letter.number,
        row.department.code,
        letter.get_confidentiality_display() if letter.confidentiality else "",
        row.get_state_display(),
        row.person.shown_name if row.person else "",
        letter_address(letter.pk),
        letter.subject or _("Without subject"),
        letter.sender,
        words(letter.kind) if letter.kind else "",
        letter.get_channel_display(),
        _due(row.due_on) if since and row.due_on else (),
        since,
    )


def _due(on: date) -> tuple[str, str, str]:
    """Return a due day for programs, by the Hijri calendar, and as it is written."""
    return on.isoformat(), hijri_day(on), written_day(on, "j F Y")


def _since(days: int) -> str:
    """Return how long a department has had a letter."""
    if not days:
        return _("since today")
    return ngettext("since %(n)s day", "since %(n)s days", days) % {"n": localize(days)}
