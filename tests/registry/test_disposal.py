"""Disposal: what is over by the schedule goes by a list of two people, and a proven stub stays."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone, translation

from channels.models import Mailbox, MailItem
from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.people.models import Person
from eservices.requests.models import Request
from org.models import Department, User
from org.people import permissions_of
from registry import append_only
from registry.access import reader_tokens
from registry.book.emptied_events import digest_of as digest_of_events
from registry.changes import history_of, move_stage, record_change
from registry.contacts.links import link_sender
from registry.disposal import holds, lists
from registry.disposal.certificate import context_of, draw_certificate
from registry.disposal.erasing import dispose
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.executing import execute_work
from registry.disposal.files import delete_files, not_gone
from registry.disposal.obstacles import WORDS
from registry.disposal.past_retention import letters_past_retention, years_after
from registry.disposal.proving import digest_of
from registry.disposal.rights import decides
from registry.files.vault import get_vault
from registry.intake import PartyData
from registry.kinds import RegistryEvent
from registry.models.contacts import Contact, ContactPoint
from registry.models.disposal import DisposalEntry, DisposalList, Erasing, GoneFile
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter, Party
from registry.models.readings import DocumentReading, ReadingPage
from registry.proof.exporting import export_proof
from registry.states import ConflictError
from registry.verification import verify_register
from routing.notes.seeing import readers_of
from tests.factories import department, deposit, drain, kind, person, text_file
from tests.registry import scene
from tests.registry.disposing import (
    approved,
    archivist,
    closed,
    executed,
    linked,
    old_letter,
    proposed,
    run,
    schedule,
    years_ago,
)
from tools.verify_independently import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def archives(db: None) -> User:
    return person("archives")


def found(fate: str = "destroy") -> list[Letter]:
    return [one.letter for one in letters_past_retention(Letter.objects.all(), fate)]


def test_time_is_counted_from_closing_by_the_row_of_the_kind() -> None:
    schedule("enquiry", years=2)
    schedule(years=10)
    three = old_letter(years=3, subject="Renseignement")
    other = old_letter(years=3)
    with transaction.atomic():
        record_change(three, RegistryEvent.CORRECTED, actor=None, changes={"kind": kind("enquiry")})
        record_change(other, RegistryEvent.CORRECTED, actor=None, changes={"kind": None})
    with years_ago(12):
        still_open = deposit().letter
    assert found() == [three]
    closed(still_open)  # today: ten years begin now
    assert found() == [three]
    schedule(years=2)
    assert set(found()) == {three, other}


def test_a_kind_with_another_fate_is_not_one_of_all_others() -> None:
    letter = old_letter()
    schedule(years=5)
    assert found() == [letter]
    row = schedule(letter.kind.code if letter.kind else "other", years=5, fate="keep")
    if letter.kind is None:
        with transaction.atomic():
            record_change(letter, RegistryEvent.CORRECTED, actor=None, changes={"kind": row.kind})
    assert found() == []
    assert found("keep") == [letter]


@pytest.mark.parametrize(
    ("day", "years", "then"), [((2024, 2, 29), 1, (2025, 2, 28)), ((2024, 3, 1), -4, (2020, 3, 1))]
)
def test_years_of_a_leap_day(day: Any, years: int, then: Any) -> None:
    assert years_after(date(*day), years) == date(*then)


def test_a_list_leaves_a_stub_and_the_register_whole(archives: User) -> None:
    schedule()
    letter = old_letter(subject="Fuite rue Ibn Sina", sender="Fatima Zahra", read=True)
    number, sha256 = letter.number, letter.documents.get().file.sha256
    done = executed()
    stub = Letter.objects.get(pk=letter.pk)
    assert (stub.number, stub.stage, stub.disposal) == (number, "closed", done)
    assert (stub.subject, stub.tracking_hash, Party.objects.get(letter=stub).name) == ("", "", "")
    assert stub.received_at == letter.received_at
    assert stub.kind == letter.kind
    assert not get_vault().has(sha256)
    assert GoneFile.objects.get(sha256=sha256).disposal == done
    assert not DocumentReading.objects.exists()
    assert not ReadingPage.objects.exists()
    assert all(event.data == {} for event in history_of(letter.pk)[:-1])
    assert "Fatima" not in _everything_about(letter)
    assert list(verify_register()) == []
    assert done.state == "executed"
    assert done.certificate is not None
    assert get_vault().has(done.certificate.sha256)


def _everything_about(letter: Letter) -> str:
    rows: list[Any] = [*LetterEvent.objects.filter(letter=letter)]
    rows += [*Party.objects.filter(letter=letter), *Document.objects.filter(letter=letter), letter]
    return " ".join(str(vars(row)) for row in rows if row is not letter)


def test_every_table_of_a_letter_is_disposed_of(archives: User) -> None:
    """A letter with a row in every sealed table, its answer, one voided, and all go."""
    schedule()
    with years_ago(9):
        scene.build()
        drain()
        for letter in Letter.objects.exclude(stage__in=["closed", "voided"]):
            closed(letter)
    assert list(verify_register(ledger=False)) == []
    done = executed()
    states = list(done.entries.values_list("state", "why"))
    assert set(states) == {("done", "")}, states
    assert list(verify_register()) == []
    assert "Fuite" not in str(list(LetterEvent.objects.values_list("data", flat=True)))


def test_events_and_pages_stay_append_only_outside_a_disposal(archives: User) -> None:
    schedule()
    letter = old_letter(read=True)
    approved()
    assert ReadingPage.objects.exists()
    for forge in (
        lambda: LetterEvent.objects.filter(letter=letter).update(data={}),
        lambda: LetterEvent.objects.filter(letter=letter).delete(),
        lambda: ReadingPage.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            forge()


def test_even_a_disposal_changes_nothing_of_an_event_but_its_data() -> None:
    schedule()
    letter = old_letter()
    entry = lists.order(approved(), actor=person("archives")).entries.get()
    with transaction.atomic():
        Erasing.objects.create(row=letter.pk, entry=entry)
        for change in ({"kind": "stage"}, {"data": {"subject": "autre"}}, {"hash": "0" * 64}):
            with pytest.raises(Error), transaction.atomic():
                LetterEvent.objects.filter(letter=letter).update(**change)
        with pytest.raises(Error), transaction.atomic():
            LetterEvent.objects.filter(letter=letter).delete()
        transaction.set_rollback(True)


def test_a_letter_is_opened_for_a_list_that_is_being_executed_alone() -> None:
    schedule()
    letter, other = old_letter(), old_letter()
    held = approved()
    entry = held.entries.get(letter=letter)
    with pytest.raises(Error), transaction.atomic():
        Erasing.objects.create(row=letter.pk, entry=entry)
    lists.order(held, actor=person("archives"))
    with pytest.raises(Error), transaction.atomic():
        Erasing.objects.create(row=other.pk, entry=entry)
    with pytest.raises(Error), transaction.atomic():
        Erasing.objects.create(row=other.documents.get().pk, entry=entry)
    held.entries.filter(letter=other).update(state="stays")
    with pytest.raises(Error), transaction.atomic():
        Erasing.objects.create(row=other.pk, entry=held.entries.get(letter=other))
    Erasing.objects.create(row=letter.pk, entry=entry)
    with pytest.raises(Error), transaction.atomic():
        Erasing.objects.update(row=other.pk)
    left = [one.row for one in verify_register(ledger=False) if one.code == "erasing_open"]
    assert left == [f"registry.erasing/{letter.pk}"]


def test_events_emptied_by_hand_are_found(archives: User) -> None:
    schedule()
    letter = old_letter()
    append_only.remove(connection)
    LetterEvent.objects.filter(letter=letter, seq=1).update(data={})
    assert "event_edited" in {problem.code for problem in verify_register(ledger=False)}


def test_a_stub_that_was_edited_is_found(archives: User) -> None:
    schedule()
    letter = old_letter()
    executed()
    append_only.remove(connection)
    first = LetterEvent.objects.get(letter=letter, seq=1)
    LetterEvent.objects.filter(pk=first.pk).update(actor=person("badr"))
    codes = {problem.code for problem in verify_register(ledger=False)}
    assert "event_edited" in codes


def _doubted(folder: Path) -> list[str]:
    """The events of which the verifier that shares nothing with the house says they were edited."""
    found: list[str] = []
    folder.mkdir()
    export_proof(folder)
    verify(folder, [], [], "", found.append)
    return [line for line in found if "hash says" in line or "act " in line or "disposal" in line]


def test_the_independent_verifier_knows_a_stub(archives: User, tmp_path: Path) -> None:
    schedule()
    letter = old_letter()
    executed()
    assert _doubted(tmp_path / "whole") == []
    append_only.remove(connection)
    LetterEvent.objects.filter(letter=letter, seq=1).update(kind="stage")
    assert len(_doubted(tmp_path / "forged")) > 0


def _by_hand(letter: Letter, **data: Any) -> None:
    """A disposal as somebody at a shell would do it."""
    entry = DisposalEntry.objects.filter(letter=letter).first()
    held = entry.disposal if entry else None
    with transaction.atomic():
        record_change(
            letter, RegistryEvent.DISPOSED, actor=None, data=data, changes={"disposal": held}
        )


@pytest.mark.parametrize("on", ["no list", "proposed", "approved"])
def test_a_disposal_that_no_two_people_decided_is_found(
    archives: User, tmp_path: Path, on: str
) -> None:
    schedule()
    letter = old_letter()
    if on != "no list":
        held = proposed() if on == "proposed" else approved()
        data = {"list": held.number, "fate": "destroy", "files": [], "package": ""}
    else:
        data = {}
    before = digest_of_events(history_of(letter.pk))
    _by_hand(letter, **data, events=before)
    Party.objects.filter(letter=letter).update(name="")
    codes = {problem.code for problem in verify_register(ledger=False)}
    assert {"disposal_undecided", "row_edited"} <= codes
    assert any("no two people" in line for line in _doubted(tmp_path / "forged"))


def test_an_executed_list_from_which_a_letter_was_taken_is_found(archives: User) -> None:
    schedule()
    letters = [old_letter(), old_letter()]
    done = executed()
    assert list(verify_register(ledger=False)) == []
    DisposalEntry.objects.filter(letter=letters[0]).delete()
    codes = {problem.code for problem in verify_register(files=False, ledger=False)}
    assert codes == {"disposal_undecided", "event_edited", "disposal_list_edited"}
    done.refresh_from_db()
    DisposalList.objects.update(digest=digest_of(done))
    assert "disposal_list_edited" in {one.code for one in verify_register(ledger=False)}


def test_nothing_follows_a_disposal(archives: User, tmp_path: Path) -> None:
    schedule()
    letter = old_letter()
    executed()
    Letter.objects.filter(pk=letter.pk).update(disposal=None)
    with transaction.atomic():
        record_change(Letter.objects.get(pk=letter.pk), RegistryEvent.CORRECTED, actor=archives)
    assert "disposal_undecided" in {problem.code for problem in verify_register(ledger=False)}
    assert any("no two people" in line for line in _doubted(tmp_path / "forged"))


def test_it_takes_two(archives: User) -> None:
    schedule()
    old_letter()
    held = lists.review(proposed(actor=archives), actor=archives)
    with pytest.raises(DisposalNotAllowedError):
        lists.approve(held, actor=archives)
    other = archivist("driss")
    assert lists.approve(held, actor=other).state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalList.objects.update(decided_by=archives)


@pytest.mark.parametrize("username", ["amina", "badr", "direction", "audit", "admin"])
def test_only_archivists_decide(username: str) -> None:
    schedule()
    old_letter()
    held = proposed()
    for decide in (lists.review, lists.approve, lists.order):
        with pytest.raises(DisposalNotAllowedError):
            decide(held, actor=person(username))
    with pytest.raises(DisposalNotAllowedError):
        lists.refuse(held, actor=person(username), reason="non")


@pytest.mark.parametrize("username", ["badr", "direction", "audit", "admin"])
def test_only_archivists_and_the_office_propose(username: str) -> None:
    schedule()
    old_letter()
    with pytest.raises(DisposalNotAllowedError):
        proposed(actor=person(username))


def test_an_archivist_of_a_department_has_its_lists_alone() -> None:
    schedule()
    water, bills = old_letter(unit="EAU"), old_letter(unit="COM")
    wafa, driss = archivist("wafa", "EAU"), archivist("driss", "COM")
    with pytest.raises(DisposalNotAllowedError):
        proposed(actor=wafa)
    with pytest.raises(DisposalNotAllowedError):
        proposed(actor=wafa, department=department("COM"))
    held = proposed(actor=wafa, department=department("EAU"))
    assert [entry.letter for entry in held.entries.all()] == [water]
    with pytest.raises(DisposalNotAllowedError):
        lists.review(held, actor=driss)
    with pytest.raises(DisposalNotAllowedError):
        lists.leave_out(held.entries.get(), actor=driss, reason="à garder")
    assert not holds.may_hold(bills, wafa)
    assert holds.may_hold(water, wafa)


def test_an_archivist_of_a_department_reads_its_letters_alone() -> None:
    water, bills = old_letter(unit="EAU"), old_letter(unit="COM")
    above = old_letter(unit="EAU", confidentiality=2)
    wafa = archivist("wafa", "EAU")
    assert set(Letter.objects.visible_to(wafa)) == {water, above}
    assert set(Letter.objects.visible_to(archivist("latifa"))) == {water, bills, above}
    assert not any(token.startswith("all:") for token in reader_tokens(wafa))
    assert wafa not in readers_of(bills)
    assert wafa in readers_of(water)


def test_an_archivist_of_a_closed_department_reads_nothing() -> None:
    water, wafa = old_letter(unit="EAU"), archivist("wafa", "EAU")
    Department.objects.filter(code="EAU").update(active=False, closed_on=date(2026, 1, 1))
    assert water not in Letter.objects.visible_to(wafa)
    assert reader_tokens(wafa) <= {"directors:-1"}
    assert wafa not in readers_of(water)


def test_an_archivist_of_a_closed_department_has_no_lists() -> None:
    schedule()
    water = old_letter(unit="EAU")
    held, wafa = proposed(department=department("EAU")), archivist("wafa", "EAU")
    Department.objects.filter(code="EAU").update(active=False, closed_on=date(2026, 1, 1))
    for decide in (lists.review, lists.approve, lists.order):
        with pytest.raises(DisposalNotAllowedError):
            decide(held, actor=wafa)
    with pytest.raises(DisposalNotAllowedError):
        proposed(actor=wafa)
    assert not holds.may_hold(water, wafa)


def test_a_letter_above_the_clearance_is_on_no_list() -> None:
    schedule()
    old_letter(confidentiality=1)
    with pytest.raises(DisposalNotAllowedError):
        proposed()  # amina reads ordinary letters


def test_only_who_may_read_all_letters_of_a_list_decides(archives: User) -> None:
    schedule()
    letter = old_letter(confidentiality=2)
    archives.clearance = 2
    archives.save()
    held, wafa = proposed(actor=archives), archivist("wafa")
    wafa.clearance = 1
    wafa.save()
    with pytest.raises(DisposalNotAllowedError):
        lists.review(held, actor=wafa)
    with pytest.raises(DisposalNotAllowedError):
        lists.leave_out(held.entries.get(letter=letter), actor=wafa, reason="à garder")
    assert not decides(permissions_of(wafa), held)
    assert lists.review(held, actor=archives).state == "reviewed"


def test_a_hold_keeps_a_letter_until_it_is_lifted(archives: User, direction: User) -> None:
    schedule()
    letter, other = old_letter(), old_letter()
    held = approved()
    holds.place_hold(letter, actor=direction, reason="Procès  en cours")
    with pytest.raises(DisposalNotAllowedError):
        holds.place_hold(letter, actor=archives, reason="encore")
    done = executed(held)
    assert dict(done.entries.values_list("letter", "why")) == {letter.pk: "hold", other.pk: ""}
    assert Letter.objects.get(pk=letter.pk).subject == letter.subject
    with pytest.raises(DisposalNotAllowedError):
        proposed()
    holds.lift_hold(letter, actor=archives, reason="Jugé")
    assert [hold.lifted_because for hold in holds.holds_of(letter)] == ["Jugé"]
    assert proposed().entries.get().letter == letter
    assert list(verify_register()) == []


@pytest.mark.parametrize("username", ["amina", "badr", "audit", "admin"])
def test_holds_are_for_archivists_and_the_director(username: str) -> None:
    letter = deposit().letter
    with pytest.raises(DisposalNotAllowedError):
        holds.place_hold(letter, actor=person(username), reason="Procès")


def test_a_hold_needs_a_reason(direction: User) -> None:
    with pytest.raises(DisposalNotAllowedError):
        holds.place_hold(deposit().letter, actor=direction, reason=" \n")


def test_what_was_reopened_or_has_another_term_now_stays(archives: User) -> None:
    schedule()
    reopened = old_letter()
    held = approved()
    with transaction.atomic():
        move_stage(reopened, "in_hand", actor=archives)
    assert executed(held).entries.get().why == "open"
    closed(Letter.objects.get(pk=reopened.pk))
    old_letter()
    held = approved()
    schedule(years=30)
    assert executed(held).entries.get().why == "time"


def test_a_letter_goes_with_its_answer_or_stays(archives: User) -> None:
    schedule()
    letter = old_letter()
    answer = old_letter(register="OUT", sender="")
    linked(letter, answer)
    held = proposed()
    lists.leave_out(held.entries.get(letter=answer), actor=archives, reason="à verser")
    done = executed(approved(held))
    assert set(done.entries.values_list("state", "why")) == {
        ("stays", "linked"),
        ("left_out", "à verser"),
    }
    done = executed()
    assert set(done.entries.values_list("state", flat=True)) == {"done"}
    assert list(verify_register()) == []


def test_what_keeps_one_answer_keeps_the_other_too(archives: User, direction: User) -> None:
    schedule()
    answers = [old_letter(register="OUT", sender="") for _ in range(2)]
    letter, alone = old_letter(), old_letter()
    linked(letter, *answers)
    held = approved()
    holds.place_hold(answers[1], actor=direction, reason="Procès")
    done = executed(held)
    whys = {answers[0].pk: "linked", answers[1].pk: "hold", letter.pk: "linked", alone.pk: ""}
    assert dict(done.entries.values_list("letter", "why")) == whys
    assert Letter.objects.exclude(disposal=None).get() == alone
    holds.lift_hold(answers[1], actor=archives, reason="Jugé")
    done = executed()
    assert list(done.entries.values_list("state", flat=True)) == ["done"] * 3
    assert list(verify_register()) == []


def test_letters_that_hang_together_go_at_once(archives: User) -> None:
    schedule()
    letter, answer, alone = old_letter(), old_letter(register="OUT", sender=""), old_letter()
    linked(letter, answer)
    held = lists.order(approved(), actor=archives)
    assert dispose(held.entries.get(letter=letter).pk) == "done"
    left = held.entries.filter(state="waiting")
    assert [entry.letter for entry in left] == [alone]
    assert list(verify_register(files=False)) == []


def _chain(answers: int) -> list[Letter]:
    """A letter with so many answers, the last of which answers a second letter, too."""
    first, *others = [
        old_letter(),
        *(old_letter(register="OUT", sender="") for _ in range(answers)),
    ]
    second = old_letter()
    linked(first, *others)
    linked(second, others[-1])
    return [first, *others, second]


def test_a_chain_longer_than_a_list_goes_whole(
    archives: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 2)
    schedule()
    chain, alone = _chain(4), old_letter()
    held = proposed()
    assert {entry.letter for entry in held.entries.all()} == set(chain)
    mine = archives
    assert lists.propose(actor=mine, fate="destroy").entries.get().letter == alone
    done = executed(approved(held))
    assert list(done.entries.values_list("state", flat=True)) == ["done"] * len(chain)
    assert list(verify_register()) == []
    assert not Letter.objects.filter(disposal=None).exclude(pk=alone.pk).exists()


def test_a_long_chain_of_a_list_takes_two_people(
    archives: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 2)
    schedule()
    _chain(4)
    held = lists.review(proposed(actor=archives), actor=archives)
    with pytest.raises(DisposalNotAllowedError):
        lists.approve(held, actor=archives)


def test_a_long_chain_that_cannot_go_leaves_the_list_to_others(
    archives: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 2)
    schedule()
    chain, alone = _chain(4), [old_letter() for _ in range(3)]
    hold = holds.place_hold(chain[-2], actor=archives, reason="Procès")
    assert [entry.letter for entry in proposed().entries.order_by("pk")] == alone[:2]
    holds.lift_hold(chain[-2], actor=archives, reason="Jugé")
    assert hold is not None
    assert {entry.letter for entry in proposed().entries.all()} == set(chain)


def test_a_short_chain_that_cannot_go_is_told_on_the_list(archives: User, direction: User) -> None:
    schedule()
    chain = _chain(2)
    holds.place_hold(chain[0], actor=direction, reason="Procès")
    assert {entry.letter for entry in proposed().entries.all()} == set(chain[1:])


def test_more_than_a_list_may_hold_in_all_is_left_out(
    archives: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 2)
    monkeypatch.setattr(lists, "MOST_IN_ALL", 5)
    schedule()
    _chain(4)
    alone = old_letter()
    assert [entry.letter for entry in proposed().entries.all()] == [alone]


def test_what_keeps_one_of_a_chain_is_written_beside_all_at_once(
    archives: User, direction: User, django_assert_max_num_queries: Any
) -> None:
    schedule()
    chain = _chain(4)
    held = lists.order(approved(), actor=archives)
    holds.place_hold(chain[0], actor=direction, reason="Procès")
    assert dispose(held.entries.get(letter=chain[-1]).pk) == "stays"
    whys = dict.fromkeys([letter.pk for letter in chain], "linked") | {chain[0].pk: "hold"}
    assert dict(held.entries.values_list("letter", "why")) == whys
    with django_assert_max_num_queries(6):  # the next one of the chain does nothing again
        assert dispose(held.entries.get(letter=chain[1]).pk) == "stays"


def test_an_answer_stays_whose_letter_was_not_handed_over(archives: User) -> None:
    """As one whose package could not be read again."""
    schedule(fate="transfer")
    letter, answer = old_letter(), old_letter(register="OUT", sender="")
    linked(letter, answer)
    held = lists.propose(actor=person("amina"), fate="transfer")
    held = lists.order(approved(held), actor=archives)
    held.entries.filter(letter=answer).update(package="a" * 64)
    for entry in held.entries.order_by("-pk"):
        assert dispose(entry.pk) == "stays"
    whys = dict(held.entries.values_list("letter", "why"))
    assert whys == {answer.pk: "linked", letter.pk: "package"}


def test_a_refused_list_leaves_its_letters_to_another(archives: User) -> None:
    schedule()
    old_letter()
    held = lists.refuse(proposed(), actor=archives, reason="Trop tôt")
    assert (held.state, held.refusal) == ("refused", "Trop tôt")
    assert proposed().entries.count() == 1
    with pytest.raises(ConflictError):
        lists.review(held, actor=archives)


def test_a_file_that_another_letter_has_stays(archives: User) -> None:
    schedule()
    old = old_letter(files=[text_file("La même page.")])
    deposit(files=[text_file("La même page.")])
    sha256 = old.documents.get().file.sha256
    executed()
    assert get_vault().has(sha256)
    assert not GoneFile.objects.filter(sha256=sha256).exists()
    assert list(verify_register()) == []


def test_a_file_that_no_list_took_is_missing_whatever_a_row_says(archives: User) -> None:
    schedule()
    living = deposit(files=[text_file("Une page qui reste.")]).letter
    old_letter()
    done = executed()
    sha256 = living.documents.get().file.sha256
    get_vault().delete(sha256)
    forged = GoneFile.objects.create(sha256=sha256, disposal=done, state="gone", at=timezone.now())
    assert [(one.code, one.detail) for one in verify_register()] == [("file_missing", sha256)]
    forged.delete()
    GoneFile.objects.all().delete()
    assert {one.code for one in verify_register()} == {"file_missing"}


def test_a_needed_file_is_missing_even_where_its_list_names_it(archives: User) -> None:
    schedule()
    old = old_letter(files=[text_file("La même page.")])
    deposit(files=[text_file("La même page.")])
    sha256 = old.documents.get().file.sha256
    done = executed()
    get_vault().delete(sha256)
    GoneFile.objects.create(sha256=sha256, disposal=done, state="gone", at=timezone.now())
    assert [(one.code, one.detail) for one in verify_register()] == [("file_missing", sha256)]


def test_the_same_bytes_may_come_again(archives: User) -> None:
    schedule()
    old = old_letter(files=[text_file("Une page qui revient.")])
    sha256 = old.documents.get().file.sha256
    executed()
    assert not get_vault().has(sha256)
    deposit(files=[text_file("Une page qui revient.")])
    assert get_vault().has(sha256)
    assert not GoneFile.objects.filter(sha256=sha256).exists()
    assert list(verify_register()) == []


def test_a_list_goes_on_where_its_worker_ended(archives: User) -> None:
    """The worker ends after the first letter: what it did stands, the next one does the rest."""
    schedule()
    letters = [old_letter() for _ in range(3)]
    held = lists.order(approved(), actor=archives)

    class Killed(BaseException):
        pass

    def killed(done: int, _total: int) -> None:
        if done:
            raise Killed

    with pytest.raises(Killed):
        execute_work(str(held.pk), killed)
    assert held.entries.filter(state="done").count() == 1
    assert list(verify_register()) == []
    run(held)
    assert held.entries.filter(state="done").count() == len(letters)
    assert not not_gone().exists()
    run(held)  # the job is done twice where it ended before it said so
    assert list(verify_register()) == []


def test_files_of_a_deletion_that_was_cut_are_deleted_again(archives: User) -> None:
    schedule()
    sha256 = old_letter().documents.get().file.sha256
    executed()
    GoneFile.objects.filter(sha256=sha256).update(state="waiting")  # the bytes are away already
    assert list(delete_files(not_gone())) == ["gone"]


def test_the_job_executes_an_ordered_list(archives: User) -> None:
    schedule()
    letter = old_letter()
    held = lists.order(approved(), actor=archives)
    drain("disposal.execute")
    held.refresh_from_db()
    assert held.state == "executed"
    assert Letter.objects.get(pk=letter.pk).disposal == held


def test_a_stub_is_not_changed_any_more(archives: User, direction: User) -> None:
    schedule()
    letter = old_letter()
    executed()
    with pytest.raises(ConflictError), transaction.atomic():
        record_change(letter, RegistryEvent.CORRECTED, actor=archives, changes={"subject": "x"})
    with pytest.raises(DisposalNotAllowedError):
        holds.place_hold(letter, actor=direction, reason="Procès")


def test_the_directory_forgets_who_wrote_no_other_letter(archives: User, amina: User) -> None:
    schedule()
    alone, twice = old_letter(sender="Omar Alaoui"), old_letter(sender="Hind Berrada")
    later = deposit(sender="Hind Berrada").letter
    for letter, name in ((alone, "Omar Alaoui"), (twice, "Hind Berrada"), (later, "")):
        known = Contact.objects.filter(name=name or "Hind Berrada").first()
        if known is None:
            known = Contact.objects.create(
                name=name, sort_name=name, created_at=timezone.now(), changed_at=timezone.now()
            )
        link_sender(letter, contact=known, actor=amina)
    executed()
    assert list(Contact.objects.values_list("name", flat=True)) == ["Hind Berrada"]
    assert list(verify_register()) == []


def test_what_a_later_letter_tells_too_stays_in_the_directory(archives: User, amina: User) -> None:
    schedule()
    first = PartyData("sender", name="Hind", email="hind@example.org", phone="0522 11 22 33")
    old = old_letter(parties=[first])
    later = deposit(parties=[replace(first, phone="0661 11 22 33")]).letter
    now = timezone.now()
    hind = Contact.objects.create(name="Hind", sort_name="Hind", created_at=now, changed_at=now)
    for letter in (old, later):
        link_sender(letter, contact=hind, actor=amina)
    executed()
    points = dict(ContactPoint.objects.values_list("kind", "letter"))
    assert points == {"email": later.pk, "phone": later.pk}
    assert ContactPoint.objects.get(kind="phone").value == "0661 11 22 33"


def test_the_certificate_names_numbers_and_hashes(archives: User) -> None:
    schedule()
    letter = old_letter()
    sha256 = letter.documents.get().file.sha256
    done = executed()
    assert done.certificate is not None
    with get_vault().open(done.certificate.sha256) as stream:
        paper = pypdfium2.PdfDocument(io.BytesIO(stream.read()))
    words = "".join(page.get_textpage().get_text_bounded() for page in paper)
    plain = "".join(words.split())
    assert done.number in words
    assert letter.number in words
    assert sha256 in plain
    assert done.digest in plain


def test_a_letter_stands_on_one_list_at_a_time(archives: User) -> None:
    schedule()
    old_letter()
    proposed()
    with pytest.raises(DisposalNotAllowedError):
        proposed()
    assert DisposalEntry.objects.count() == 1


def test_a_lock_without_a_term_is_told_on_the_certificate(archives: User) -> None:
    schedule()
    old_letter()
    done = executed()
    GoneFile.objects.update(state="locked", locked_until=None)
    assert "verrouillé sans terme" in words_of(draw_certificate(done))
    GoneFile.objects.update(state="refused")
    assert "refusée par le stockage" in words_of(draw_certificate(done))


def words_of(paper: bytes) -> str:
    read = pypdfium2.PdfDocument(io.BytesIO(paper))
    return "".join(page.get_textpage().get_text_bounded() for page in read)


def test_a_bounce_about_a_letter_forgets_who_wrote_it(archives: User) -> None:
    schedule()
    letter = old_letter()
    box = Mailbox.objects.create(name="courrier")
    about = MailItem.objects.create(
        mailbox=box,
        uidvalidity=1,
        uid=1,
        kind="bounce",
        about=letter,
        sender="salma@example.org",
        subject="Non remis",
        bounce={"address": "salma@example.org"},
        arrived_at=timezone.now(),
        seen_at=timezone.now(),
    )
    executed()
    about.refresh_from_db()
    assert (about.sender, about.subject, about.bounce) == ("", "", {})


def test_the_certificate_says_in_both_languages_why_a_letter_stays(
    archives: User, direction: User
) -> None:
    schedule()
    letter, other = old_letter(), old_letter()
    held = proposed()
    lists.leave_out(held.entries.get(letter=other), actor=archives, reason="Valeur historique")
    holds.place_hold(letter, actor=direction, reason="Procès")
    with translation.override("ar"):
        shown = context_of(executed(approved(held)))["stays"]
    (_kept, french, arabic), (_left, own, none) = shown
    assert (own, none) == ("Valeur historique", "")
    with translation.override("fr"):
        assert french == str(WORDS["hold"])
    with translation.override("ar"):
        assert arabic == str(WORDS["hold"]) != french


@pytest.mark.parametrize(
    ("language", "approved", "refused"),
    [("fr", "Approuvée", "Refusée"), ("ar", "تمت الموافقة عليها", "مرفوضة")],
)
def test_states_of_a_list_agree_with_it(language: str, approved: str, refused: str) -> None:
    with translation.override(language):
        states = DisposalList.State
        assert (str(states.APPROVED.label), str(states.REFUSED.label)) == (approved, refused)


def test_a_request_forgets_who_asked(archives: User) -> None:
    schedule()
    now, asker = timezone.now(), Person.objects.create(made_at=timezone.now())
    service = ServiceType.objects.create(code="essai")
    version = ServiceTypeVersion.objects.create(
        service=service, version=1, content={}, digest="", made_at=now
    )
    asked = Request.objects.create(
        letter=old_letter(),
        service=service,
        version=version,
        person=asker,
        on_behalf_of=asker,
        contract_number="C-1",
        phone_key="x",
        stage="done",
        stage_kind="end",
        stage_since=now,
        opened_at=now,
        ended_at=now,
    )
    executed()
    asked.refresh_from_db()
    assert (asked.person, asked.on_behalf_of, asked.mandate, asked.phone_key) == (None,) * 3 + ("",)
    assert asked.contract_number == "C-1"
    assert list(verify_register()) == []
