"""`manage departments --import CSV [--dry-run] | --export`: departments as a table."""

from org.departments_table import DEPARTMENTS
from org.table_command import TableCommand


class Command(TableCommand):
    """Departments; one is closed on its page, where its heir is named."""

    help = "Columns: " + ", ".join(DEPARTMENTS.columns)
    table = DEPARTMENTS
