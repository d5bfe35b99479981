"""Statements that lock a table in use let go of it again, and nobody waits behind them for long."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from org.brief_locks import index_reference, run_briefly

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]
ALTER = "ALTER TABLE brief_shelf ADD COLUMN m int"


@pytest.fixture
def shelf() -> Iterator[str]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE brief_shelf (n int)")
    yield "brief_shelf"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE brief_shelf")


def session(**more: Any) -> Any:
    return psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, **more)


def columns() -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, "brief_shelf")
    return [column.name for column in found]


def test_whoever_comes_after_it_does_not_wait_for_whoever_came_before(shelf: str) -> None:
    """A reader gets through while somebody holds the table all the time that it is wanted."""
    person, reader = session(), session(autocommit=True)
    person.execute("INSERT INTO brief_shelf VALUES (1)")
    reader.execute("SET statement_timeout = '60s'")

    def alter() -> None:
        try:
            run_briefly(connection, [ALTER])
        finally:
            connection.close()

    upgrade = threading.Thread(target=alter)
    upgrade.start()
    while not reader.execute(
        "SELECT 1 FROM pg_stat_activity WHERE query = %s AND wait_event_type = 'Lock'", [ALTER]
    ).fetchone():
        threading.Event().wait(0.05)
    assert reader.execute("SELECT count(*) FROM brief_shelf").fetchone() == (0,)
    person.commit()
    upgrade.join(60)
    assert columns() == ["n", "m"]
    person.close()
    reader.close()


def test_what_waits_lets_go_of_what_it_holds_inside_a_transaction_too(
    shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("org.brief_locks.TRIES", 2)
    person = session()
    person.execute("INSERT INTO brief_shelf VALUES (1)")
    with transaction.atomic(), pytest.raises(DatabaseError):
        run_briefly(connection, ["CREATE TABLE brief_made (n int)", ALTER])
    person.commit()
    person.close()
    assert "brief_made" not in connection.introspection.table_names()
    with transaction.atomic(), connection.cursor() as cursor:
        run_briefly(connection, [ALTER])
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.usefixtures("shelf")
def test_another_error_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("org.brief_locks.time.sleep", slept.append)
    with pytest.raises(DatabaseError):
        run_briefly(connection, ["SELECT 1 / 0"])
    assert slept == []


@pytest.mark.usefixtures("shelf")
def test_an_index_that_was_left_unfinished_is_made_anew() -> None:
    name = "registry_letter_disposal_id_e494dc0a"
    broken = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)"
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
    step = index_reference("registry", "Letter", "disposal")
    with connection.cursor() as cursor:
        cursor.execute(valid, [name])
        assert cursor.fetchone() == (True,)
        for spoil in (broken, f"DROP INDEX {name} -- %s", "SELECT %s"):
            cursor.execute(spoil, [name])
            code: Any = step.code
            with connection.schema_editor(atomic=False) as editor:
                code(apps, editor)
            cursor.execute(valid, [name])
            assert cursor.fetchone() == (True,), spoil
