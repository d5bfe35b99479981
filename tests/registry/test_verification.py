"""Whatever is changed behind the application's back, verify_register names the row.

The forger here has the database's owner rights: triggers are gone, constraints are deferred.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import QuerySet

from channels.models import BatchLetter, Delivery, MailItem, PartnerLetter, Sticker, WatchedItem
from correspondence.models.drafts import Mailing
from eservices.people.models import KnownLetter
from eservices.privacy.models import Printout, Rectification
from eservices.requests.models import Request
from notices.models import Notice, Watching
from registry import append_only
from registry.chain import row_key
from registry.changes import lock, record_change
from registry.files.vault import FileVault, get_vault
from registry.kinds import RegistryEvent
from registry.models.closings import DailyClosing
from registry.models.contacts import ContactPoint
from registry.models.disposal import DisposalEntry
from registry.models.documents import Document
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
from routing.models.together import BulkLine
from search.models import ExportedLetter, LetterVector, SearchAlert
from tests.registry import scene
from tests.registry.forging import edit, slip_in

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


def test_a_cell_that_is_no_value_of_its_type_hides_no_other_forgery(forger: Any) -> None:
    """SQLite alone keeps such a cell."""
    if connection.vendor != "sqlite":
        return
    whole = problems()
    document = Document.objects.order_by("pk")[0]
    other = Letter.objects.exclude(pk=document.letter_id).order_by("-pk")[0]
    forger.execute("UPDATE registry_document SET file_id = 'zz' WHERE id = %s", [document.pk.hex])
    forger.execute("UPDATE registry_letter SET subject = 'Autre' WHERE id = %s", [other.pk.hex])
    found = {(problem.code, problem.row) for problem in problems()}
    assert whole == []
    assert ("row_unreadable", f"registry.letter/{document.letter_id}") in found
    assert ("row_edited", f"registry.letter/{other.pk}") in found


def columns() -> list[Any]:
    made = []
    for model in TABLES:
        for field in model._meta.concrete_fields:
            name = (model._meta.model_name, field.name)
            if name not in NOT_PROMISED and field.attname not in getattr(model, "UNSEALED", ()):
                made.append(pytest.param(model, field.attname, id=f"{name[0]}-{field.name}"))
    return made


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
            if isinstance(row, ReadingPage):
                names |= readings_of(row)
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


def test_letters_that_change_while_they_are_read_are_no_alarm(forger: Any) -> None:
    letter = Letter.objects.order_by("pk").first()
    assert letter is not None
    changes, changing = 0, False

    def change_in_between(execute: Any, sql: str, *given: Any) -> Any:
        nonlocal changes, changing
        events = sql.startswith("SELECT") and 'FROM "registry_letterevent"' in sql
        if events and changes < 2 and not changing:
            changes, changing = changes + 1, True  # the letter was read already
            held = Letter.objects.get(pk=letter.pk)
            with transaction.atomic():
                lock(held)
                record_change(held, RegistryEvent.CONFIRMED, actor=None)
            changing = False
        return execute(sql, *given)

    with connection.execute_wrapper(change_in_between):
        assert named(problems_of(Letter.objects.filter(pk=letter.pk))) == set()
    assert changes == 2


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
        DisposalEntry,  # the ledger has it, and the letter's last event what was done by it
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
        Printout,  # whose data were printed and why: an act of its own, and the ledger has it
        Rectification,  # its outcome is an event of the letter
        MailItem,  # what the mailbox held; the letter's own event names its mail
        BulkLine,  # what was wanted of many letters; the letter's own events say what was done
        *computed_again,
        *counted,
    }
    assert settings.AUTH_USER_MODEL
    for model in apps.get_models():
        points = any(f.related_model is Letter for f in model._meta.concrete_fields)
        assert not points or model in known or model in sealed_models(), model
