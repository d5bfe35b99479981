"""`manage teams --import CSV [--dry-run] | --export`: field teams as a table."""

from eservices.relations.teams import TEAMS
from org.table_command import TableCommand


class Command(TableCommand):
    """Field teams."""

    help = "Columns: " + ", ".join(TEAMS.columns)
    table = TEAMS
