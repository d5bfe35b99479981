"""`manage close_day [--day YYYY-MM-DD] [--json]`: seal the registers and draw the day's pages."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from org.written_days import date_format
from registry.book.closing import DayNotOverError, close_day


class Command(BaseCommand):
    """The daily closing."""

    help = "Seal each register's chain head and write the day's page of the book as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --day, a day that has ended (its closing holds all since the last), and --json."""
        parser.add_argument("--day", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per closing made."""
        try:
            day = date.fromisoformat(options["day"]) if options["day"] else None
        except ValueError as error:
            raise CommandError(_("--day is a date like 2026-11-24."), returncode=2) from error
        try:
            closed = close_day(day=day)
        except DayNotOverError as error:
            raise CommandError(str(error), returncode=2) from error
        if not closed and not options["json"]:
            self.stdout.write(_("Nothing to close: no register changed since its last closing."))
        for closing in closed:
            closing.refresh_from_db()
            row = {
                "register": closing.series.register.code,
                "day": str(closing.day),
                "first": closing.first,
                "last": closing.last,
                "hash": closing.hash,
                "page": closing.page.sha256 if closing.page else "",
            }
            named = f"{row['register']} {date_format(closing.day)}"
            line = f"{named}: {row['first']}–{row['last']} {row['hash']}"
            self.stdout.write(json.dumps(row) if options["json"] else line)
