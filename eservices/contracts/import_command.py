"""The base of `manage import_contracts`, `import_meters`…: a file in, a report out."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.import_words import words_of
from eservices.contracts.importing import Handler, run_import
from eservices.contracts.models import ImportRun
from org.file_errors import unreadable
from org.signs import colon
from org.table_command import actor_of

_SHOWN = 50  # refused lines that are told one by one
_COUNTS = ("lines", "new", "changed", "same")


class ImportCommand(BaseCommand):
    """Import a table. Exit 0: all is in, 1: lines were refused, the rest is in, 2: no table."""

    kind: ClassVar[str]

    def handler(self, path: str) -> Handler:
        """Return what knows this kind of table; `path` is where the file lies."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the options."""
        parser.add_argument("file", help="a file, or - for stdin")
        parser.add_argument("--dry-run", action="store_true", help="look at all, change nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--as", dest="actor", default="", help="user name of who imports")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import the file, and print the report."""
        path = options["file"]
        actor = actor_of(options["actor"])
        with opened(path) as stream:
            try:
                run = run_import(
                    self.kind, stream, Path(path).name, handler=self.handler(path),
                    dry_run=options["dry_run"], by=actor,
                )  # fmt: skip
            except BadFileError as error:
                words = words_of(error.code, error.data)
                raise CommandError(f"{path}{colon()} {words}", returncode=2) from error
            self._tell(run, as_json=options["json"])
        if run.refused:
            sys.exit(1)

    def _tell(self, run: ImportRun, *, as_json: bool) -> None:
        if as_json:
            self.stdout.writelines(report_json(run))
            return
        words = _(
            "Lines: %(lines)d; new: %(new)d, changed: %(changed)d, unchanged: %(same)d, "
            "refused: %(refused)d."
        )
        counts = {name: getattr(run, name) for name in (*_COUNTS, "refused")}
        ending = _("Nothing was written.") if run.dry_run else ""
        self.stdout.write(f"{words % counts} {ending}".rstrip())
        for line in run.refusals.order_by("line", "pk")[:_SHOWN]:
            why = {"line": line.line, "why": words_of(line.code, line.data)}
            self.stderr.write(_("Line %(line)d: %(why)s") % why)
        if run.refused > _SHOWN:
            more = _("And %(n)d more; --json tells all.")
            self.stderr.write(more % {"n": run.refused - _SHOWN})


def report_json(run: ImportRun) -> Iterator[str]:
    """Yield the report as JSON, piece by piece: however many lines were refused."""
    counts = {name: getattr(run, name) for name in _COUNTS}
    yield json.dumps(counts)[:-1] + ', "refused": ['
    rows = run.refusals.order_by("line", "pk")
    for place, line in enumerate(rows.iterator(chunk_size=2000)):
        told = {"line": line.line, "reason": words_of(line.code, line.data)}
        yield (", " if place else "") + json.dumps(told, ensure_ascii=False)
    yield "]}\n"


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a file for reading, or standard input for "-". Raise CommandError."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = os.fdopen(os.open(path, os.O_RDONLY), "rb")
    except OSError as error:
        raise CommandError(unreadable(path, error), returncode=2) from error
    with stream:
        yield stream
