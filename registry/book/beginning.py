"""The first number of a register's year, where the office goes on from paper or another program.

It can be said only while the year has no number; what was said is on record. A series that begins
later than it should shows in the chain of the register: the first event would not begin it.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from org.errors import BadOrganisationError
from org.history import record
from org.models import OrgChange, User
from registry.book.numbering import format_number
from registry.book.versions import face_on
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register

MOST_FIRST: Final = 9_000_000  # below the serials for which patterns are checked


def may_begin(register: Register, year: int = 0) -> bool:
    """Return whether the first number of a year (this one) can still be said.

    Of minutes it never can: their numbers are not a register's that was kept on paper.
    """
    if register.direction == Register.Direction.MINUTES:
        return False
    year = year or timezone.localdate().year
    series = NumberSeries.objects.filter(register=register, year=year).first()
    used = Letter.objects.filter(register=register, year=year).exists()
    return not used and (series is None or _is_empty(series))


def first_number(register: Register, year: int = 0) -> int:
    """Return the serial with which a year (this one) begins or will begin."""
    year = year or timezone.localdate().year
    series = NumberSeries.objects.filter(register=register, year=year).first()
    return series.first if series else 1


def first_numbers(registers: Iterable[Register]) -> dict[int, int]:
    """Return the serials with which this year begins, by the registers' keys; 1 where none is."""
    rows = NumberSeries.objects.filter(register__in=registers, year=timezone.localdate().year)
    return dict(rows.values_list("register_id", "first"))


def begin_with(register: Register, first: int, *, actor: User | None, year: int = 0) -> str:
    """Let a year (this one) of a register begin with a number; return "changed" or "same".

    Raise BadOrganisationError where the year has a number already, or for a number of no use.
    """
    year = year or timezone.localdate().year
    if not 1 <= first <= MOST_FIRST:
        words = _("A number from 1 to %(most)d.")
        raise BadOrganisationError({"first": words % {"most": MOST_FIRST}})
    with transaction.atomic():
        before = first_number(register, year)
        if first == before:
            return "same"
        if not may_begin(register, year) or not _kept(register, year, first):
            raise BadOrganisationError({"first": _("Numbers of this year were given already.")})
        if Letter.objects.filter(number=_written(register, year, first)).exists():
            raise BadOrganisationError({"first": _("A letter has this number already.")})
        record(
            OrgChange.Noun.REGISTER,
            register.code,
            "begun",
            actor=actor,
            before={"first": before},
            after=_told(year, first),
        )
        return "changed"


def _told(year: int, first: int) -> dict[str, Any]:
    return {"first": first, "year": year}


def _is_empty(series: NumberSeries) -> bool:
    return series.last == series.first - 1 and not series.chain_head


def _kept(register: Register, year: int, first: int) -> bool:
    """Write the first number; False where somebody took a number meanwhile."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(register=register, year=year)], ignore_conflicts=True
    )
    empty = NumberSeries.objects.filter(
        register=register, year=year, last=F("first") - 1, chain_head=""
    )
    return bool(empty.update(first=first, last=first - 1))


def _written(register: Register, year: int, serial: int) -> str:
    pattern = face_on(register).pattern
    return format_number(pattern, year=year, register=register.code, serial=serial)
