"""Terms and days off as tables: what a table would do to open letters is counted before."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import NAMES, yes_or_no
from org.errors import BadOrganisationError
from org.models import Department, Holiday, LetterKind, User
from org.tables import Table
from routing.clocks.calendar_edits import YEARS, write_day
from routing.clocks.due import internal_moves_under, moves_under
from routing.clocks.editing import (
    CALENDAR_CHANGED,
    DEADLINE_CHANGED,
    Foreseen,
    foreseen,
    record_edit,
)
from routing.clocks.reckoning import Reckoner
from routing.clocks.rule_edits import COLUMNS, write_rule
from routing.models.clocks import DeadlineRule

MOST_DAYS: Final = 3660
_FLAGS: Final = ("first_day_counts", "moves", "stop_ends_count", "active")
_NUMBERS: Final = ("days", "extension_days")
_CODED: Final = ("kind", "department")
_PLAIN: Final = tuple(c for c in COLUMNS if c not in (*_FLAGS, *_NUMBERS, *_CODED))


def _save_rule(row: dict[str, str], actor: User | None) -> str:
    """Save a line; a column that the table lacks keeps what the rule has."""
    problems: dict[str, Any] = {}
    kind = LetterKind.objects.filter(code=row.get("kind", "").lower()).first()
    unit = Department.objects.filter(code=row.get("department", "").upper()).first()
    if kind is None:
        problems["kind"] = _("There is no such code: %(code)s") % {"code": row.get("kind", "")[:40]}
    if row.get("department") and unit is None:
        code = {"code": row["department"][:40]}
        problems["department"] = _("There is no such code: %(code)s") % code
    if problems:
        raise BadOrganisationError(problems)
    clock, channel = row.get("clock") or "legal", row.get("channel", "")
    held = DeadlineRule.objects.filter(kind=kind, department=unit, clock=clock, channel=channel)
    rule = held.first() or DeadlineRule(kind=kind, department=unit, clock=clock, channel=channel)
    _fill(rule, row)
    return write_rule(rule, actor=actor)


def _fill(rule: DeadlineRule, row: dict[str, str]) -> None:
    """Set the given columns; raise BadOrganisationError for values that make no term."""
    problems: dict[str, Any] = {}
    for number in (name for name in _NUMBERS if name in row):
        text = row[number] or "0"
        good = text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= MOST_DAYS
        if not good or (number == "days" and int(text) < 1):
            problems[number] = _("Give a whole number.")
        else:
            setattr(rule, number, int(text))
    for switch in (name for name in _FLAGS if name in row):
        setattr(rule, switch, yes_or_no(row[switch], switch))
    for plain in (name for name in _PLAIN if row.get(name)):
        setattr(rule, plain, one_line(row[plain], 600))
    if problems:
        raise BadOrganisationError(problems)
    try:
        rule.full_clean()
    except ValidationError as error:
        told = {name: " ".join(said) for name, said in error.message_dict.items()}
        raise BadOrganisationError(
            {n.replace("__all__", ""): w for n, w in told.items()}
        ) from error


def _rules() -> Iterator[Sequence[str]]:
    rows = DeadlineRule.objects.select_related("kind", "department")
    for rule in rows.order_by("kind__position", "kind__code", "clock", "department__code", "pk"):
        yield [_cell(getattr(rule, name)) for name in COLUMNS]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "code", "" if value is None else value))


def foresee_rules() -> Foreseen:
    """Return which open letters move under the rules and days off as they now stand."""
    reckoner = Reckoner.load()
    kinds = sorted(DeadlineRule.objects.values_list("kind", flat=True).distinct())
    internal = (internal_moves_under(reckoner, kind_id=kind) for kind in kinds)
    return foreseen(chain(moves_under(reckoner), chain.from_iterable(internal)))


def _rules_kept(actor: User | None, changed: int) -> None:
    record_edit(DEADLINE_CHANGED, actor=actor, data={"table": changed})


def _save_day(row: dict[str, str], actor: User | None) -> str:
    try:
        day = date.fromisoformat(row.get("day", ""))
    except ValueError:
        raise BadOrganisationError({"day": _("Write the day as in 2026-07-30.")}) from None
    if day.year not in YEARS:
        raise BadOrganisationError({"day": _("Give a day between 2000 and 2100.")})
    names = {name: one_line(row.get(name, ""), 200) for name in NAMES}
    held = Holiday.objects.filter(day=day, name_fr=names["name_fr"]).first()
    if not names["name_fr"] or not (names["name_ar"] or held):
        raise BadOrganisationError({"": _("Name the day in Arabic and in French.")})
    after = held or Holiday(day=day, confirmed=True, name_fr=names["name_fr"])
    after.name_ar = names["name_ar"] or after.name_ar
    after.name_en = names["name_en"] or after.name_en or names["name_fr"]
    for name in (name for name in ("confirmed", "exceptional") if row.get(name)):
        setattr(after, name, yes_or_no(row[name], name))
    return write_day(after, actor=actor)


def _days() -> Iterator[Sequence[str]]:
    for row in Holiday.objects.all():
        names = (row.name_ar, row.name_fr, row.name_en)
        yield (row.day.isoformat(), *names, _cell(row.confirmed), _cell(row.exceptional))


def _days_kept(actor: User | None, changed: int) -> None:
    record_edit(CALENDAR_CHANGED, actor=actor, data={"what": "table", "changed": changed})


DEADLINES = Table(
    name="deadlines",
    columns=COLUMNS,
    needed=("kind", "days", "unit"),
    save=_save_rule,
    rows=_rules,
    foresee=foresee_rules,
    after=_rules_kept,
)
CALENDAR = Table(
    name="calendar",
    columns=("day", *NAMES, "confirmed", "exceptional"),
    needed=("day", "name_ar", "name_fr"),
    save=_save_day,
    rows=_days,
    foresee=foresee_rules,
    after=_days_kept,
)
