"""Clocks of letters stand, go on and are lengthened; the calendar moves them; all of it is told."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from correspondence.acting.rights import actions_for
from org.models import Holiday, User
from registry import states
from registry.changes import history_of
from registry.intake import PartyData
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.clocks import due as clocks_due
from routing.clocks import pieces, stopping
from routing.clocks.calendar_edits import DayEdit, apply_edit, foresee_edit
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.clocks import ClockStop, DeadlineRule
from tests.factories import department, deposit, drain, kind, pdf, person

pytestmark = pytest.mark.django_db
NAMES = {"ar": "عطلة استثنائية", "fr": "Congé exceptionnel", "en": "Day off"}


@pytest.fixture
def letter(rules: None) -> Letter:
    """A request for information that EAU has in hand: 20 working days, extension of 20."""
    earlier = timezone.now() - timedelta(days=3)
    found = deposit(kind=kind("enquiry"), actor=person("amina"), received_at=earlier).letter
    given = giving.assign(found, department=department("EAU"), actor=person("amina"))
    assignments.accept(given, actor=person("badr"))
    return Letter.objects.get(pk=found.pk)


def anew(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def kinds_of(letter: Letter) -> list[str]:
    return [event.kind for event in history_of(letter.pk)]


def back_dated(stop: ClockStop, days: int) -> None:
    """As if the clock had been stopped so many days ago."""
    ClockStop.objects.filter(pk=stop.pk).update(from_on=timezone.localdate() - timedelta(days=days))


def test_a_clock_that_stands_has_no_due_date_and_goes_on_where_it_was(
    letter: Letter, badr: User, register_is_clean: Callable[[], None]
) -> None:
    before = letter.due_on
    assert before is not None
    stopping.stop_clock(letter, actor=badr, reason="Expertise en cours")
    letter = anew(letter)
    assert letter.due_on is None
    assert Assignment.objects.get(letter=letter).due_on is None
    today = timezone.localdate().strftime("%d/%m/%Y")
    assert all(today in letter.due_explained[code] for code in ("ar", "fr", "en"))
    stopping.restart_clock(letter, actor=badr, reason="Rapport reçu")
    letter = anew(letter)
    assert letter.due_on is not None
    assert letter.due_on >= before  # today, where it is a working day, did not count
    assert "Expertise en cours" in letter.due_explained["fr"]
    assert Assignment.objects.get(letter=letter).due_on == letter.due_on
    assert {"clock_stopped", "clock_restarted"} < set(kinds_of(letter))
    register_is_clean()


def test_a_stop_adds_exactly_its_working_days(letter: Letter, badr: User) -> None:
    Letter.objects.filter(pk=letter.pk).update(received_at=timezone.now() - timedelta(days=30))
    clocks_due.recompute_due_dates(actor=None)
    before = anew(letter).due_on
    stop = stopping.stop_clock(anew(letter), actor=badr, reason="Expertise")
    back_dated(stop, 7)  # eight days with both ends: six working ones at least, eight at most
    stopping.restart_clock(anew(letter), actor=badr, reason="Reçu")
    after = anew(letter).due_on
    assert before is not None
    assert after is not None
    since = timezone.localdate() - timedelta(days=7)
    lost = [since + timedelta(days=n) for n in range(8)]
    working = sum(day.isoweekday() < 6 for day in lost)
    passed = [before + timedelta(days=n + 1) for n in range((after - before).days)]
    assert sum(day.isoweekday() < 6 for day in passed) == working


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_stop_needs_a_reason(letter: Letter, badr: User, reason: str) -> None:
    with pytest.raises(NotAllowedError):
        stopping.stop_clock(letter, actor=badr, reason=reason)


def test_who_has_no_right_stops_nothing(letter: Letter, chafik: User, audit: User) -> None:
    for who in (chafik, audit):
        for verb in (stopping.stop_clock, stopping.restart_clock, stopping.extend_clock):
            with pytest.raises(NotAllowedError):
                verb(letter, actor=who, reason="Parce que")
        with pytest.raises(NotAllowedError):
            pieces.ask_for_pieces(letter, actor=who, pieces="Plan")
    assert not {"stop_clock", "ask_pieces"} & actions_for(chafik, letter)


def test_two_who_stop_at_once_stop_once(letter: Letter, badr: User, amina: User) -> None:
    stopping.stop_clock(letter, actor=badr, reason="Expertise")
    with pytest.raises(NotAllowedError):
        stopping.stop_clock(letter, actor=amina, reason="Expertise")
    assert ClockStop.objects.count() == 1


def test_a_term_is_extended_once_with_a_reason_and_by_a_head(
    letter: Letter, badr: User, dounia: User, register_is_clean: Callable[[], None]
) -> None:
    before = letter.due_on
    with pytest.raises(NotAllowedError):
        stopping.extend_clock(letter, actor=badr, reason="Dossier complexe")
    stopping.extend_clock(letter, actor=dounia, reason="Dossier complexe")
    letter = anew(letter)
    assert before is not None
    assert letter.due_on is not None
    assert letter.due_on > before
    assert letter.due_explained["extended"] == 20
    with pytest.raises(NotAllowedError):
        stopping.extend_clock(letter, actor=dounia, reason="Encore")
    register_is_clean()


def test_a_term_that_is_over_is_not_extended(letter: Letter, dounia: User) -> None:
    Letter.objects.filter(pk=letter.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowedError):
        stopping.extend_clock(anew(letter), actor=dounia, reason="Trop tard")


def test_pieces_are_asked_once_by_mail_and_receipt_and_the_clock_waits(
    rules: None, amina: User, register_is_clean: Callable[[], None]
) -> None:
    sender = PartyData("sender", name="Client", email="client@usager.example")
    letter = deposit(kind=kind("request"), actor=amina, parties=[sender], language="fr").letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    request = pieces.ask_for_pieces(letter, actor=amina, pieces="- Plan de situation\n\n CIN ")
    assert request.lines == ["Plan de situation", "CIN"]
    assert anew(letter).due_on is None
    drain("pieces.tell", "receipt.render")
    (message,) = mail.outbox
    assert message.to == ["client@usager.example"]
    assert "Plan de situation" in message.body
    assert letter.number in message.body
    request.refresh_from_db()
    assert request.receipt.file is not None
    assert "pieces_mailed" in kinds_of(letter)
    with pytest.raises(NotAllowedError):
        pieces.ask_for_pieces(anew(letter), actor=amina, pieces="Autre chose")
    register_is_clean()


def test_without_an_address_the_receipt_is_to_be_printed(letter: Letter, amina: User) -> None:
    pieces.ask_for_pieces(letter, actor=amina, pieces="Plan")
    drain("pieces.tell")
    assert mail.outbox == []
    assert kinds_of(letter)[-1] == "pieces_to_print"


def test_without_a_mail_server_the_receipt_is_to_be_printed(
    amina: User, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    sender = PartyData("sender", name="Client", email="client@usager.example")
    letter = deposit(kind=kind("request"), actor=amina, parties=[sender]).letter
    pieces.ask_for_pieces(letter, actor=amina, pieces="Plan")
    drain("pieces.tell")
    assert list(tmp_path.iterdir()) == []
    assert kinds_of(letter)[-1] == "pieces_to_print"


def test_pieces_that_arrive_let_the_clock_go_on_and_start_it_where_the_rule_says_so(
    rules: None, amina: User, register_is_clean: Callable[[], None]
) -> None:
    today = timezone.localdate()
    letter = deposit(
        kind=kind("request"), actor=amina, received_at=timezone.now() - timedelta(days=20)
    ).letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    before = anew(letter).due_on
    pieces.ask_for_pieces(letter, actor=amina, pieces="Plan")
    pieces.add_pieces(anew(letter), actor=None, files=[pdf("Plan")], received=[1])
    letter = anew(letter)
    assert before is not None
    assert letter.due_on is not None
    assert letter.due_on >= today + timedelta(days=60) > before  # or the next working day
    assert letter.due_explained["begins"] == "complete"
    assert letter.documents.count() == 2
    assert PiecesRequest.objects.get(letter=letter).answered_at is not None
    with pytest.raises(NotAllowedError):
        pieces.add_pieces(letter, actor=None, files=[pdf("Encore")])
    assert letter.documents.count() == 2
    register_is_clean()


def test_pieces_lack_of_a_letter_without_a_term_as_well(
    amina: User, register_is_clean: Callable[[], None]
) -> None:
    letter = deposit(actor=amina).letter
    pieces.ask_for_pieces(letter, actor=amina, pieces="Plan")
    pieces.add_pieces(anew(letter), actor=amina, files=[pdf("Plan")], received=[1])
    assert anew(letter).due_on is None
    assert anew(letter).documents.count() == 2
    register_is_clean()


def test_a_letter_of_a_known_kind_is_due_before_anybody_has_it(
    rules: None, amina: User, register_is_clean: Callable[[], None]
) -> None:
    letter = deposit(kind=kind("enquiry"), actor=amina).letter
    clocks_due.save_first_due(str(letter.pk), None)
    assert anew(letter).due_on is not None
    version = anew(letter).version
    clocks_due.save_first_due(str(letter.pk), None)
    assert anew(letter).version == version
    without = deposit(actor=amina).letter
    clocks_due.save_first_due(str(without.pk), None)
    assert anew(without).version == 1
    register_is_clean()


def test_a_department_keeps_a_clock_of_its_own_beside_the_legal_one(
    rules: None, amina: User, register_is_clean: Callable[[], None]
) -> None:
    eau = department("EAU")
    DeadlineRule.objects.create(
        kind=kind("enquiry"),
        department=eau,
        clock="internal",
        days=5,
        unit="working",
        start_from="assigned",
    )
    letter = deposit(kind=kind("enquiry"), actor=amina).letter
    mine = giving.assign(letter, department=eau, actor=amina)
    other = giving.assign(letter, department=department("SI"), actor=amina)
    letter = anew(letter)
    assert letter.due_on is not None
    assert mine.due_on is not None
    assert mine.due_on < letter.due_on
    assert mine.due_explained["begins"] == "assigned"
    assert (other.due_on, other.due_explained) == (letter.due_on, {})
    register_is_clean()


def test_the_rule_of_a_service_goes_before_that_of_the_kind(rules: None, amina: User) -> None:
    DeadlineRule.objects.create(
        kind=kind("enquiry"), department=department("SI"), days=3, unit="working"
    )
    letter = deposit(kind=kind("enquiry"), actor=amina).letter
    giving.assign(letter, department=department("SI"), actor=amina)
    assert anew(letter).due_explained["days"] == 3


def test_a_change_of_the_calendar_shows_what_moves_and_then_moves_it(
    letter: Letter, admin: User, register_is_clean: Callable[[], None]
) -> None:
    before = letter.due_on
    assert before is not None
    edit = DayEdit("add", day=before, names=NAMES, exceptional=True)
    seen = foresee_edit(edit)
    assert (seen.total, seen.first[0].number, seen.first[0].before) == (1, letter.number, before)
    assert Holiday.objects.filter(exceptional=True).count() == 0  # only looked at
    apply_edit(edit, actor=admin)
    assert anew(letter).due_on == before
    drain("clocks.recompute")
    after = anew(letter).due_on
    assert after == seen.first[0].after
    last = history_of(letter.pk)[-1]
    assert (last.kind, last.actor, last.data["why"]) == ("due_changed", admin, "calendar")
    register_is_clean()


def test_a_holiday_added_then_removed_changes_nothing(letter: Letter, admin: User) -> None:
    before, words = letter.due_on, letter.due_explained
    apply_edit(DayEdit("add", day=before, names=NAMES), actor=admin)
    drain("clocks.recompute")
    assert anew(letter).due_on != before
    row = Holiday.objects.get(name_fr=NAMES["fr"])
    apply_edit(DayEdit("remove", holiday_id=row.pk, seen=row.day), actor=admin)
    drain("clocks.recompute")
    assert (anew(letter).due_on, anew(letter).due_explained) == (before, words)


def test_a_feast_that_moves_moves_what_it_touches_and_is_confirmed(
    letter: Letter, admin: User
) -> None:
    due = letter.due_on
    assert due is not None
    row = Holiday.objects.create(
        day=due + timedelta(days=30), confirmed=False, name_ar="عيد", name_fr="Aïd", name_en="Eid"
    )
    edit = DayEdit("move", holiday_id=row.pk, seen=row.day, day=due)
    assert foresee_edit(edit).total == 1
    apply_edit(edit, actor=admin)
    row.refresh_from_db()
    assert (row.day, row.confirmed) == (due, True)


def test_a_feast_that_is_confirmed_is_no_longer_called_provisional(
    letter: Letter, admin: User, register_is_clean: Callable[[], None]
) -> None:
    assert letter.due_on is not None
    inside = next(
        day for n in range(5, 12) if (day := letter.due_on - timedelta(days=n)).isoweekday() < 6
    )
    row = Holiday.objects.create(day=inside, name_ar="عيد", name_fr="Aïd", name_en="Eid")
    clocks_due.recompute_due_dates(actor=None)
    due = anew(letter).due_on
    assert "provisional" in anew(letter).due_explained["en"]
    apply_edit(DayEdit("confirm", holiday_id=row.pk, seen=inside), actor=admin)
    drain("clocks.recompute")
    assert anew(letter).due_on == due
    assert "Eid" in anew(letter).due_explained["en"]
    assert "provisional" not in anew(letter).due_explained["en"]
    assert kinds_of(letter)[-1] == "due_explained"
    register_is_clean()


def test_who_saw_an_older_calendar_is_told(admin: User) -> None:
    row = Holiday.objects.create(day="2026-07-30", name_ar="ع", name_fr="Trône", name_en="Throne")
    with pytest.raises(states.ConflictError):
        apply_edit(DayEdit("remove", holiday_id=row.pk, seen=date(2026, 7, 29)), actor=admin)
    assert Holiday.objects.filter(pk=row.pk).exists()


def test_a_year_is_proposed_around_days_that_were_entered_by_hand(admin: User) -> None:
    Holiday.objects.create(
        day="2026-07-30", name_ar="عيد العرش", name_fr="Fête du Trône", name_en="Throne Day"
    )
    apply_edit(DayEdit("propose", year=2026), actor=admin)
    assert Holiday.objects.filter(day="2026-07-30").count() == 1
    assert Holiday.objects.filter(day__year=2026).count() > 10


def test_the_calendar_is_for_administrators(amina: User, direction: User) -> None:
    for who in (amina, direction):
        with pytest.raises(NotAllowedError):
            apply_edit(DayEdit("add", day=date(2026, 6, 9), names=NAMES), actor=who)
    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    "edit",
    [
        DayEdit("add", day=None, names=NAMES),
        DayEdit("add", day=date(1800, 1, 1), names=NAMES),
        DayEdit("add", day=date(2026, 6, 9), names={"fr": "Sans arabe"}),
        DayEdit("propose", year=9999),
        DayEdit("burn"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(edit: Any, admin: User) -> None:
    with pytest.raises(NotAllowedError):
        foresee_edit(edit)
    with pytest.raises(NotAllowedError):
        apply_edit(edit, actor=admin)


def test_recomputing_many_letters_costs_the_same_queries(
    rules: None, amina: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        deposit(kind=kind("enquiry"), actor=amina)
    clocks_due.recompute_due_dates(actor=None)
    with django_assert_max_num_queries(10):
        assert clocks_due.recompute_due_dates(actor=None) == 0
