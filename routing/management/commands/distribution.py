"""`manage distribution --import CSV [--dry-run] | --export`: distribution lists as a table."""

from org.table_command import TableCommand
from routing.assigning.lists_table import DISTRIBUTION


class Command(TableCommand):
    """Distribution lists."""

    help = "Columns: " + ", ".join(DISTRIBUTION.columns)
    table = DISTRIBUTION
