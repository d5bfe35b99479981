"""`manage partners --import CSV [--dry-run] | --export`: partners as a table."""

from channels.services import PARTNERS
from org.table_command import TableCommand


class Command(TableCommand):
    """Partners; keys and secrets are in no table."""

    help = "Columns: " + ", ".join(PARTNERS.columns)
    table = PARTNERS
