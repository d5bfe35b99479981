"""Quick migrations make what Django's own make where others name what they change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.db.migrations import (
    AlterField,
    CreateModel,
    Migration,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState
from django.db.utils import ConnectionHandler
from django.utils.functional import empty

from config.quick_migrations import needs_related, quick_states
from org.empty_tables import are_empty

ROOM = CreateModel(
    "Room", [("id", models.AutoField(primary_key=True)), ("code", models.CharField(unique=True))]
)
SHELF = CreateModel(
    "Shelf",
    [
        ("id", models.AutoField(primary_key=True)),
        ("room", models.ForeignKey("registry.Room", models.CASCADE)),
        ("words", models.CharField(max_length=20)),
    ],
)


def migration(*operations: Any) -> Any:
    made: Any = Migration("9999_tried", "registry")
    made.operations = list(operations)
    return made


@pytest.fixture
def apart(tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """An SQLite database of its own."""
    named = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "apart.sqlite3")}
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": named})["default"]
        yield connection
        connection.close()


def columns(connection: Any, table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA table_info({table})")
        return {row[1]: row[2] for row in cursor.fetchall()}


def test_tables_that_name_a_key_follow_its_type(apart: Any) -> None:
    state = ProjectState()
    with quick_states():
        for one in (
            migration(ROOM),
            migration(SHELF),
            migration(AlterField("Room", "id", models.UUIDField(primary_key=True))),
            migration(AlterField("Shelf", "words", models.CharField(max_length=30))),
        ):
            state.apps  # noqa: B018 - as the executor renders them
            with apart.schema_editor() as editor:
                state = one.apply(state, editor)
    assert columns(apart, "registry_room")["id"] == "char(32)"
    found = columns(apart, "registry_shelf")
    assert (found["room_id"], found["words"]) == ("char(32)", "varchar(30)")


def test_models_are_rendered_for_python_code_that_asks_for_one(apart: Any) -> None:
    seen: dict[str, Any] = {}

    def install(apps: Any, editor: Any) -> None:
        seen["install"] = apps
        assert are_empty(editor, "registry_room", "registry_shelf")

    def take_over(apps: Any, editor: Any) -> None:
        seen["take_over"] = apps
        table = apps.get_model("registry", "Room")._meta.db_table
        editor.execute(f"INSERT INTO {table} (code) VALUES ('A1')")  # noqa: S608
        assert not are_empty(editor, "registry_shelf", table)

    state = ProjectState()
    with quick_states():
        for one in (ROOM, SHELF, RunPython(install), RunPython(take_over)):
            with apart.schema_editor() as editor:
                state = migration(one).apply(state, editor)
    assert seen["install"]._wrapped is empty
    assert seen["take_over"]._wrapped is not empty


@pytest.mark.parametrize(
    ("operation", "thorough"),
    [
        (AlterField("Room", "id", models.BigAutoField(primary_key=True)), True),
        (AlterField("Room", "code", models.IntegerField()), True),  # it was unique
        (AlterField("Shelf", "words", models.IntegerField(unique=True)), True),
        (AlterField("Shelf", "words", models.IntegerField()), False),
        (RenameField("Room", "code", "name"), True),
        (RenameField("Shelf", "words", "said"), False),
        (RenameModel("Room", "Hall"), True),
        (SeparateDatabaseAndState([RenameModel("Room", "Hall")]), True),
        (CreateModel("Hall", []), False),
        (RunSQL("SELECT 1"), True),  # whatever it does
    ],
)
def test_what_others_may_name_is_changed_thoroughly(operation: Any, thorough: bool) -> None:
    state = ProjectState()
    for one in (ROOM, SHELF):
        one.state_forwards("registry", state)
    assert needs_related(migration(operation), state) is thorough
