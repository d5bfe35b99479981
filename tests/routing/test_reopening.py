"""An answered letter is taken up again: by its sender once, by staff with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from correspondence.acting import rights
from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.closing import reopening
from routing.inbox import assignments, reading
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule
from routing.models.closing import Reopening
from tests.factories import department, drain, kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(approved: Reply, accepted: Assignment, badr: User) -> Letter:
    """Answered by EAU on the citizen's page, and signed off."""
    sending.send_reply(approved, actor=badr, method="portal")
    for _ in range(3):
        drain("reply.dispatch")
    accepted.refresh_from_db()
    assignments.sign_off(accepted, actor=badr, method="letter")
    letter: Letter = Letter.objects.select_related("register").get(pk=approved.letter_id)
    assert letter.stage == "closed"
    return letter


def test_it_goes_back_to_the_department_that_answered(
    closed: Letter, badr: User, register_is_clean: Callable[[], None]
) -> None:
    assert reopening.chance_of(closed).open
    row = reopening.reopen_by_citizen(closed, reason="La fuite est revenue")
    assert (row.by_citizen, row.department) == (True, department("EAU"))
    letter = Letter.objects.get(pk=closed.pk)
    assert (letter.stage, letter.department) == ("in_hand", department("EAU"))
    assert Assignment.objects.get(letter=letter, state="open").department == department("EAU")
    event = letter.events.get(kind="reopened")
    assert (event.visibility, event.data["reason"]) == ("citizen", "La fuite est revenue")
    assert "accept" in rights.actions_for(badr, letter)
    register_is_clean()


def test_a_second_time_is_refused_and_says_what_else_can_be_done(
    closed: Letter, badr: User, amina: User
) -> None:
    reopening.reopen_by_citizen(closed, reason="La fuite est revenue")
    again = Assignment.objects.select_related("letter", "department").get(state="open")
    assignments.accept(again, actor=badr)
    assignments.sign_off(again, actor=badr, method="phone")
    letter = Letter.objects.select_related("register").get(pk=closed.pk)
    assert reopening.chance_of(letter).used
    with pytest.raises(NotAllowedError, match=r"."):
        reopening.reopen_by_citizen(letter, reason="Encore")
    assert Reopening.objects.count() == 1
    reopening.reopen(letter, actor=amina, reason="Le directeur le demande")
    assert Letter.objects.get(pk=letter.pk).stage == "in_hand"


def test_after_the_term_or_without_a_reason_it_stays_closed(
    closed: Letter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAllowedError):
        reopening.reopen_by_citizen(closed, reason="  ")
    last = timezone.now() + timedelta(days=settings.REOPEN_DAYS)
    monkeypatch.setattr("django.utils.timezone.now", lambda: last)
    assert reopening.chance_of(closed).open
    now = last + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert not reopening.chance_of(closed).open
    with pytest.raises(NotAllowedError):
        reopening.reopen_by_citizen(closed, reason="Trop tard")
    monkeypatch.undo()
    settings.REOPEN_DAYS = 0
    assert reopening.chance_of(closed).until is None


def test_what_is_not_answered_is_not_reopened(accepted: Assignment, amina: User) -> None:
    letter = Letter.objects.select_related("register").get(pk=accepted.letter_id)
    with pytest.raises(NotAllowedError):
        reopening.reopen_by_citizen(letter, reason="Plus vite")
    with pytest.raises(NotAllowedError):
        reopening.reopen(letter, actor=amina, reason="Plus vite")


def test_its_clock_is_counted_from_the_reopening(closed: Letter, amina: User) -> None:
    DeadlineRule.objects.create(
        kind=kind("complaint_technical"), days=10, unit="calendar", silence="none", moves=False
    )
    Letter.objects.filter(pk=closed.pk).update(
        kind=kind("complaint_technical"), received_at=timezone.now() - timedelta(days=40)
    )
    letter = Letter.objects.select_related("register").get(pk=closed.pk)
    reopening.reopen_by_citizen(letter, reason="La fuite est revenue")
    letter = Letter.objects.get(pk=closed.pk)
    assert letter.due_on == timezone.localdate() + timedelta(days=10)
    assert letter.due_explained["begins"] == "reopened"
    for language in ("ar", "fr", "en"):
        assert letter.due_explained[language]
    assert "extend_clock" not in rights.actions_for(amina, letter)
    assert Assignment.objects.get(letter=letter, state="open").due_on == letter.due_on


def test_an_answer_under_way_only_counts_its_clock_anew(
    approved: Reply, accepted: Assignment, badr: User
) -> None:
    sending.send_reply(approved, actor=badr, method="portal")
    letter = Letter.objects.select_related("register").get(pk=approved.letter_id)
    assert letter.stage == "answered"
    reopening.reopen_by_citizen(letter, reason="La réponse est à côté")
    assert Letter.objects.get(pk=letter.pk).stage == "in_hand"
    assert Assignment.objects.get().state == "accepted"


def test_a_closed_department_sends_it_to_the_office(closed: Letter, amina: User) -> None:
    eau = department("EAU")
    eau.active = False
    eau.save()
    reopening.reopen_by_citizen(closed, reason="La fuite est revenue")
    assert reading.tray(amina).filter(pk=closed.pk).exists()


def test_staff_of_others_do_not_reopen(closed: Letter, chafik: User, badr: User) -> None:
    with pytest.raises(NotAllowedError):
        reopening.reopen(closed, actor=chafik, reason="Pour voir")
    reopening.reopen(closed, actor=badr, reason="Nous nous sommes trompés")
    assert Reopening.objects.get().reopened_by == badr
