"""`manage import_contracts FILE [--dry-run] [--json]`: contracts from the billing system."""

from eservices.contracts.contract_lines import COLUMNS, ContractLines
from eservices.contracts.import_command import ImportCommand
from eservices.contracts.importing import Handler


class Command(ImportCommand):
    """Import contracts; a file that holds only what changed is as good."""

    help = "Columns: " + ", ".join(COLUMNS)
    kind = "contracts"

    def handler(self, path: str) -> Handler:
        """Return what knows contracts."""
        return ContractLines()
