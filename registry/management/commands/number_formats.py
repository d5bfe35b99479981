"""`manage number_formats --import CSV [--dry-run] | --export`: formats of numbers that are ours."""

from org.table_command import TableCommand
from registry.book.number_formats import NUMBER_FORMATS


class Command(TableCommand):
    """Formats of the office's numbers besides its registers'."""

    help = "Columns: " + ", ".join(NUMBER_FORMATS.columns)
    table = NUMBER_FORMATS
