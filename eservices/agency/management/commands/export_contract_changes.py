"""`manage export_contract_changes FILE [--json]`: what requests changed, for the billing system."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.agency.handing_over import export_changes
from eservices.billing_files import WholeFile
from org.file_errors import unwritable


class Command(BaseCommand):
    """Export the changes of contracts as one CSV file, each change once."""

    help = "Write the changes of contracts that were not handed over yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options; see their help texts."""
        parser.add_argument("file", metavar="FILE", help="the CSV to write")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file whole or not at all."""
        path = Path(options["file"])
        try:
            with WholeFile(path) as file:

                def write(text: str) -> None:
                    file.write(text.encode())
                    file.finish()

                count = export_changes(write)
        except OSError as error:
            raise CommandError(unwritable(path, error)) from error
        words = _("Changes: %(n)d") % {"n": count}
        self.stdout.write(json.dumps({"changes": count}) if options["json"] else words)
