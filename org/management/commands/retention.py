"""`manage retention --import CSV [--dry-run] | --export`: how long letters are kept as a table."""

from org.retention import RETENTION
from org.table_command import TableCommand


class Command(TableCommand):
    """How long letters are kept."""

    help = "Columns: " + ", ".join(RETENTION.columns)
    table = RETENTION
