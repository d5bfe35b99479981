"""The administrator changes the calendar: add, confirm, move, remove a day off, propose a year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.calendar import days_of, proposed_rows
from org.history import record, values_of
from org.models import Holiday, OrgChange, User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.clocks.due import moves_under
from routing.clocks.editing import (
    CALENDAR_CHANGED,
    Foreseen,
    foreseen,
    need_administrator,
    record_edit,
)
from routing.clocks.reckoning import Reckoner

ADD, CONFIRM, MOVE, REMOVE, PROPOSE = "add", "confirm", "move", "remove", "propose"
KEPT = ("day", "name_ar", "name_fr", "name_en", "confirmed", "exceptional")
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class DayEdit:
    """One change of the calendar.

    `day` is the new day (add, move); `seen` the day on which the person saw the row; `names` by
    language (add); `year` for a proposal.
    """

    what: str
    holiday_id: int | None = None
    day: date | None = None
    seen: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    exceptional: bool = False
    confirmed: bool = True
    year: int = 0


@dataclass(frozen=True, slots=True)
class _Change:
    """Rows of the calendar before and after, and the first day whose status changes."""

    before: Holiday | None
    after: list[Holiday]

    @property
    def first_day(self) -> date | None:
        days = {row.day for row in self.after} ^ ({self.before.day} if self.before else set())
        return min(days, default=None)


def foresee_edit(edit: DayEdit) -> Foreseen:
    """Return which open letters would move; raise NotAllowedError for a meaningless change."""
    change = _planned(edit)
    if change.first_day is None:
        return Foreseen(0, ())
    rows = [row for row in Holiday.objects.all() if change.before is None or row != change.before]
    calendar = days_of(sorted([*rows, *change.after], key=lambda row: (row.day, row.pk or 0)))
    reckoner = Reckoner.load().with_calendar(calendar)
    return foreseen(moves_under(reckoner, due_from=change.first_day))


def apply_edit(edit: DayEdit, *, actor: User) -> None:
    """Write the change and its audit record; a job recomputes the open letters where days moved.

    Raise NotAllowedError, and ConflictError where the row is not as the person saw it.
    """
    need_administrator(actor)
    try:
        with transaction.atomic():
            change = _planned(edit)
            if edit.what == REMOVE and change.before:
                _record(change.before, "removed", actor=actor, before=_audit_values(change.before))
                change.before.delete()
            for row in change.after:
                write_day(row, actor=actor)
            record_edit(CALENDAR_CHANGED, actor=actor, data=_act_data(edit, change))
    except IntegrityError as error:  # somebody entered the same day in the same second
        raise ConflictError from error


def write_day(row: Holiday, *, actor: User | None) -> str:
    """Write a day off and its history, in the caller's transaction.

    Return "new", "changed" or "same". The caller sees to it that open letters are counted again.
    """
    held = Holiday.objects.filter(pk=row.pk).first()
    before, after = _audit_values(held) if held else None, _audit_values(row)
    if before == after:
        return "same"
    row.save()
    _record(row, "changed" if held else "created", actor=actor, before=before, after=after)
    return "changed" if held else "new"


def _audit_values(row: Holiday) -> dict[str, Any]:
    return values_of(row, KEPT)


def _record(row: Holiday, action: str, *, actor: User | None, **values: Any) -> None:
    key = str(row.day.year)
    named = {} if action == "created" else {"holiday": f"{row.day.isoformat()} {row.name_fr}"}
    if action == "removed":
        values["after"] = {}
    elif named:
        values["after"] = {**values["after"], **named}
    record(OrgChange.Noun.HOLIDAY, key, action, actor=actor, **values)


def _act_data(edit: DayEdit, change: _Change) -> dict[str, Any]:
    """Return the change as its audit record keeps it."""
    data: dict[str, Any] = {"what": edit.what}
    if change.before:
        data |= {"day": edit.seen, "name": change.before.name_fr}
    if edit.what != REMOVE:
        data["after"] = [
            {"day": row.day, "name": row.name_fr, "confirmed": row.confirmed}
            for row in change.after
        ]
    return data


def _planned(edit: DayEdit) -> _Change:
    if edit.what == ADD:
        return _Change(None, [_new_row(edit)])
    if edit.what == PROPOSE:
        if edit.year not in YEARS:
            raise NotAllowedError(_("Give a year from 2000 to 2100."))
        rows = proposed_rows(edit.year)
        if not rows:
            raise NotAllowedError(_("The holidays of this year were proposed already."))
        return _Change(None, rows)
    if edit.what not in (CONFIRM, MOVE, REMOVE):
        raise NotAllowedError(_("Say what becomes of the day."))
    before = Holiday.objects.filter(pk=edit.holiday_id or 0).first()
    if before is None or before.day != edit.seen:
        raise ConflictError
    if edit.what == REMOVE:
        return _Change(before, [])
    after = Holiday.objects.get(pk=before.pk)
    after.confirmed = True
    if edit.what == MOVE:
        after.day = _possible(edit.day)
        after.confirmed = edit.confirmed
        _need_free(after)
    return _Change(before, [after])


def _new_row(edit: DayEdit) -> Holiday:
    names = {key: one_line(edit.names.get(key, ""), 200) for key in ("ar", "fr", "en")}
    if not names["ar"] or not names["fr"]:
        raise NotAllowedError(_("Name the day in Arabic and in French."))
    row = Holiday(
        day=_possible(edit.day),
        name_ar=names["ar"],
        name_fr=names["fr"],
        name_en=names["en"] or names["fr"],
        confirmed=edit.confirmed,
        exceptional=edit.exceptional,
    )
    _need_free(row)
    return row


def _possible(day: date | None) -> date:
    if day is None or day.year not in YEARS:
        raise NotAllowedError(_("Give a day between 2000 and 2100."))
    return day


def _need_free(row: Holiday) -> None:
    others = Holiday.objects.filter(day=row.day, name_fr=row.name_fr).exclude(pk=row.pk)
    if others.exists():
        raise NotAllowedError(_("This holiday stands on this day already."))
