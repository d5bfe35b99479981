"""Whatever is changed behind the application's back, verify_register names the row.

The forger here has the database's owner rights: triggers are gone, constraints are deferred.
"""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet

from channels.models import BatchLetter, Delivery, MailItem, PartnerLetter, Sticker, WatchedItem
from correspondence.models.drafts import Mailing
from eservices.people.models import KnownLetter
from eservices.requests.models import Request
from notices.models import Notice, Watching
from registry import append_only
from registry.book.chain import row_key
from registry.files.vault import FileVault, get_vault
from registry.models.closings import DailyClosing
from registry.models.contacts import ContactPoint
from registry.models.duplicates import Fingerprint, SameMail
from registry.models.events import LetterEvent
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.readings import DocumentReading, ReadingPage
from registry.models.registers import NumberSeries, Register
from registry.verification import Problem, sealed_models, verify_letters, verify_register
from routing.models.check import CheckClaim
from routing.models.clocks import Reminder
from routing.models.notes import Mention, Note
from routing.models.rules import RuleMatch, TrialLetter
from search.models import ExportedLetter, LetterVector, SearchAlert
from tests.registry import scene

OTHERS: list[Any] = [LetterEvent, NumberSeries, Register, DailyClosing, ReadingPage]
TABLES: list[Any] = [*sealed_models(), *OTHERS]
# What a row does not promise: the numeric key of a row that nothing refers to by it, and the
# late fill of a paper (the trigger allows one; the paper itself is proven by its own hash).
NOT_PROMISED = {
    *(("dailyclosing", "id"), ("letterevent", "id"), ("numberseries", "id")),
    ("readingpage", "id"),
    ("dailyclosing", "page"),
}


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The scene stands for all tests of this module, in a transaction that is rolled back."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            append_only.remove(connection)
            scene.build()
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture
def forger(office: None, db: None) -> Iterator[Any]:
    """A cursor; what it does is undone afterwards."""
    mark = transaction.savepoint()
    with connection.cursor() as cursor:
        yield cursor
    transaction.savepoint_rollback(mark)


def problems() -> list[Problem]:
    """What is found without the triggers, which the forger has removed, and without the ledger:
    seals and chains find it by themselves (tests/ledger/test_proving.py: what the ledger finds)."""
    return list(verify_register(ledger=False))


def letter_of(row: models.Model) -> QuerySet[Letter] | None:
    """The letter in whose events the row is sealed; None for what is proven in the books."""
    model: Any = type(row)
    if model in {StoredFile, Letter, *OTHERS}:
        return None
    (letter_id,) = model._base_manager.filter(pk=row.pk).values_list(model.LETTER, flat=True)
    return Letter.objects.filter(pk=letter_id)


def problems_of(letter: QuerySet[Letter] | None) -> list[Problem]:
    """What is found where this letter alone is looked at, without its files; else everywhere."""
    return problems() if letter is None else list(verify_letters(letter, files=False))


def named(found: list[Problem]) -> set[str]:
    return {problem.row for problem in found}


def test_an_honest_office_has_no_problem(forger: Any) -> None:
    assert problems() == []
    assert Letter.objects.count() == 5
    assert DailyClosing.objects.count() >= 2


def columns() -> list[Any]:
    made = []
    for model in TABLES:
        for field in model._meta.concrete_fields:
            name = (model._meta.model_name, field.name)
            if name not in NOT_PROMISED and field.attname not in getattr(model, "UNSEALED", ()):
                made.append(pytest.param(model, field.attname, id=f"{name[0]}-{field.name}"))
    return made


def forged(field: Any, value: Any, row: models.Model) -> list[Any]:
    """Other values of the column that its type takes, the likeliest first."""
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        others = target._base_manager.exclude(pk=value).values_list("pk", flat=True)
        uuids = isinstance(field.target_field, models.UUIDField)
        return [*others[:5], uuid.uuid4() if uuids else 999_999]
    if field.choices:
        choices = [choice for choice, _ in field.choices if choice != value]
        return [*choices, 99 if isinstance(value, int) else "forged"]
    if isinstance(field, models.UUIDField):
        return [uuid.uuid4()]
    if isinstance(field, models.JSONField):
        return [{"forged": True}, ["forged"]]
    if isinstance(field, models.BooleanField):
        return [not value]
    if isinstance(field, models.DateTimeField):
        return [row_time(row) + timedelta(seconds=1) if value is None else value + timedelta(1)]
    if isinstance(field, models.DateField):
        return [date(2020, 1, 1)]
    if isinstance(field, models.FloatField):
        return [0.5]
    if isinstance(field, models.IntegerField):
        return [(value or 0) + 1, (value or 0) + 1000, (value or 0) - 1]
    text = str(value or "")
    other = "y" if text[-1:] == "x" else "x"
    return [text[: (field.max_length or 10_000) - 1] + other, text[:-1] + other, ""]


