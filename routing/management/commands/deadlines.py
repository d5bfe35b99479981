"""`manage deadlines --import CSV [--dry-run] | --export`: terms as a table."""

from org.table_command import TableCommand
from routing.clocks.tables import DEADLINES


class Command(TableCommand):
    """Terms."""

    help = "Columns: " + ", ".join(DEADLINES.columns)
    table = DEADLINES
