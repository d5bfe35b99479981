"""`manage export_payments FILE [--again ID] [--json]`: payments for the billing system."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.bills.models import PaymentExport
from eservices.money import decimal
from eservices.payments.handing_over import (
    COLUMNS,
    FileThereError,
    hand_over_payments,
    write_again,
)
from org.file_errors import unwritable
from org.table_command import actor_of


class Command(BaseCommand):
    """Write the payments that were not exported yet, each once."""

    help = "Hand payments to the billing system as CSV. Columns: " + ", ".join(COLUMNS)

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the options."""
        parser.add_argument("file", metavar="FILE", help="it must not be there yet")
        parser.add_argument("--again", type=int, metavar="ID", help="an earlier export once more")
        parser.add_argument("--as", dest="actor", default="", help="user name of who exports")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file whole or not at all; exit 2 where it cannot be written."""
        path = Path(options["file"])
        try:
            export = self._export(path, options)
        except FileThereError as error:
            words = _("%(file)s is there already, and is not overwritten.") % {"file": path}
            raise CommandError(words, returncode=2) from error
        except OSError as error:
            raise CommandError(unwritable(path, error), returncode=2) from error
        told = {
            "export": export.pk if export else None,
            "lines": export.count if export else 0,
            "total": decimal(export.total if export else 0),
            "sha256": export.sha256 if export else "",
        }
        words = _("Payments: %(lines)d, %(total)s MAD; export %(export)s.")
        shown = words % (told | {"export": told["export"] or "–"})
        self.stdout.write(json.dumps(told) if options["json"] else shown)

    def _export(self, path: Path, options: dict[str, Any]) -> PaymentExport | None:
        if options["again"] is None:
            return hand_over_payments(path, by=actor_of(options["actor"]))
        export = PaymentExport.objects.filter(pk=options["again"]).first()
        if export is None:
            raise CommandError(_("There is no export of this number."), returncode=2)
        write_again(export, path)
        return export
