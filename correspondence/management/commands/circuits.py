"""`manage circuits --import CSV [--dry-run] | --export`: circuits as a table."""

from correspondence.replies.circuits_table import CIRCUITS
from org.table_command import TableCommand


class Command(TableCommand):
    """Circuits."""

    help = "Columns: " + ", ".join(CIRCUITS.columns)
    table = CIRCUITS
