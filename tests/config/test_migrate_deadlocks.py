"""An upgrade beside people at work: a deadlock rolls one migration back, which is done again."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from config.management.commands.migrate import through_deadlocks

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tables() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE deadlock_parent (n int)")
        cursor.execute("CREATE TABLE deadlock_child (n int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE deadlock_parent, deadlock_child")


@pytest.mark.usefixtures("tables")
def test_a_migration_that_met_somebody_at_work_is_done_again() -> None:
    person = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None})
    # The migration is the one that notices: the person's session waits for longer.
    person.execute("SET deadlock_timeout = '60s'")
    person.execute("INSERT INTO deadlock_child VALUES (1)")
    met: list[str] = []

    def work() -> None:
        person.execute("SELECT * FROM deadlock_parent FOR KEY SHARE")
        person.commit()

    person_at_work = threading.Thread(target=work)

    def apply() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE deadlock_parent IN ACCESS EXCLUSIVE MODE")
            if not met:
                met.append("somebody")
                person_at_work.start()
                _until_waits(person.info.backend_pid)
            cursor.execute("ALTER TABLE deadlock_child ADD COLUMN m int")

    through_deadlocks(apply)
    person_at_work.join(30)
    person.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT m FROM deadlock_child")
        assert cursor.fetchall() == [(None,)]


def test_another_error_is_raised_at_once() -> None:
    tries: list[int] = []

    def apply() -> None:
        tries.append(1)
        raise OperationalError("the server is away")

    with pytest.raises(OperationalError):
        through_deadlocks(apply)
    assert tries == [1]


def _until_waits(pid: int) -> None:
    """Wait until that session waits for a lock; asked on a connection of its own."""
    parameters = connection.get_connection_params() | {"cursor_factory": None}
    with psycopg.connect(**parameters, autocommit=True) as watcher:
        while not watcher.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [pid]
        ).fetchone():
            threading.Event().wait(0.05)
