"""`manage calendar --import CSV [--dry-run] | --export`: days off as a table."""

from org.table_command import TableCommand
from routing.clocks.tables import CALENDAR


class Command(TableCommand):
    """Days off."""

    help = "Columns: " + ", ".join(CALENDAR.columns)
    table = CALENDAR