def row_time(row: models.Model) -> Any:
    return next(
        getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if isinstance(field, models.DateTimeField) and getattr(row, field.attname)
    )


def edit(cursor: Any, row: models.Model, attname: str) -> set[str]:
    """Change one column by SQL to whatever the database takes; the names the row may now have.

    Empty where the database's constraints refuse every other value.
    """
    field: Any = next(f for f in row._meta.concrete_fields if f.attname == attname)
    key: Any = row._meta.pk
    sql = f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE "{key.column}" = %s'  # noqa: S608
    for value in forged(field, getattr(row, attname), row):
        if value == getattr(row, attname):
            continue
        new = field.get_db_prep_save(value, connection)
        try:
            with transaction.atomic():
                cursor.execute(sql, [new, key.get_db_prep_value(row.pk, connection)])
        except IntegrityError:
            continue
        assert cursor.rowcount == 1
        if isinstance(row, ReadingPage):
            return {row_key(row), *readings_of(row)}
        return {row_key(row), f"{row._meta.label_lower}/{value if field.primary_key else row.pk}"}
    return set()


def readings_of(page: ReadingPage) -> set[str]:
    """The names of the readings that name this page: they tell of its loss."""
    readings = DocumentReading.objects.filter(document=page.document_id)
    return {row_key(row) for row in readings if page.digest in str(row.pages)}


def rows_of(model: Any) -> list[Any]:
    """The rows that the promise is about."""
    if model is StoredFile:
        return list(scene.shared_files())
    rows = list(model._base_manager.order_by("pk"))
    if model is Register:  # a book with entries in it
        return [row for row in rows if row.letters.exists() or row.direction == "minutes"]
    if not rows:
        pytest.fail(f"tests/registry/scene.py makes no row of {model._meta.label}")
    return rows


@pytest.mark.parametrize(("model", "attname"), columns())
def test_an_edited_column_is_found(forger: Any, model: type[models.Model], attname: str) -> None:
    rows = rows_of(model)
    for row in (rows[0], rows[-1]) if len(rows) > 4 else rows:  # few rows: each; many: the ends
        mark, letter = transaction.savepoint(), letter_of(row)
        if names := edit(forger, row, attname):
            assert names & named(problems_of(letter)), f"{attname} of {row} was edited"
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.model_name)
def test_a_deleted_row_is_found(forger: Any, model: type[models.Model]) -> None:
    for row in rows_of(model):
        mark, letter = transaction.savepoint(), letter_of(row)
        key: Any = row._meta.pk
        forger.execute(
            f'DELETE FROM "{model._meta.db_table}" WHERE "{key.column}" = %s',  # noqa: S608
            [key.get_db_prep_value(row.pk, connection)],
        )
        found = problems_of(letter)
        assert clue(row) in " ".join(f"{p.row} {p.detail}" for p in found), row
        transaction.savepoint_rollback(mark)


def clue(row: Any) -> str:
    """By what a report names a row that is not there any more."""
    if isinstance(row, Letter):
        return f"serial {row.serial} is missing"
    if isinstance(row, LetterEvent):
        return f"event {row.seq} of letter {row.letter_id} is missing"
    if isinstance(row, NumberSeries):
        return f"series of register {row.register_id} for {row.year} is missing"
    if isinstance(row, DailyClosing):
        return f"closing {row.sequence} of series {row.series_id} is missing"
    if isinstance(row, ReadingPage):
        return row.digest
    return row_key(row)


@pytest.mark.parametrize("model", sealed_models(), ids=lambda model: model._meta.model_name)
def test_a_row_slipped_in_is_found(forger: Any, model: type[models.Model]) -> None:
    if model is StoredFile:
        pytest.skip("a file that no letter names says nothing about a letter")
    rows = rows_of(model)
    slipped = slip_in(rows[0])
    assert row_key(slipped) in named(problems_of(letter_of(slipped)))


