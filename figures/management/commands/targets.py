"""`manage targets --import CSV [--dry-run] | --export`: targets of the figures as a table."""

from figures.targets import TARGETS
from org.table_command import TableCommand


class Command(TableCommand):
    """Targets of the figures."""

    help = "Columns: " + ", ".join(TARGETS.columns)
    table = TARGETS
