"""`manage templates --import CSV [--dry-run] | --export`: templates of replies as a table."""

from correspondence.forms.table import TEMPLATES
from org.table_command import TableCommand


class Command(TableCommand):
    """Templates of replies."""

    help = "Columns: " + ", ".join(TEMPLATES.columns)
    table = TEMPLATES
