"""`manage import_meters FILE [--dry-run] [--json]`: meters from the billing system."""

from eservices.contracts.import_command import ImportCommand
from eservices.contracts.importing import Handler
from eservices.contracts.meter_lines import COLUMNS, MeterLines


class Command(ImportCommand):
    """Import meters; their contracts come first."""

    help = "Columns: " + ", ".join(COLUMNS)
    kind = "meters"

    def handler(self, path: str) -> Handler:
        """Return what knows meters."""
        return MeterLines()
