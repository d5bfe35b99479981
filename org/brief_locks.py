"""Statements that lock tables in use: briefly, and giving way to people's work.

Whoever waits for a lock makes others wait behind it. On PostgreSQL such statements wait half a
second, release all that they hold and try again. That is less than the second after which
PostgreSQL checks for a deadlock, so the one that gives way is the upgrade.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from django.db import OperationalError, migrations, models, transaction

WAIT: Final = "500ms"
PAUSE: Final = 0.5  # seconds between two tries
TRIES: Final = 120
_MET_SOMEBODY: Final = {"55P03", "40P01"}  # lock not available, deadlock detected


def run_briefly(connection: Any, statements: Sequence[str]) -> None:
    """Run all of the statements in a transaction, or a savepoint of one, again where one must wait.

    The last error is raised after two minutes: somebody holds a table all the time.
    """
    if statements:
        repeat_after(
            lambda: _run(connection, statements), states=_MET_SOMEBODY, tries=TRIES, pause=PAUSE
        )


def repeat_after(
    work: Callable[[], object], *, states: Collection[str], tries: int, pause: float = 0.0
) -> None:
    """Do the work, again where PostgreSQL ended it with one of the states (SQLSTATE).

    Other errors are raised, and this one after the last of the tries; `pause` is in seconds.
    """
    for left in reversed(range(tries)):
        try:
            work()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") not in states:
                raise
            if pause:
                time.sleep(pause)
        else:
            return


def _run(connection: Any, statements: Sequence[str]) -> None:
    postgres = connection.vendor == "postgresql"
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if postgres:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        for statement in statements:
            cursor.execute(statement)
        if postgres:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


class AddReference(migrations.AddField):
    """Add a column of a big table that names a row elsewhere; `index_reference` indexes it.

    Django would read the whole table for the index while nobody else can.
    """

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        standing = len(editor.deferred_sql)
        super().database_forwards(app_label, editor, before, after)
        if editor.connection.vendor == "postgresql":
            del editor.deferred_sql[standing:]


def index_reference(app_label: str, model: str, name: str) -> migrations.RunPython:
    """Return the step of a migration (not atomic) that indexes such a column beside people's work.

    May be cut short and repeated: an index that was left unfinished is made anew.
    """

    def run(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return  # SQLite has one writer at a time: the column came with its index
        table = apps.get_model(app_label, model)
        field = table._meta.get_field(name)
        _make_beside(editor, editor._create_index_sql(table, fields=[field], concurrently=True))

    return migrations.RunPython(run, migrations.RunPython.noop)


def add_index_beside(
    app_label: str, model: str, index: models.Index
) -> migrations.SeparateDatabaseAndState:
    """Return the step of a migration (not atomic) that makes an index beside people's work.

    May be cut short and repeated, as `index_reference`.
    """

    def run(apps: Any, editor: Any) -> None:
        table = apps.get_model(app_label, model)
        if editor.connection.vendor == "postgresql":
            _make_beside(editor, index.create_sql(table, editor, concurrently=True))
        else:
            editor.execute(f"DROP INDEX IF EXISTS {editor.quote_name(index.name)}")
            editor.add_index(table, index)

    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunPython(run, migrations.RunPython.noop)],
        state_operations=[migrations.AddIndex(model, index)],
    )


def _make_beside(editor: Any, made: Any) -> None:
    """Run PostgreSQL's statement that makes an index; one that was left unfinished is made anew."""
    index = str(made.parts["name"])
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index]
        )
        standing = cursor.fetchone()
        if standing == (True,):
            return
        if standing:
            cursor.execute(f"DROP INDEX CONCURRENTLY {index}")
        cursor.execute(str(made))
