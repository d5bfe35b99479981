"""A registered letter changes in one way only, and its history stays as it was written."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from identity import append_only as security
from jobs.models import Job
from ledger.append_only import CHECKPOINTS, ENTRIES
from org.models import User
from registry import append_only
from registry.changes import history_of, move_stage, record_change
from registry.kinds import RegistryEvent, RegistryJob
from registry.models.closings import DailyClosing
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter, Party
from registry.models.receipts import Receipt
from registry.states import MOVES, ConflictError, Stage
from registry.verification import check_guards, verify_register
from tests.factories import close_so_far, deposit, drain

pytestmark = pytest.mark.django_db


def change(letter: Letter, **kwargs: Any) -> LetterEvent:
    with transaction.atomic():
        return record_change(letter, RegistryEvent.CORRECTED, actor=None, **kwargs)


def test_a_change_writes_row_event_version_and_index_job_together() -> None:
    letter = deposit().letter
    Job.objects.all().delete()
    event = change(letter, changes={"subject": "Autre"}, data={"subject": ["a", "b"]})
    letter.refresh_from_db()
    assert (letter.subject, letter.version, letter.chain_head) == ("Autre", 2, event.hash)
    assert Job.objects.values_list("kind", "subject").get() == (
        RegistryJob.LETTER_INDEX,
        str(letter.pk),
    )
    assert type(event.kind) is str, "what is stored and hashed is plain text"
    assert list(verify_register()) == []


@pytest.mark.django_db(transaction=True)
def test_a_change_outside_a_transaction_is_refused() -> None:
    letter = deposit().letter
    with pytest.raises(RuntimeError):
        record_change(letter, RegistryEvent.CORRECTED, actor=None, changes={"subject": "Autre"})
    assert LetterEvent.objects.count() == 1


def test_a_change_that_is_rolled_back_leaves_nothing() -> None:
    letter = deposit().letter
    with transaction.atomic():
        record_change(letter, RegistryEvent.CORRECTED, actor=None, changes={"subject": "Autre"})
        transaction.set_rollback(True)
    assert Letter.objects.get().subject != "Autre"
    assert LetterEvent.objects.count() == 1
    assert list(verify_register()) == []


def test_a_stale_copy_of_a_letter_does_not_overwrite_what_others_changed() -> None:
    deposit()
    mine, theirs = Letter.objects.get(), Letter.objects.get()
    change(theirs, changes={"external_reference": "R-1"})
    change(mine, changes={"subject": "Autre"})
    letter = Letter.objects.get()
    assert (letter.external_reference, letter.subject, letter.version) == ("R-1", "Autre", 3)
    assert list(verify_register()) == []


@pytest.mark.parametrize("old", Stage.values)
@pytest.mark.parametrize("new", Stage.values)
def test_a_stage_moves_only_where_the_table_allows(old: str, new: str) -> None:
    letter = deposit().letter
    if old != Stage.REGISTERED:
        change(letter, changes={"stage": old})
    before = LetterEvent.objects.count()
    if new == old:
        with transaction.atomic():
            assert move_stage(letter, new, actor=None) is None
    elif new in MOVES[old]:
        with transaction.atomic():
            event = move_stage(letter, new, actor=None)
        assert event is not None
        assert event.data == {"from": old, "to": new}
        assert Letter.objects.get().stage == new
    else:
        with pytest.raises(ConflictError), transaction.atomic():
            move_stage(letter, new, actor=None)
    written = new != old and new in MOVES[old]
    assert LetterEvent.objects.count() == before + written


def test_the_citizen_sees_only_what_is_theirs(amina: User) -> None:
    letter = deposit(actor=amina).letter
    change(letter)
    with transaction.atomic():
        move_stage(letter, Stage.IN_HAND, actor=amina)
    assert [e.kind for e in history_of(letter.pk)] == ["registered", "corrected", "stage"]
    assert [e.kind for e in history_of(letter.pk, citizen=True)] == ["registered", "stage"]


@pytest.mark.parametrize("model", [LetterEvent, StoredFile, Receipt, DailyClosing])
def test_the_database_itself_refuses_to_change_what_is_written_once(model: Any) -> None:
    deposit()
    drain(RegistryJob.RECEIPT_RENDER)
    close_so_far()
    row = model.objects.first()
    column = {
        LetterEvent: "kind",
        StoredFile: "media_type",
        Receipt: "token",
        DailyClosing: "hash",
    }[model]
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: "x"})
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    assert getattr(model.objects.get(pk=row.pk), column) == getattr(row, column)


@pytest.mark.parametrize(
    ("model", "late"), [(Receipt, "file"), (Receipt, "office_file"), (DailyClosing, "page")]
)
def test_a_paper_is_fixed_once(model: Any, late: str) -> None:
    deposit()
    drain(RegistryJob.RECEIPT_RENDER)
    close_so_far()
    row = model.objects.first()
    other = StoredFile.objects.exclude(pk=getattr(row, f"{late}_id")).first()
    assert getattr(row, late) is not None
    assert other is not None
    for value in (other, None):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**{late: value})


@pytest.mark.parametrize("model", [Letter, Party, Document])
def test_nothing_registered_is_ever_deleted(model: Any) -> None:
    deposit()
    table = model._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
    assert model.objects.exists()


def test_every_append_only_table_has_its_triggers_after_all_migrations() -> None:
    """SQLite makes a table anew for a new column, and its triggers go with the old one."""
    assert list(check_guards()) == []


def test_only_a_trigger_that_stands_otherwise_is_made_anew() -> None:
    """To make one is to lock its table, on which people work while an office is upgraded."""
    name, table = "registry_readingpage_no_delete", "registry_readingpage"
    edited = {
        "sqlite": f"CREATE TRIGGER {name} BEFORE DELETE ON {table} BEGIN SELECT 1; END",
        "postgresql": (
            f"CREATE TRIGGER {name} BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION registry_append_only('')"
        ),
    }
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(edited[connection.vendor])
    with CaptureQueriesContext(connection) as asked:
        append_only.install(connection)
    assert list(check_guards()) == []
    made = [one["sql"] for one in asked if one["sql"].startswith(("CREATE", "DROP"))]
    assert made
    assert all(f"TRIGGER {name}" in one or f"EXISTS {name}" in one for one in made)


@pytest.mark.parametrize("table", [*append_only.TABLES, security.TABLE])
def test_what_is_said_to_be_append_only_is_a_table(table: str) -> None:
    assert table in connection.introspection.table_names()


def test_every_model_that_calls_itself_append_only_is_guarded() -> None:
    said = {
        model._meta.db_table
        for model in apps.get_models()
        if "append-only" in (model.__doc__ or "").lower()
    }
    assert said <= {*append_only.TABLES, security.TABLE, ENTRIES, CHECKPOINTS}


@pytest.mark.django_db(transaction=True)
def test_tables_cannot_be_emptied_at_once_either() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    deposit()
    for table in append_only.TABLES:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
    assert LetterEvent.objects.count() == 1
