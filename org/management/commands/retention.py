"""`manage retention --import CSV [--dry-run] | --export | --usual`: the schedule of retention."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from org.retention import RETENTION
from org.table_command import TableCommand, actor_of
from org.usual_retention import add_usual


class Command(TableCommand):
    """How long letters are kept, and what becomes of them then."""

    help = "Columns: " + ", ".join(RETENTION.columns)
    table = RETENTION

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the usual rows to what a table can do."""
        super().add_arguments(parser)
        way = parser._mutually_exclusive_groups[0]
        way.add_argument(
            "--usual", action="store_true", help="add the usual rows of kinds that have none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not options["usual"]:
            super().handle(*args, **options)
            return
        made = add_usual(actor=actor_of(options["actor"]))
        self.stdout.write(_("Lines added: %(n)d") % {"n": made})
