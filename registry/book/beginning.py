"""The first number of a register's year, where the office goes on from paper or another program.

It can be said only while the year has no number; what was said is on record. A series that begins
later than it should shows in the chain of the register: the first event would not begin it.
"""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F, Q
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
_EMPTY: Final = Q(last=F("first") - 1, chain_head="")  # no number was taken of a series


def may_begin(register: Register) -> bool:
    """Return whether the first number of this year can still be said.

    Of minutes it never can: their numbers are not a register's that was kept on paper.
    """
    if register.direction == Register.Direction.MINUTES:
        return False
    this_year = {"register": register, "year": timezone.localdate().year}
    if Letter.objects.filter(**this_year).exists():
        return False
    return not NumberSeries.objects.filter(**this_year).exclude(_EMPTY).exists()


def first_number(register: Register) -> int:
    """Return the serial with which this year begins or will begin."""
    return first_numbers([register]).get(register.pk, 1)


def first_numbers(registers: Iterable[Register]) -> dict[int, int]:
    """Return the serials with which this year begins, by the registers' keys; 1 where none is."""
    rows = NumberSeries.objects.filter(register__in=registers, year=timezone.localdate().year)
    return dict(rows.values_list("register_id", "first"))


def begin_with(register: Register, first: int, *, actor: User | None) -> None:
    """Let this year of a register begin with a number; the number of before changes nothing.

    Raise BadOrganisationError where the year has a number already, or for a number of no use.
    """
    year = timezone.localdate().year
    if not 1 <= first <= MOST_FIRST:
        words = _("A number from 1 to %(most)d.")
        raise BadOrganisationError({"first": words % {"most": MOST_FIRST}})
    with transaction.atomic():
        before = first_number(register)
        if first == before:
            return
        if not may_begin(register) or not _kept(register, year, first):
            raise BadOrganisationError({"first": _("Numbers of this year were given already.")})
        pattern = face_on(register).pattern
        number = format_number(pattern, year=year, register=register.code, serial=first)
        if Letter.objects.filter(number=number).exists():
            raise BadOrganisationError({"first": _("A letter has this number already.")})
        record(
            OrgChange.Noun.REGISTER,
            register.code,
            "begun",
            actor=actor,
            before={"first": before},
            after={"first": first, "year": year},
        )


def _kept(register: Register, year: int, first: int) -> bool:
    """Write the first number; False where somebody took a number meanwhile."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(register=register, year=year)], ignore_conflicts=True
    )
    empty = NumberSeries.objects.filter(_EMPTY, register=register, year=year)
    return bool(empty.update(first=first, last=first - 1))
