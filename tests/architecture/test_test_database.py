"""A database kept from an earlier run is met again only where it would come out the same."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from org.models import User
from registry import append_only
from tests import database
from tests.imports import file_of, reached_from


def test_what_a_database_is_made_from_is_in_its_name() -> None:
    made = dict(reached_from(database._makers(), outside=database.NOT_THE_OFFICE))
    assert {"registry.models.letters", "registry.append_only", "config.organisation"} <= made.keys()
    assert {"org.models", "registry.migrations.0001_initial", "registry.apps"} <= made.keys()
    assert "web.desk.urls" not in made  # a view is changed without making the database again


def test_another_text_has_another_name() -> None:
    before = database.made_from()
    assert database.made_from() == before
    for name in ("registry.append_only", "registry.migrations.0001_initial"):
        path = file_of(name)
        assert path
        with pytest.MonkeyPatch.context() as patch:
            _edit(path, patch)
            assert database.made_from() != before, name


def _edit(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the file read as if a line were added."""
    read = type(path).read_text

    def edited(self: object, *args: object, **named: object) -> str:
        text: str = read(self, *args, **named)  # type: ignore[arg-type]
        return text + "# edited" if self == path else text

    patch.setattr(type(path), "read_text", edited)


@pytest.mark.django_db
def test_every_migration_stands_in_the_test_database() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_leaves_nothing_behind(turn: int) -> None:
    assert not User.objects.filter(username__startswith="guest").exists(), turn
    assert User.objects.filter(username="amina").exists()
    assert Permission.objects.exists()
    with connection.cursor() as cursor:
        assert _triggers(cursor)
    User.objects.create(username=f"guest{turn}")
    User.objects.filter(username="amina").update(username="somebody")
    append_only.remove(connection)


def _triggers(cursor: object) -> list[str]:
    tables = {"sqlite": "sqlite_master WHERE type = 'trigger'", "postgresql": "pg_trigger"}
    cursor.execute(f"SELECT 1 FROM {tables[connection.vendor]}")  # type: ignore[attr-defined]  # noqa: S608
    rows: list[str] = cursor.fetchall()  # type: ignore[attr-defined]
    return rows
