"""Registers: created, renamed, given another number pattern; each change on record.

A number that was given stays as it was written; a pattern is for the numbers to come.
"""

import re
import string
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import MOST, NAMES, checked_names
from org.errors import BadOrganisationError
from org.history import change_row, record, values_of
from org.models import OrgChange, User
from org.tables import Table
from registry.book.numbering import format_number
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}\Z")
COLUMNS: Final = (*NAMES, "pattern")
LONGEST: Final = 60  # of a number, as the letters' table holds it
MOST_SERIAL: Final = 9_999_999
_WIDTH: Final = re.compile(r"0?[1-9]?d?\Z")


def save_register(
    values: dict[str, Any], *, actor: User | None, register: Register | None = None
) -> tuple[Register, str]:
    """Create a register, or change one; return it with "new", "changed" or "same".

    Code and direction stay as they were. Raise BadOrganisationError.
    """
    with transaction.atomic():
        given = _checked(values, register)
        if register is None:
            made = Register.objects.create(**given)
            after = values_of(made, (*COLUMNS, "direction"))
            record(OrgChange.Noun.REGISTER, made.code, "created", actor=actor, after=after)
            return made, "new"
        held = Register.objects.select_for_update().get(pk=register.pk)
        return held, change_row(
            OrgChange.Noun.REGISTER, held, given, columns=COLUMNS, kept=COLUMNS, actor=actor
        )


def preview(pattern: str, *, code: str, serials: Sequence[int] = (1, 2, 1234)) -> list[str]:
    """Return numbers of this year as the pattern writes them. Raise BadOrganisationError."""
    if words := _pattern_problem(pattern):
        raise BadOrganisationError({"pattern": words})
    year = timezone.localdate().year
    return [format_number(pattern, year=year, register=code, serial=n) for n in serials]


def next_number(register: Register) -> str:
    """Return the register's next number; "" for an old pattern that would be refused today."""
    try:
        return preview(register.pattern, code=register.code, serials=[next_serial(register)])[0]
    except BadOrganisationError:
        return ""


def next_serial(register: Register | None) -> int:
    """Return the serial of the register's next number in this year."""
    year = timezone.localdate().year
    series = NumberSeries.objects.filter(register=register, year=year).first()
    return series.last + 1 if series else 1


def _pattern_problem(pattern: str) -> str:
    """Return what is wrong with a pattern; "" where it gives each letter a number of its own."""
    if len(pattern) > LONGEST:
        return _("This number would be too long.")
    if any(sign in pattern for sign in "[]!\\<>&\"'"):
        return _("A pattern is made of letters, digits, / - . and the parts in braces.")
    try:
        parts = [part for part in string.Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return _("The braces do not fit together.")
    names = [str(name) for _text, name, _spec, _conversion in parts]
    if set(names) - {"year", "register", "serial"}:
        return _("Only {year}, {register} and {serial} may stand in braces.")
    if names.count("serial") != 1 or "year" not in names:
        return _("A number needs {year} and {serial}: without them two letters would share one.")
    for _text, name, spec, _conversion in parts:
        if spec and (name != "serial" or not _WIDTH.match(spec)):
            return _("Only {serial} takes a width, as in {serial:06d}.")
    try:
        format_number(pattern, year=9999, register="X" * 12, serial=MOST_SERIAL)
    except ValueError:
        return _("This number would be too long.")
    return ""


def _checked(values: dict[str, Any], register: Register | None) -> dict[str, Any]:
    given, problems = checked_names(values)
    given["pattern"] = one_line(str(values.get("pattern", "") or ""), MOST)
    code = register.code if register else str(values.get("code", "")).strip().upper()
    if register is None:
        given |= {"code": code, "direction": str(values.get("direction", ""))}
        if not CODE.match(code):
            problems["code"] = _("One to twelve capital letters, digits or hyphens, as in “IN”.")
        elif Register.objects.filter(code=code).exists():
            problems["code"] = _("Another register has this code.")
        if given["direction"] not in Register.Direction.values:
            problems["direction"] = _("There is no such direction.")
    if words := _pattern_problem(given["pattern"]) or _clash(given["pattern"], code, register):
        problems["pattern"] = words
    if problems:
        raise BadOrganisationError(problems)
    return given


def _clash(pattern: str, code: str, register: Register | None) -> str:
    """Return a sentence where the pattern would write a number that another letter has or gets."""
    (coming,) = preview(pattern, code=code, serials=[next_serial(register)])
    others = Register.objects.exclude(pk=register.pk) if register else Register.objects.all()
    written = {
        format_number(row.pattern, year=9999, register=row.code, serial=1234) for row in others
    }
    if format_number(pattern, year=9999, register=code, serial=1234) in written:
        return _("Another register writes the same numbers.")
    if Letter.objects.filter(number=coming).exists():
        return _("A letter has the next number of this pattern already.")
    return ""


def _save(row: dict[str, str], actor: User | None) -> str:
    register = Register.objects.filter(code=row.get("code", "").upper()).first()
    known: dict[str, Any] = {n: getattr(register, n) for n in COLUMNS} if register else {}
    if register and row.get("direction", register.direction) != register.direction:
        raise BadOrganisationError({"direction": _("The direction of a register stays.")})
    return save_register(known | dict(row), actor=actor, register=register)[1]


def _rows() -> Iterator[Sequence[str]]:
    for row in Register.objects.order_by("pk"):
        yield (row.code, row.direction, row.name_ar, row.name_fr, row.name_en, row.pattern)


REGISTERS = Table(
    name="registers",
    columns=("code", "direction", *NAMES, "pattern"),
    needed=("code",),
    save=_save,
    rows=_rows,
)
