"""A tile of the day: how much waits, its first rows, and where the rest is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from figures.wording import number
from org.written_days import date_format
from registry.models.letters import Letter

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a tile: a link with its words, and what is small beside them."""

    href: str
    words: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """How much of one thing waits, `said` in words; `bad` where it should be nothing."""

    code: str
    title: str
    count: int
    said: str
    rows: list[Row]
    link: str
    bad: bool = False
    rest: int = 0  # rows that are not shown


def tile(
    code: str, title: str, rows: QuerySet[Any], shown: Callable[[Any], Row], *,
    unit: Callable[[int], str], link: str, bad: bool = False,
) -> Tile:  # fmt: skip
    """Count the rows and show the first of them, by two queries and those of prefetching."""
    count = rows.order_by().count()
    first = [shown(row) for row in rows[:SHOWN]] if count else []
    rest = count - len(first)
    return Tile(code, title, count, unit(count), first, link, bad and count > 0, rest)


def letter_row(letter: Letter, *, small: str = "", to: str = "desk:letter") -> Row:
    """Return the row of a letter: its subject, and its number with what else is said."""
    parts = [letter.number, small]
    words = letter.subject or _("Without subject")
    return Row(reverse(to, args=[letter.pk]), words, " · ".join(filter(None, parts)))


def due_words(day: date | None) -> str:
    """Return when something is due, in words."""
    if day is None:
        return ""
    late = (timezone.localdate() - day).days
    if late > 0:
        return ngettext("late by %(n)s day", "late by %(n)s days", late) % {"n": number(late)}
    return _("today") if late == 0 else _("until %(day)s") % {"day": date_format(day, "j F")}


def alarms(count: int) -> str:
    """Return a number of alarms in words."""
    return ngettext("%(n)s alarm", "%(n)s alarms", count) % {"n": number(count)}


def letters(count: int) -> str:
    """Return so many of letters."""
    return ngettext("%(n)s letter", "%(n)s letters", count) % {"n": number(count)}


def mails(count: int) -> str:
    """Return so many of mails."""
    return ngettext("%(n)s mail", "%(n)s mails", count) % {"n": number(count)}


def batches(count: int) -> str:
    """Return so many of batches."""
    return ngettext("%(n)s batch", "%(n)s batches", count) % {"n": number(count)}


def lists(count: int) -> str:
    """Return so many of lists."""
    return ngettext("%(n)s list", "%(n)s lists", count) % {"n": number(count)}


def opinions(count: int) -> str:
    """Return so many of opinions."""
    return ngettext("%(n)s opinion", "%(n)s opinions", count) % {"n": number(count)}


def drafts(count: int) -> str:
    """Return so many of drafts."""
    return ngettext("%(n)s draft", "%(n)s drafts", count) % {"n": number(count)}


def people(count: int) -> str:
    """Return so many of people."""
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": number(count)}


def points(count: int) -> str:
    """Return so many of findings."""
    return ngettext("%(n)s point", "%(n)s points", count) % {"n": number(count)}


def requests(count: int) -> str:
    """Return so many of requests."""
    return ngettext("%(n)s request", "%(n)s requests", count) % {"n": number(count)}


def worst(rows: Iterable[Row]) -> list[Row]:
    """Return as many rows as a tile shows."""
    return list(rows)[:SHOWN]