def slip_in(row: Any) -> Any:
    """Insert a copy under a new key, varied as far as the constraints ask for it."""
    unique = {
        name
        for constraint in row._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    } | {field.name for field in row._meta.concrete_fields if field.unique}
    copies: dict[str, list[Any]] = {
        field.attname: forged(field, getattr(row, field.attname), row)
        for field in row._meta.concrete_fields
        if field.name in unique and not field.primary_key
    }
    if row.LETTER in copies:  # its last choice is a letter that does not exist
        copies[row.LETTER].pop()
    for attname in [*copies, ""]:
        for value in copies.get(attname, [None]):
            copy = row._meta.model._base_manager.get(pk=row.pk)
            copy.pk = uuid.uuid4()
            for field in row._meta.concrete_fields:
                if isinstance(field, models.OneToOneField):
                    continue
                if field.unique and not field.primary_key and getattr(copy, field.attname):
                    setattr(copy, field.attname, copies[field.attname][0])
            if attname:
                setattr(copy, attname, value)
            try:
                with transaction.atomic():
                    copy.save(force_insert=True)
            except IntegrityError:
                continue
            return copy
    return pytest.fail(f"no copy of {row} fits")


def test_a_letter_asked_for_alone_is_told_apart_from_its_neighbours(forger: Any) -> None:
    letter, other = Letter.objects.order_by("serial", "register")[:2]
    Letter.objects.filter(pk=other.pk).update(subject="Autre")
    assert list(verify_letters(Letter.objects.filter(pk=letter.pk))) == []
    found = list(verify_letters(Letter.objects.filter(pk=other.pk)))
    assert [(p.code, p.row) for p in found] == [("row_edited", row_key(other))]
    assert list(verify_letters(Letter.objects.all())) == found == problems()


def test_an_event_added_to_a_history_is_found(forger: Any) -> None:
    event = LetterEvent.objects.order_by("-seq")[0]
    event.pk, event.seq = None, event.seq + 1
    event.save(force_insert=True)
    assert {row_key(event), f"registry.letter/{event.letter_id}"} & named(problems())


def test_a_history_cut_and_sealed_anew_is_found_by_the_closing(forger: Any) -> None:
    """A forger who recomputes the letter's own chain still stands against the sealed day."""
    closing = DailyClosing.objects.order_by("sequence")[0]
    letter_id = closing.heads[0][0]
    events = list(LetterEvent.objects.filter(letter_id=letter_id).order_by("seq"))
    kept = events[0]
    LetterEvent.objects.filter(letter_id=letter_id, seq__gt=1).delete()
    Letter.objects.filter(pk=letter_id).update(version=1, chain_head=kept.hash)
    assert row_key(closing) in named(problems())


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_harm_to_the_bytes_of_a_file_is_found(forger: Any, harm: str) -> None:
    vault = get_vault()
    assert isinstance(vault, FileVault)
    file = scene.shared_files()[0]
    path = vault.path_of(file.sha256)
    original = path.read_bytes()
    letters = Letter.objects.filter(documents__file=file)
    others = Letter.objects.exclude(documents__file=file)
    path.unlink()
    if harm == "changed":
        path.write_bytes(original + b" ")
    try:
        found = problems()
        assert list(verify_letters(letters)) == found
        assert list(verify_letters(letters, files=False)) == list(verify_letters(others)) == []
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(original)
    expected = "file_changed" if harm == "changed" else "file_missing"
    assert (expected, row_key(file)) in {(p.code, p.row) for p in found}


def test_every_table_of_a_letter_is_sealed_or_known_not_to_be() -> None:
    """A new table that points at a letter is sealed, or is named here with its reason."""
    computed_again = {Fingerprint, LetterVector, SameMail}  # from the readings, at any time
    counted = {RuleMatch, TrialLetter}  # of rules, not of letters; what a rule did is an event
    known = {
        LetterEvent,  # chained itself
        CheckClaim,  # who looks at a letter just now says nothing of it
        ContactPoint,  # where a phone was read: the directory lives on
        ExportedLetter,  # an act, chained itself, holds the hash of all letters of an export
        SearchAlert,  # what somebody was told; nothing of the letter
        Reminder,  # likewise
        WatchedItem,  # what lay in a folder; the letter's own event names it
        PartnerLetter,  # whose system deposited it; the letter's own event names the key
        BatchLetter,  # which scan it was cut from; the letter's own event says it too
        Delivery,  # what a partner was told of it
        Sticker,  # which labels are on its paper; the letter's own event names them
        Note,  # private words about it, its author's to change; those for all leave events
        Mention,  # who is named in such a note
        Mailing,  # groups replies, which are sealed themselves
        Watching,  # who has its page open just now
        Notice,  # what somebody was told; the event behind it is sealed
        KnownLetter,  # whose verified contact sent it: found again from the register
        Request,  # its stages are events of the letter, its answers a document
        MailItem,  # what the mailbox held; the letter's own event names its mail
        *computed_again,
        *counted,
    }
    assert settings.AUTH_USER_MODEL
    for model in apps.get_models():
        points = any(f.related_model is Letter for f in model._meta.concrete_fields)
        assert not points or model in known or model in sealed_models(), model
