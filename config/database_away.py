"""What a command says where the database does not answer, or lacks the tables of this version."""

from collections.abc import Iterable
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.migration import Migration
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.monitoring.parts import migrations_to_do

NO_TABLES: Final = gettext_lazy("This database has no tables yet. Run ./sijill setup.")


def lacks_tables(unmade: Iterable[Migration]) -> bool:
    """Return whether among the changes of tables that are not made is the registry's first."""
    return any(each.app_label == "registry" and each.name == "0001_initial" for each in unmade)


def why_it_failed() -> str:
    """Return what is wrong with the database itself, and what to do; "" where it is in order.

    Called after a command ended by a database's error: where this returns "", the error was of
    another kind.
    """
    try:
        connection.close()
        unmade = migrations_to_do()
    except DatabaseError:
        words = _("The database does not answer. %(remedy)s")
        return words % {"remedy": _("Start the database, and look at DATABASE_URL.")}
    if lacks_tables(unmade):
        return str(NO_TABLES)
    if unmade:
        words = _("%(n)d changes of the tables are not made yet.") % {"n": len(unmade)}
        remedy = _("Run ./sijill upgrade, which makes a backup before.")
        return f"{words} {remedy}"
    return ""
