"""`manage import_bills FILE [--dry-run] [--json]`: bills from the billing system."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from eservices.bills.bill_lines import COLUMNS
from eservices.bills.importing import BillTable
from eservices.bills.xml_importing import import_xml, is_xml
from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.import_command import ImportCommand
from eservices.contracts.import_words import words_of
from eservices.contracts.importing import Handler
from org.signs import colon
from org.table_command import actor_of


class Command(ImportCommand):
    """Import bills; their contracts come first."""

    help = (
        "A table, or XML bills (UBL 2.1, CII) as a file, a ZIP archive or a folder. "
        "Columns of the table: " + ", ".join(COLUMNS)
    )
    kind = "bills"

    def handler(self, path: str) -> Handler:
        """Return what knows bills; their PDFs lie beside the table."""
        return BillTable(Path(path).parent if path != "-" else None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the table or the XML bills, and print the report."""
        path = Path(options["file"])
        if not is_xml(path):
            super().handle(*args, **options)
            return
        try:
            actor = actor_of(options["actor"])
            run = import_xml(path, dry_run=options["dry_run"], by=actor)
        except BadFileError as error:
            words = words_of(error.code, error.data)
            raise CommandError(f"{path}{colon()} {words}", returncode=2) from error
        self._tell(run, as_json=options["json"])
        if run.refused:
            sys.exit(1)
