"""A row of any covered table that is edited, removed or slipped in by SQL is named."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from identity import append_only as security
from ledger import recording
from ledger.coverage import Shape, covered_models
from ledger.models import LedgerEntry
from ledger.proving import check_ledger
from registry import append_only
from tests.ledger.made import make_row
from tests.registry.forging import edit

SHAPES: dict[Any, Shape] = covered_models()


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A row of each covered table, without triggers and checks; all is rolled back at the end."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            append_only.remove(connection)
            security.remove(connection)
            remove_checks()
            yield {model._meta.label_lower: make_row(model) for model in SHAPES}
            transaction.set_rollback(True)
        connection.close()


def remove_checks() -> None:
    """As the database's owner can: so each column can be edited without the others."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")  # until the connection is closed
            return
        for model in SHAPES:
            for one in model._meta.constraints:
                if isinstance(one, models.CheckConstraint):
                    table = model._meta.db_table
                    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{one.name}"')


@pytest.fixture
def forger(rows: dict[str, Any]) -> Iterator[Any]:
    """A cursor; what it does is undone afterwards."""
    mark = transaction.savepoint()
    with connection.cursor() as cursor:
        yield cursor
    transaction.savepoint_rollback(mark)


def found() -> list[tuple[str, str]]:
    return [(problem.code, problem.row) for problem in check_ledger()]


def key(row: models.Model) -> str:
    return f"{row._meta.label_lower}/{row.pk}"


def test_rows_that_the_office_wrote_are_whole(forger: Any) -> None:
    assert found() == []


def test_an_edited_column_of_every_table_is_named(forger: Any, rows: dict[str, Any]) -> None:
    """A column of each table at a time; the row of each is named, and nothing else."""
    columns = {shape.label: list(editable(shape)) for shape in SHAPES.values()}
    never = {f"{label}.{name}" for label, names in columns.items() for name in names}
    for place in range(max(map(len, columns.values()))):
        mark, edited = transaction.savepoint(), set()
        for label, names in columns.items():
            row = rows[label]
            if place < len(names) and edit(forger, fresh(row), names[place]):
                edited.add(("row_edited", key(row)))
                never.discard(f"{label}.{names[place]}")
        assert set(found()) == edited
        transaction.savepoint_rollback(mark)
    assert never == set()


def editable(shape: Shape) -> Iterator[str]:
    return (one.attname for one in shape.fields if not one.primary_key)


def fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row


def test_a_deleted_row_of_every_table_is_named(forger: Any, rows: dict[str, Any]) -> None:
    for row in rows.values():
        remove(forger, row)
    told = {label for label, row in rows.items() if says_something(row)}
    assert set(found()) == {("row_missing", key(rows[label])) for label in told}


def remove(cursor: Any, row: models.Model) -> None:
    pk: Any = row._meta.pk
    cursor.execute(
        f'DELETE FROM "{row._meta.db_table}" WHERE "{pk.column}" = %s',  # noqa: S608
        [pk.get_db_prep_value(row.pk, connection)],
    )


def says_something(row: models.Model) -> bool:
    """Whether an entry tells of the row: of one in which all told columns are empty none does."""
    shape = SHAPES[type(row)]
    return not shape.partial or any(getattr(row, one.attname) for one in shape.fields)


def test_a_row_slipped_into_every_table_is_named(forger: Any) -> None:
    with recording.paused():
        slipped = [make_row(model) for model in SHAPES]
    told = {key(row) for row in slipped if says_something(row)}
    assert {row for _code, row in found()} == told


def test_an_entry_of_the_forgers_own_is_named_and_not_believed(forger: Any) -> None:
    entry = LedgerEntry.objects.exclude(lines="").order_by("-pk")[0]
    name = f"{entry.label}/{entry.lines.rpartition(' ')[0]}"
    forged = LedgerEntry(
        at=entry.at, label=entry.label, act="write", nonce="f" * 32, mac=entry.mac,
        key=entry.key, lines=f"{entry.key} {'0' * 32}",
    )  # fmt: skip
    forged.save(force_insert=True)
    assert found() == [("entry_forged", f"ledger.ledgerentry/{forged.pk}")]
    assert name not in {row for _code, row in found()}


