"""`manage kinds --import CSV [--dry-run] | --export`: kinds of letters as a table."""

from org.letter_kinds import KINDS
from org.table_command import TableCommand


class Command(TableCommand):
    """Kinds of letters."""

    help = "Columns: " + ", ".join(KINDS.columns)
    table = KINDS
