"""Formats of the office's numbers: its registers', its predecessors', its other desks'.

Administrators keep them; each change is on record. They say which numbers that a letter quotes are
ours, and so what the letter answers or reminds of.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext as _

from language.lines import one_line
from language.number_formats import (
    MOST,
    FoundNumber,
    NumberFormat,
    format_problem,
    match_number,
    one_spelling,
)
from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.history import keep_row
from org.models import Department, OrgChange, User
from org.tables import Table
from registry.models.number_formats import KnownFormat
from registry.models.registers import Register

COLUMNS: Final = ("pattern", "desk", "active")
LONGEST_DESK: Final = 120
OF_REGISTERS: Final = "{year}/{register}/{serial}"  # registers' own, in any pattern they print


def formats_in_use() -> tuple[NumberFormat, ...]:
    """Return the formats that count, with the codes of registers and departments; in 3 queries."""
    rows = KnownFormat.objects.filter(active=True).values_list("pattern", flat=True)[:MOST]
    patterns = list(rows)
    if not patterns:
        return ()
    registers = _register_codes()
    departments = tuple(Department.objects.order_by("code").values_list("code", flat=True))
    return tuple(NumberFormat(pattern, registers, departments) for pattern in patterns)


def _register_codes() -> tuple[str, ...]:
    return tuple(Register.objects.order_by("code").values_list("code", flat=True))


def try_number(text: str) -> FoundNumber | None:
    """Return the number of ours that the whole text is, or None."""
    return match_number(text, (NumberFormat(OF_REGISTERS, _register_codes()), *formats_in_use()))


def save_format(
    values: dict[str, Any], *, actor: User | None, row: KnownFormat | None = None
) -> str:
    """Add a format or change one; return "new", "changed" or "same".

    Raise BadOrganisationError.
    """
    try:
        return keep_row(
            OrgChange.Noun.NUMBERS,
            row or KnownFormat(),
            columns=COLUMNS,
            checked=lambda held: _checked(values, held),
            actor=actor,
            action=_action,
        )
    except IntegrityError as error:  # somebody else adds the same at this moment
        raise BadOrganisationError({"pattern": _("This format is there already.")}) from error


def _action(before: dict[str, Any], after: dict[str, Any]) -> str:
    if before["active"] == after["active"]:
        return "changed"
    return "restored" if after["active"] else "retired"


def _checked(values: dict[str, Any], held: KnownFormat) -> dict[str, Any]:
    pattern = one_spelling(str(values.get("pattern") or ""))[:200]
    desk = one_line(str(values.get("desk") or ""), 1000)
    problems: dict[str, Any] = {}
    if problem := format_problem(pattern):
        problems["pattern"] = _problem(problem)
    if not desk:
        problems["desk"] = _("Say whose numbers these are.")
    if len(desk) > LONGEST_DESK:
        problems["desk"] = _("This is too long.")
    if KnownFormat.objects.filter(pattern=pattern).exclude(pk=held.pk).exists():
        problems["pattern"] = _("This format is there already.")
    if held._state.adding and KnownFormat.objects.count() >= MOST:
        problems["pattern"] = _("There are too many formats; retire or change one.")
    if problems:
        raise BadOrganisationError(problems)
    return {"pattern": pattern, "desk": desk, "active": bool(values.get("active", True))}


def _problem(problem: str) -> str:
    words = {
        "long": _("This is too long."),
        "part": _(
            "Parts in braces are {serial}, {year}, {register}, {department} and {letters} alone."
        ),
        "serial": _("A format needs the part {serial}."),
        "twice": _("Each part can stand once."),
        "bare": _(
            "Without a code or letters, and a stroke, any number would match: name the desk in it."
        ),
    }
    return str(words[problem])


def _save(row: dict[str, str], actor: User | None) -> str:
    held = KnownFormat.objects.filter(pattern=one_spelling(row.get("pattern", ""))).first()
    known = {name: getattr(held, name) for name in COLUMNS} if held else {}
    values: dict[str, Any] = {**known, **row}
    if "active" in row:
        values["active"] = yes_or_no(row["active"], "active")
    return save_format(values, actor=actor, row=held)


def _rows() -> Iterator[Sequence[str]]:
    for row in KnownFormat.objects.order_by("pattern"):
        yield row.pattern, row.desk, "yes" if row.active else "no"


NUMBER_FORMATS: Final = Table(
    name="number_formats",
    columns=COLUMNS,
    needed=("pattern", "desk"),
    save=_save,
    rows=_rows,
)
