"""`manage processing --import CSV [--dry-run] | --export | --usual`: the record of processing."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from org.processing import PROCESSING, add_usual
from org.table_command import TableCommand, actor_of


class Command(TableCommand):
    """What personal data the office processes, why, on what ground and for how long."""

    help = "Columns: " + ", ".join(PROCESSING.columns)
    table = PROCESSING

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what the software processes to what a table can do."""
        super().add_arguments(parser)
        way = parser._mutually_exclusive_groups[0]
        way.add_argument(
            "--usual", action="store_true", help="add what the software itself processes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not options["usual"]:
            super().handle(*args, **options)
            return
        made = add_usual(actor=actor_of(options["actor"]))
        self.stdout.write(_("Lines added: %(n)d") % {"n": made})
