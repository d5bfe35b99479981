"""Migrations lock what people use only while the database works on it."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AlterField,
    AlterModelOptions,
    CreateModel,
    Migration,
    RunPython,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.brief_migrations import brief_locks, known_beforehand
from tests.upgrades.schema import APPS

ROOM = CreateModel("Room", [("id", models.AutoField(primary_key=True))])
NAMED = AddField("Room", "name", models.CharField(max_length=9, default="it's 99 %"))
LONGER = AlterField("Room", "name", models.CharField(max_length=20))
RULE = models.CheckConstraint(condition=~models.Q(name=""), name="room_has_a_name")
PYTHON = RunPython(RunPython.noop)


def migration(*operations: Any) -> Any:
    made: Any = Migration("9999_tried", "registry")
    made.operations = list(operations)
    return made


@pytest.mark.parametrize(
    ("operations", "known"),
    [
        ([ROOM, NAMED, AddConstraint("Room", RULE)], True),
        ([PYTHON, ROOM], True),
        ([ROOM, PYTHON], False),
        ([LONGER], True),
        ([NAMED, LONGER], False),
        ([ROOM, LONGER], False),
        ([AddConstraint("Room", RULE), LONGER], False),
        ([AlterField("Room", "id", models.BigAutoField(primary_key=True))], False),
        ([RunSQL("SELECT 1")], False),
    ],
)
def test_what_reads_others_work_is_run_as_django_does(operations: list[Any], known: bool) -> None:
    assert known_beforehand(migration(*operations)) is known


def test_no_migration_works_out_statements_while_it_holds_a_table_of_before() -> None:
    """Put Python code first, or into a migration of its own, and so what reads constraints."""
    late = [
        str(key)
        for key, one in MigrationLoader(None).disk_migrations.items()
        if key[0] in APPS and one.atomic and not known_beforehand(one) and _alters(one)
    ]
    assert late == []


def _alters(one: Any) -> bool:
    made = {step.name_lower for step in one.operations if isinstance(step, CreateModel)}
    changed = {getattr(step, "model_name_lower", None) for step in one.operations}
    return bool(changed - made - {None})


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_the_statements_run_after_all_are_worked_out() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    tables: list[bool] = []

    class Told(AlterModelOptions):
        def database_forwards(self, *_given: Any) -> None:
            tables.append("registry_room" in connection.introspection.table_names())

    steps = migration(ROOM, NAMED, AddConstraint("Room", RULE), Told("Room", {}))
    state = ProjectState()
    with brief_locks(), connection.schema_editor() as editor:
        steps.apply(state, editor)
        assert not editor.deferred_sql
    assert tables == [False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname = 'room_has_a_name'")
        assert cursor.fetchone()
        cursor.execute("DROP TABLE registry_room")
