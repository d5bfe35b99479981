"""`manage export_readings --period 2026-11 FILE [--again ID] [--json]`: readings for billing."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.billing_files import WholeFile
from eservices.readings.exporting import export_period, write_again
from eservices.readings.models import ReadingExport
from org.file_errors import unwritable
from org.table_command import actor_of

_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    """Write the approved readings of a period that were not exported yet."""

    help = "Hand the approved readings of a period to the billing system, each once, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options; see their help texts."""
        parser.add_argument("file", metavar="FILE", help="- for stdout")
        parser.add_argument("--period", required=True, metavar="YYYY-MM")
        parser.add_argument("--again", type=int, metavar="ID", help="an earlier export once more")
        parser.add_argument("--as", dest="actor", default="", help="user name of who exports")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file whole or not at all."""
        period, path = options["period"], options["file"]
        if not _PERIOD.fullmatch(period):
            words = _("“%(value)s” is no period, written like 2026-11.")
            raise CommandError(words % {"value": period}, returncode=2)
        earlier = _export(options["again"], period)
        actor = actor_of(options["actor"])
        try:
            file = _StandardOutput() if path == "-" else WholeFile(Path(path))
            with file as sink:
                done = (
                    write_again(earlier, sink) if earlier else export_period(period, sink, by=actor)
                )
        except OSError as error:
            raise CommandError(unwritable(path, error), returncode=2) from error
        told = {"period": period, "count": done.count, "export": done.export.pk}
        out = self.stderr if path == "-" else self.stdout
        if options["json"]:
            out.write(json.dumps(told))
        else:
            out.write(_("Readings of %(period)s: %(count)d; export %(export)d.") % told)


def _export(wanted: int | None, period: str) -> ReadingExport | None:
    if wanted is None:
        return None
    found = ReadingExport.objects.filter(pk=wanted, period=period).first()
    if found is None:
        raise CommandError(_("There is no export of this number."), returncode=2)
    return found


class _StandardOutput:
    """The standard output as a file."""

    def __enter__(self) -> "_StandardOutput":
        return self

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""
        return sys.stdout.buffer.write(data)

    def finish(self) -> None:
        """Let everything out."""
        sys.stdout.flush()

    def __exit__(self, *_error: object) -> None:
        """Leave it open."""
