"""Registers: created, renamed, given another number pattern; each change on record.

A number that was given stays as it was written; a pattern is for the numbers to come, at once or
from a day on (`registry.book.versions`).
"""

import re
import string
from collections.abc import Iterator, Sequence
from datetime import date
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
from registry.book.numbering import LONGEST, format_number
from registry.book.pattern_clash import may_clash
from registry.book.versions import Face, apply_version_of, face_on, faces_on, keep_version, upcoming
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register, RegisterVersion

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}\Z")
COLUMNS: Final = (*NAMES, "pattern")
MOST_SERIAL: Final = 9_999_999
_WIDTH: Final = re.compile(r"(0[1-9])?d?\Z")


def save_register(
    values: dict[str, Any],
    *,
    actor: User | None,
    register: Register | None = None,
    valid_from: date | None = None,
) -> tuple[Register, str]:
    """Create a register, or change one; return it with "new", "changed" or "same".

    Code and direction stay as they were. With a `valid_from` to come the change waits for that day.
    Raise BadOrganisationError.
    """
    today = timezone.localdate()
    if valid_from and valid_from < today:
        raise BadOrganisationError({"valid_from": _("This day is over.")})
    with transaction.atomic():
        given = _checked(values, register, day=valid_from or today)
        if register is None:
            if valid_from and valid_from > today:
                raise BadOrganisationError({"valid_from": _("A new register begins at once.")})
            made = Register.objects.create(**given)
            after = values_of(made, (*COLUMNS, "direction"))
            record(OrgChange.Noun.REGISTER, made.code, "created", actor=actor, after=after)
            return made, "new"
        held = Register.objects.select_for_update().get(pk=register.pk)
        apply_version_of(held, today)
        if valid_from and valid_from > today:
            return held, _plan(held, given, valid_from=valid_from, actor=actor)
        if any(getattr(held, name) != given[name] for name in COLUMNS):
            keep_version(held, given, valid_from=today, actor=actor)
        return held, change_row(
            OrgChange.Noun.REGISTER, held, given, columns=COLUMNS, kept=COLUMNS, actor=actor
        )


def _plan(held: Register, given: dict[str, Any], *, valid_from: date, actor: User | None) -> str:
    """Keep what the register is from a day to come on."""
    before = face_on(held, valid_from)
    planned = held.versions.filter(valid_from=valid_from).exists()
    known = {name: getattr(before, name) for name in COLUMNS}
    if known == given:
        return "same"
    keep_version(held, given, valid_from=valid_from, actor=actor)
    record(
        OrgChange.Noun.REGISTER,
        held.code,
        "planned",
        actor=actor,
        before=known,
        after={**given, "valid_from": valid_from.isoformat()},
    )
    return "changed" if planned else "new"


def withdraw_version(version: RegisterVersion, *, actor: User | None) -> None:
    """Take back a version that has not begun. Raise BadOrganisationError."""
    with transaction.atomic():
        held = RegisterVersion.objects.select_for_update().filter(pk=version.pk).first()
        if held is None or held.valid_from <= timezone.localdate():
            raise BadOrganisationError({"": _("This change has begun already.")})
        before = values_of(held, (*COLUMNS, "valid_from"))
        held.delete()
        code = version.register.code
        record(OrgChange.Noun.REGISTER, code, "withdrawn", actor=actor, before=before, after={})


def preview(
    pattern: str, *, code: str, serials: Sequence[int] = (1, 2, 1234), year: int = 0
) -> list[str]:
    """Return numbers of a year (this one) as the pattern writes them.

    Raise BadOrganisationError.
    """
    if words := _pattern_problem(pattern):
        raise BadOrganisationError({"pattern": words})
    year = year or timezone.localdate().year
    return [format_number(pattern, year=year, register=code, serial=n) for n in serials]


def next_number(register: Register, face: Face) -> str:
    """Return the register's next number; "" for an old pattern that would be refused today."""
    try:
        return preview(face.pattern, code=register.code, serials=[next_serial(register)])[0]
    except BadOrganisationError:
        return ""


def next_serial(register: Register | None, year: int = 0) -> int:
    """Return the serial of the register's next number in a year (this one)."""
    year = year or timezone.localdate().year
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


def _checked(values: dict[str, Any], register: Register | None, *, day: date) -> dict[str, Any]:
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
        elif _is_taken(given["direction"]):
            problems["direction"] = _(
                "All letters that go out are numbered in one register, and so are minutes: "
                "change the one that there is."
            )
    if words := _pattern_problem(given["pattern"]) or _clash(
        given["pattern"], code, register, day=day
    ):
        problems["pattern"] = words
    if problems:
        raise BadOrganisationError(problems)
    return given


def _is_taken(direction: str) -> bool:
    """Return whether the office writes all of this direction into a register that there is."""
    rows = Register.objects.filter(direction=direction).exclude(direction__in=Register.DEPOSITED)
    return rows.exists()


def _clash(pattern: str, code: str, register: Register | None, *, day: date) -> str:
    """Return a sentence where the pattern would write a number that another letter has or gets."""
    serial = next_serial(register, day.year)
    (coming,) = preview(pattern, code=code, serials=[serial], year=day.year)
    others = Register.objects.exclude(pk=register.pk) if register else Register.objects.all()
    faces = faces_on(others)
    patterns = [(faces[row.pk].pattern, row.code) for row in others]
    for row in others:
        patterns += [(one.pattern, row.code) for one in upcoming([row]).get(row.pk, ())]
    if any(may_clash((pattern, code), theirs) for theirs in patterns):
        return _("Another register writes the same numbers.")
    if Letter.objects.filter(number=coming).exists():
        return _("A letter has the next number of this pattern already.")
    return ""


def _save(row: dict[str, str], actor: User | None) -> str:
    register = Register.objects.filter(code=row.get("code", "").upper()).first()
    day = _day(row.get("valid_from", ""))
    face = face_on(register, day) if register else None
    known: dict[str, Any] = {n: getattr(face, n) for n in COLUMNS} if face else {}
    if register and row.get("direction", register.direction) != register.direction:
        raise BadOrganisationError({"direction": _("The direction of a register stays.")})
    values = known | {name: value for name, value in row.items() if name != "valid_from"}
    return save_register(values, actor=actor, register=register, valid_from=day)[1]


def _day(text: str) -> date | None:
    """Return the day of a line; none where it is to be at once. Raise BadOrganisationError."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        words = _("A day is written as in 2027-01-01.")
        raise BadOrganisationError({"valid_from": words}) from error


def _rows() -> Iterator[Sequence[str]]:
    registers = list(Register.objects.order_by("pk"))
    faces, coming = faces_on(registers), upcoming(registers)
    for row in registers:
        yield (row.code, row.direction, *_cells(faces[row.pk]), "")
        for version in coming.get(row.pk, ()):
            yield (row.code, row.direction, *_cells(version), version.valid_from.isoformat())


def _cells(face: Face | RegisterVersion) -> tuple[str, ...]:
    return tuple(str(getattr(face, name)) for name in COLUMNS)


REGISTERS = Table(
    name="registers",
    columns=("code", "direction", *NAMES, "pattern", "valid_from"),
    needed=("code",),
    save=_save,
    rows=_rows,
)
