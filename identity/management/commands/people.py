"""`manage people --import CSV [--dry-run] | --export`: people as a table."""

from identity.people_table import PEOPLE
from org.table_command import TableCommand


class Command(TableCommand):
    """People, without passwords: each is invited from their page, or all from one."""

    help = "Columns: " + ", ".join(PEOPLE.columns)
    table = PEOPLE
