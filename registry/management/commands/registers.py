"""`manage registers --import CSV [--dry-run] | --export`: registers as a table."""

from org.table_command import TableCommand
from registry.book.registers import REGISTERS


class Command(TableCommand):
    """Registers and their number patterns."""

    help = "Columns: " + ", ".join(REGISTERS.columns)
    table = REGISTERS
