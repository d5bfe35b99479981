"""The parts of a print-out: what is kept, where it comes from, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.privacy.person_data import MOST, PersonData

Row = dict[str, Any]


@dataclass(slots=True)
class Part:
    """A part: `processing` is the code of its row in the record, `left_out` are sentences."""

    code: str
    title: str
    processing: str
    source: str
    rows: list[Row]
    left_out: list[str] = field(default_factory=list)


Maker = Callable[[PersonData], Part]


def bounded(rows: Iterable[Row], left_out: list[str]) -> list[Row]:
    """Return the first MOST rows; where there are more, `left_out` says so."""
    found = list(islice(rows, MOST + 1))
    if len(found) > MOST:
        left_out.append(_("Only the first %(n)d entries are shown here.") % {"n": MOST})
    return found[:MOST]


def at(moment: datetime | date | None) -> str:
    """Return a moment or day as text, "" for none."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).isoformat(timespec="minutes")
    return moment.isoformat()


def without_empty(row: Row) -> Row:
    """Return the row without what is empty."""
    return {name: value for name, value in row.items() if value not in ("", None, [], {})}


def under_another_name(held: PersonData, code: str) -> list[str]:
    """Return the sentence about what was found by telephone or address alone."""
    count = held.foreign[code]
    if not count:
        return []
    words = _(
        "Left out, found by the same telephone or address but under another person’s name: %(n)d."
    )
    return [words % {"n": count}]


# Never told, whatever the part: said once on the paper.
def limits() -> list[str]:
    """Return what a print-out never contains, in sentences."""
    return [
        _("Other people’s names, addresses and secrets: of third persons a number alone is told."),
        _("Names of the staff who handled or viewed something: their duty is told."),
        _("Passwords, codes and keys: they are kept as hashes, which nobody can read."),
        _("Letters that only mention the person in their text, without being from or to them."),
        _("Copies in enciphered backups, which are overwritten by and by."),
    ]


PARTS: Final[list[Maker]] = []


def part(maker: Maker) -> Maker:
    """Register this part; parts are printed in the order in which they are registered."""
    PARTS.append(maker)
    return maker
