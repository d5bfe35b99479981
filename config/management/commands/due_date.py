"""`manage due_date --start DATETIME --days N --unit working|calendar …`: when a term ends, and why.

This is the pure function that letters use, with everything that counts on the command line.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from org.calendar import days_of, library_rows, office_days
from routing.clocks.deadlines import (
    CALENDAR,
    WORKING,
    Clock,
    Due,
    NoWorkingDayError,
    Stop,
    due_date,
)
from routing.clocks.due_date_words import LANGUAGES, day_words, explained, step_words

MOST_DAYS = 3660
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_NAMES: Mapping[str, str] = {}

RULES = """\
By when a term ends, and why. Rules, each with its option:

  * the day of receipt does not count (--count-start: it does)
  * calendar: every day counts; working: Saturday, Sunday and days off do not
    (--weekdays 12345: which days are worked, 1 is Monday)
  * the days of a stop, both ends included, do not count
    (--count-stop-ends: its first and last day do)
  * an extension adds N days of the same unit
  * a due date that falls on a closed day or inside a stop moves to the next
    open day (--stay: it does not move)

Only what the command line says counts: days off are those of --holiday. To
have a calendar counted besides, name it: --with office (the office's own, from
its database: what due dates of letters are counted by) or --with morocco (the
public holidays of Morocco as the library knows them: religious ones are
estimates, which may be a day off).

Needs no database but for --with office. Exit 2, with the reason on stderr,
where the question makes no sense.
"""


class Command(BaseCommand):
    """Count a term on the command line, with every day of it explained."""

    help = RULES
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """Return a parser that prints the rules as they are written, not as one paragraph."""
        parser = super().create_parser(*args, **options)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the start, the term, what stops or extends it, and the explanation's language."""
        add = parser.add_argument
        add("--start", type=_start, required=True, help="day or moment of receipt, ISO 8601")
        add("--days", type=_count(1), required=True, help=f"the term, 1 to {MOST_DAYS}")
        add("--unit", choices=[WORKING, CALENDAR], required=True)
        add("--stop", type=_stop, action="append", default=[], metavar="FROM..TO")
        add("--extend", type=_count(0), action="append", default=[], metavar="N")
        add("--holiday", type=_day, action="append", default=[], metavar="DATE")
        add("--with", choices=["office", "morocco"], dest="calendar", help="count its days off too")
        add("--weekdays", type=_weekdays, default=frozenset({1, 2, 3, 4, 5}), metavar="12345")
        add("--count-start", action="store_true", help="the day of receipt counts")
        add("--count-stop-ends", action="store_true", help="first and last day of a stop count")
        add("--stay", action="store_true", help="a due date on a closed day stays there")
        add("--language", choices=LANGUAGES, default=settings.LANGUAGE_CODE[:2])
        add("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the due date and exit 0, or exit 2 with the reason why there is none."""
        clock = Clock(
            days=options["days"],
            unit=options["unit"],
            weekdays=options["weekdays"],
            first_day_counts=options["count_start"],
            moves=not options["stay"],
            stop_ends_count=options["count_stop_ends"],
        )
        with override(options["language"]):
            try:
                due = self._counted(clock, options)
            except NoWorkingDayError:
                self._fail(_("No day is left on which the term could end."))
            self._tell(_answer(due, clock=clock, language=options["language"]), options["json"])

    def _counted(self, clock: Clock, options: dict[str, Any]) -> Due:
        """Return the due date; fetch more of the library's years where it lies after them."""
        last: int = options["start"].year + 1
        while True:
            due = due_date(
                clock,
                holidays=self._days_off(options, last),
                start=options["start"],
                stops=options["stop"],
                extensions=options["extend"],
            )
            if options["calendar"] != "morocco" or due.on.year <= last:
                return due
            last = due.on.year + 1

    def _days_off(self, options: dict[str, Any], last: int) -> dict[date, Mapping[str, str]]:
        given = dict.fromkeys(options["holiday"], _NO_NAMES)
        start: date = options["start"]
        if options["calendar"] == "morocco":
            return given | _morocco(start.year, last)
        if options["calendar"] == "office":
            try:
                return given | office_days(since=start)
            except DatabaseError:
                self._fail(_("There is no calendar of an office here."))
        return dict(given)

    def _tell(self, answer: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{day_words(answer['due_on'])}\n{answer['explanation']}")
        for step in answer["steps"]:
            span = f"{day_words(step['from'])} – {day_words(step['to'])}"
            self.stdout.write(f"  {span}  {step['counted']:>4}  {step['reason']}")

    def _fail(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)


def _answer(due: Due, *, clock: Clock, language: str) -> dict[str, Any]:
    return {
        "due_on": due.on.isoformat(),
        "explanation": explained(due, clock=clock)[language],
        "steps": [
            {
                "from": step.first.isoformat(),
                "to": step.last.isoformat(),
                "counted": step.counted,
                "reason": step_words(step, stops=due.stops, unit=clock.unit, language=language),
            }
            for step in due.steps
        ],
    }


def _morocco(first: int, last: int) -> dict[date, Mapping[str, str]]:
    """Return the library's days off for the years given; an estimated day says so in its name."""
    years = range(first, min(last, date.max.year - 10) + 1)
    return days_of(row for year in years for row in library_rows(year))


def _day(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is not a day: write it like 2026-07-30")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"there is no day {text}") from error


def _start(text: str) -> date:
    """Parse the day of receipt; a moment with a time zone is a day of the office's time zone."""
    if not _DATE.fullmatch(text[:10]):
        raise ArgumentTypeError(
            f"{text!r} is not a moment: write it like 2026-07-30 or 2026-07-30T16:45"
        )
    try:
        moment = datetime.fromisoformat(text)
        return timezone.localtime(moment).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"there is no moment {text}") from error


def _stop(text: str) -> Stop:
    first, dots, last = text.partition("..")
    if not dots:
        raise ArgumentTypeError(f"{text!r} is not a stop: write it like 2026-02-02..2026-02-06")
    stop = Stop(_day(first), _day(last))
    if stop.last < stop.first:
        raise ArgumentTypeError(f"the stop {text} ends before it begins")
    return stop


def _count(least: int) -> Any:
    def days(text: str) -> int:
        number = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else -1
        if not least <= number <= MOST_DAYS:
            raise ArgumentTypeError(f"{text!r} is not a number of days from {least} to {MOST_DAYS}")
        return number

    return days


def _weekdays(text: str) -> frozenset[int]:
    if not re.fullmatch(r"1?2?3?4?5?6?7?", text) or not text:
        raise ArgumentTypeError(f"{text!r} is not a week: write the days worked, like 12345")
    return frozenset(map(int, text))
