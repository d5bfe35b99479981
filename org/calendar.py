"""The working calendar: the days on which the office is closed, and those the library proposes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
from django.utils.translation import gettext as _
from django.utils.translation import override

from org.models import Holiday

LIBRARY_LANGUAGES = {"ar": "ar", "fr": "fr", "en": "en_US"}
_NEAR = 4  # years around, in which each holiday falls once on a day of its own
_JOINED = "; "  # between the names of two holidays on one day


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A holiday given by the library; `estimated` where the moon decides, so it is calculated."""

    day: date
    names: Mapping[str, str]
    estimated: bool


def proposed_days(year: int) -> list[ProposedDay]:
    """Return Morocco's public holidays of a year, in order; two that fall on one day are two.

    Religious ones are estimates: Eid al-Fitr 2025 is a day early here.
    """
    names = _names_around(year)
    labelled = _library(year, "fr", estimates=True)
    found = []
    for day, joined in sorted(_library(year, "fr").items()):
        said = set(labelled[day].split(_JOINED))
        found += [ProposedDay(day, names[n], n not in said) for n in sorted(joined.split(_JOINED))]
    return found


@lru_cache(maxsize=32)
def _names_around(year: int) -> dict[str, Mapping[str, str]]:
    """Return French name → names in all languages, from days on which one holiday falls alone.

    The library joins the names of one day in alphabetical order, which differs by language.
    """
    found: dict[str, Mapping[str, str]] = {}
    for near in sorted(range(year - _NEAR, year + _NEAR + 1), key=lambda y: abs(y - year)):
        by_language = {ours: _library(near, theirs) for ours, theirs in LIBRARY_LANGUAGES.items()}
        for day, name in by_language["fr"].items():
            if _JOINED not in name:
                names = {ours: days[day][:200] for ours, days in by_language.items()}
                found.setdefault(name, names)
    return found


def _library(year: int, language: str, *, estimates: bool = False) -> dict[date, str]:
    make: Any = holidays.Morocco  # type: ignore[attr-defined]
    return dict(make(years=year, language=language, islamic_show_estimated=estimates).items())


def office_days(*, since: date) -> dict[date, Mapping[str, str]]:
    """Return the office's days off from a day on, with their names; provisional ones are marked."""
    return days_of(Holiday.objects.filter(day__gte=since))


def days_of(rows: Iterable[Holiday]) -> dict[date, Mapping[str, str]]:
    """Return rows of the calendar as the pure functions take them, one entry a day."""
    found: dict[date, Mapping[str, str]] = {}
    for row in rows:
        names = names_of(row)
        if row.day in found:
            names = {key: f"{found[row.day][key]} · {name}" for key, name in names.items()}
        found[row.day] = names
    return found


def names_of(row: Holiday) -> dict[str, str]:
    """Return a day off's name in each language, marked where it is not confirmed yet."""
    names = {"ar": row.name_ar, "fr": row.name_fr, "en": row.name_en}
    return names if row.confirmed else {key: _provisional(key, name) for key, name in names.items()}


def _provisional(language: str, name: str) -> str:
    with override(language):
        return _("%(name)s, provisional") % {"name": name}


def proposed_rows(year: int) -> list[Holiday]:
    """Return the library's holidays of a year as unsaved rows, those entered already left out.

    National days are confirmed, religious ones provisional. None where the year was proposed
    before: what an administrator moved or removed since does not come back.
    """
    present = Holiday.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
    if present.filter(proposed=True).exists():
        return []
    entered = set(present.values_list("day", "name_fr"))
    return [row for row in library_rows(year) if (row.day, row.name_fr) not in entered]


def library_rows(year: int) -> list[Holiday]:
    """Return the library's holidays of a year as unsaved rows, whatever the calendar holds."""
    return [
        Holiday(
            day=row.day,
            confirmed=not row.estimated,
            proposed=True,
            **{f"name_{key}": name for key, name in row.names.items()},
        )
        for row in proposed_days(year)
    ]


def propose_next_year(*, today: date) -> int:
    """Add the library's holidays of the coming year; return how many were added.

    Called once a night. Only where this year has days the library proposed and the next has no day
    off.
    """
    this, coming = (Holiday.objects.filter(day__year=today.year + n) for n in (0, 1))
    if not this.filter(proposed=True).exists() or coming.exists():
        return 0
    return propose_year(today.year + 1)


def propose_year(year: int) -> int:
    """Put the library's holidays of a year into the office's calendar; return how many."""
    return len(Holiday.objects.bulk_create(proposed_rows(year), ignore_conflicts=True))
