"""`manage import_reading_results FILE [--dry-run] [--json]`: what billing says of readings."""

from typing import ClassVar

from eservices.contracts.import_command import ImportCommand
from eservices.contracts.importing import Handler
from eservices.contracts.models import ImportRun
from eservices.readings.results import ResultLines


class Command(ImportCommand):
    """Import results; exit 1 where lines were refused, the rest is in."""

    help = "Import what the billing system says of readings: reading_id;result;reason."
    kind: ClassVar[str] = ImportRun.Kind.RESULTS

    def handler(self, path: str) -> Handler:
        """Return what knows results."""
        return ResultLines()