def test_what_is_written_while_it_is_verified_is_whole(forger: Any, rows: dict[str, Any]) -> None:
    """The entries are all read when the first problem is told; the rows of later tables are not."""
    from org.models import User

    first, *_later = SHAPES
    assert first is not User
    row = rows[first._meta.label_lower]
    row.refresh_from_db()
    assert any(edit(forger, row, f.attname) for f in SHAPES[first].fields if not f.primary_key)
    edited, removed = User.objects.create(username="old"), User.objects.create(username="gone")
    told = check_ledger()
    assert [next(told).row] == [key(row)]
    User.objects.filter(pk=edited.pk).update(function="Accueil")
    waits, placed = LedgerEntry.objects.filter(place=None), LedgerEntry.objects.exclude(place=None)
    for place, entry in enumerate(waits.order_by("pk"), placed.count()):
        LedgerEntry.objects.filter(pk=entry.pk).update(place=place)
    removed.delete()
    User.objects.create(username="new")
    with recording.paused():
        slipped = User.objects.create(username="slipped")
    assert [(one.code, one.row) for one in told] == [("row_slipped_in", key(slipped))]


def test_every_way_of_writing_is_recorded(forger: Any) -> None:
    """By instances, querysets, in bulk, through relations and cascades."""
    from django.contrib.auth.models import Group

    from org.models import Department, Membership, User

    user = User.objects.create(username="written")
    user.groups.add(Group.objects.create(name="a"), Group.objects.create(name="b"))
    user.groups.clear()
    department = Department.objects.order_by("pk")[0]
    Membership.objects.bulk_create([Membership(user=user, department=department)])
    User.objects.filter(departments=department).update(function="Accueil")
    user.refresh_from_db()
    user.username = "rewritten"
    User.objects.bulk_update([user], ["username"])
    User.objects.update_or_create(username="rewritten", defaults={"function": "Guichet"})
    assert found() == []
    count = LedgerEntry.objects.count()
    User.objects.filter(pk=user.pk).update(last_login=None)
    User.objects.none().update(function="")
    assert LedgerEntry.objects.count() == count, "nothing that an entry tells was written"
    user.delete()
    assert found() == []


def test_a_cell_that_is_no_value_of_its_type_is_named_and_the_others_too(
    forger: Any, rows: dict[str, Any]
) -> None:
    """SQLite alone keeps such a cell; one of them must hide no other forgery."""
    if connection.vendor != "sqlite":
        return
    spoilt, edited = set(), set()
    for shape in SHAPES.values():
        row = rows[shape.label]
        row.refresh_from_db()
        typed = [one for one in shape.fields if isinstance(one, OF_A_TYPE)]
        column = next((one for one in typed if not one.primary_key), None)
        if column and spoil(forger, row, column):
            spoilt.add(("row_unreadable", key(row)))
        elif any(edit(forger, row, one.attname) for one in shape.fields if not one.primary_key):
            edited.add(("row_edited", key(row)))
    assert len(spoilt) > 50
    assert set(found()) == spoilt | edited


OF_A_TYPE = (models.DateTimeField, models.DateField, models.UUIDField)


def spoil(cursor: Any, row: models.Model, column: Any) -> bool:
    """Write what is no value of the column; False where a constraint refuses it."""
    pk: Any = row._meta.pk
    sql = f'UPDATE "{row._meta.db_table}" SET "{column.column}" = %s WHERE "{pk.column}" = %s'  # noqa: S608
    bad = "2001-13-45" + " 10:00:00" * isinstance(column, models.DateTimeField)
    try:
        with transaction.atomic():
            cursor.execute(sql, [bad, pk.get_db_prep_value(row.pk, connection)])
    except IntegrityError:
        return False
    return True
