"""`manage import_bank_file FILE [--json]`."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.payments.bank_entries import BankFileError
from eservices.payments.bank_import import ImportedFile, take_bank_file
from org.file_errors import unreadable
from org.signs import colon

UNREADABLE: Final = 2


class Command(BaseCommand):
    """Take a bank's file; what no bill answers to waits with proposals at /payments/bank/."""

    help = (
        "Take a bank's file (camt.053, camt.054, MT940): match its credits with bills, once each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the form of the answer."""
        parser.add_argument("file", metavar="FILE", help="the file; - is standard input")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the file; exit 2 where it cannot be read."""
        path = options["file"]
        try:
            content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as error:
            raise CommandError(unreadable(path, error), returncode=UNREADABLE) from error
        name = "-" if path == "-" else Path(path).name
        try:
            taken = take_bank_file(content, name=name.encode(errors="replace").decode())
        except BankFileError as error:
            words = f"{name}{colon()} {error.words()}"
            raise CommandError(words, returncode=UNREADABLE) from error
        answer = taken.as_json()
        self.stdout.write(
            json.dumps(answer, ensure_ascii=False) if options["json"] else _words(taken)
        )


def _words(taken: ImportedFile) -> str:
    told = taken.as_json()
    counts = _("Credits: %(lines)d; matched: %(matched)d, new: %(new)d.")
    rows = [counts % (told | {"new": taken.new})]
    rows += [
        f"  {row['line']}  {row['booked_on']}  {row['amount']}  {row['reference']}  {row['reason']}"
        for row in told["unmatched"]
    ]
    return "\n".join(rows)
