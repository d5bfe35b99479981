"""The base of `manage people`, `departments`, `deadlines`…: a table out, or in with a report."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.file_errors import file_error
from org.models import User
from org.tables import BadTableError, Report, Table, export_table, import_table, text_of

_OUTCOMES: Final = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "wrong": gettext_lazy("wrong"),
}


class TableCommand(BaseCommand):
    """Export or import a table. Exit 0: all lines taken, 1: a line is wrong, 2: no such file."""

    table: ClassVar[Table]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the two directions, the dry run, and on whose behalf it is done."""
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--import", dest="source", metavar="CSV", help="a file, or - for stdin")
        way.add_argument("--export", action="store_true", help="write the table to stdout")
        parser.add_argument("--dry-run", action="store_true", help="look at all, write nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--as", dest="actor", default="", help="user name of who imports")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and print a line for each line of the table."""
        if options["export"]:
            self.stdout.write(export_table(self.table), ending="")
            return
        actor = actor_of(options["actor"])
        try:
            text = _text(options["source"])
            report = import_table(self.table, text, actor=actor, dry_run=options["dry_run"])
        except OSError as error:
            words = _("%(file)s cannot be read: %(reason)s.")
            told = {"file": options["source"], "reason": file_error(error)}
            raise CommandError(words % told, returncode=2) from error
        except BadTableError as error:
            words = _("This is no table for this command: %(why)s") % {"why": error}
            raise CommandError(words, returncode=2) from error
        self._tell(report, as_json=options["json"])
        if report.wrong:
            sys.exit(1)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, default=str))
            return
        for line in report.lines:
            if line.outcome != "same":
                outcome = _OUTCOMES[line.outcome]
                self.stdout.write(f"{line.number}\t{outcome}\t{line.key}\t{line.words}".rstrip())
        if report.foreseen:
            moved = _("Open letters with another due date: %(n)d")
            self.stdout.write(moved % {"n": report.foreseen.total})
        counts = {name: report.count(name) for name in ("new", "changed", "same", "wrong")}
        lines = _("Lines: %(new)d new, %(changed)d changed, %(same)d unchanged, %(wrong)d wrong.")
        ending = _("All are kept.") if report.kept else _("Nothing was written.")
        self.stdout.write(f"{lines % counts} {ending}")


def _text(source: str) -> str:
    return text_of(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())


def actor_of(username: str) -> User | None:
    """Return the active person of a user name, None for none. Raise CommandError."""
    if not username:
        return None
    text = username.encode(errors="replace").decode()  # an argument need not be text
    actor = User.objects.filter(username=text, is_active=True).first()
    if actor is None:
        words = _("There is nobody active with the user name “%(name)s”.")
        raise CommandError(words % {"name": text}, returncode=2)
    return actor
