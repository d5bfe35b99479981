"""`manage figures [--from YYYY-MM] [--to YYYY-MM] [--count] [--json]`: the office's figures."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from figures.counting import count_all
from figures.scope import Scope
from figures.summing import Figures, FiguresFilter, breakdown_of
from org.models import Department


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        words = f"a month is written YYYY-MM, not {text!r}"
        raise CommandError(words, returncode=2) from error


class Command(BaseCommand):
    """Print figures of all departments, numbers only; this year's where no months are given."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options; months are written YYYY-MM."""
        parser.add_argument("--from", dest="since", metavar="YYYY-MM")
        parser.add_argument("--to", dest="until", metavar="YYYY-MM")
        parser.add_argument("--count", action="store_true", help="count these months anew before")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the figures; raise CommandError for an invalid month."""
        today = timezone.localdate()
        since = _month(options["since"] or f"{today.year:04d}-01")
        until = _month(options["until"] or f"{today:%Y-%m}")
        if options["count"]:
            count_all(since=since, until=until)
        departments = {row.code: row for row in Department.objects.all()}
        everything = Scope(departments, {}, everything=True, clearance=2)
        report = breakdown_of(everything, FiguresFilter(since, until))
        told = {
            "from": f"{since:%Y-%m}",
            "to": f"{until:%Y-%m}",
            "counted_at": report.counted_at.isoformat() if report.counted_at else None,
            "total": report.total.plain(),
            "months": {f"{month:%Y-%m}": found.plain() for month, found in report.months.items()},
            "departments": _plain(report.departments),
            "kinds": _plain(report.kinds),
            "channels": _plain(report.channels),
            "complaints": report.complaints.plain(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=1))
            return
        for name, value in report.total.plain().items():
            self.stdout.write(f"{name:<28}{value}")


def _plain(found: dict[str, Figures]) -> dict[str, Any]:
    return {code: figures.plain() for code, figures in found.items()}
