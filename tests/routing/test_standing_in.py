"""A stand-in does what the absent person might do, and the history says for whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from correspondence.replies import circuit, drafting
from org.absences import announce, end_early
from org.models import Absence, User
from registry.access import NoSuchLetterError, get_letter, reader_tokens
from registry.changes import history_of
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments, reading
from routing.models.assignments import Assignment
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db


def away(person: User, delegate: User) -> Absence:
    today = timezone.localdate()
    return announce(person, delegate=delegate, starts_on=today, ends_on=today, actor=person)


def last_data(letter: Letter) -> dict[str, Any]:
    data: dict[str, Any] = history_of(letter.pk)[-1].data
    return data


def test_a_stand_in_reads_accepts_and_settles_for_the_absent(
    assigned: Assignment, dounia: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, assigned.letter_id)
    away(dounia, chafik)
    assert get_letter(chafik, assigned.letter_id) == assigned.letter
    assert list(reading.inbox(chafik)) == [assigned]
    assert "dept:EAU:0" in reader_tokens(chafik)
    assignments.accept(assigned, actor=chafik)
    assert last_data(assigned.letter)["for"] == dounia.pk
    assignments.sign_off(assigned, actor=chafik, method="noted")
    assert last_data(assigned.letter)["for"] == dounia.pk
    register_is_clean()


def test_the_right_ends_the_second_the_absence_does(
    assigned: Assignment, dounia: User, chafik: User
) -> None:
    absence = away(dounia, chafik)
    end_early(absence, actor=dounia)
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, assigned.letter_id)
    with pytest.raises(NotAllowedError):
        assignments.accept(assigned, actor=chafik)


@pytest.mark.parametrize("days", [-1, 1])
def test_yesterdays_and_tomorrows_absences_give_no_right(
    days: int, assigned: Assignment, dounia: User, chafik: User
) -> None:
    absence = away(dounia, chafik)
    day = timezone.localdate() + timedelta(days=days)
    Absence.objects.filter(pk=absence.pk).update(starts_on=day, ends_on=day)
    with pytest.raises(NotAllowedError):
        assignments.accept(assigned, actor=chafik)
    assert not reading.inbox(chafik).exists()


def test_a_confidential_letter_stays_closed_to_a_stand_in_without_clearance(
    amina: User, direction: User, dounia: User, chafik: User
) -> None:
    letter = deposit(actor=amina, confidentiality=1).letter
    row = giving.assign(letter, department=department("EAU"), actor=direction)
    away(dounia, chafik)
    assert get_letter(dounia, letter.pk) == letter
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, letter.pk)
    with pytest.raises(NotAllowedError):
        assignments.accept(row, actor=chafik)


def test_a_member_approves_for_the_absent_head_and_accepts_for_themself(
    assigned: Assignment, badr: User, dounia: User
) -> None:
    letter = assignments.accept(assigned, actor=badr).letter
    reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="Réparée.")
    circuit.submit_reply(reply, actor=badr)
    with pytest.raises(NotAllowedError):
        circuit.approve_reply(reply, actor=badr)
    away(dounia, badr)
    circuit.approve_reply(reply, actor=badr)
    said = {event.kind: event.data.get("for") for event in history_of(letter.pk)}
    assert said["reply_approved"] == dounia.pk
    assert said["accepted"] is None


def test_who_drafts_for_the_absent_says_so(
    accepted: Assignment, dounia: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    away(dounia, chafik)
    letter = accepted.letter
    reply = drafting.draft_reply(letter, actor=chafik, subject="Réponse", body="Réparée.")
    assert last_data(letter)["for"] == dounia.pk
    drafting.edit_reply(reply, actor=chafik, subject="Réponse", body="Réparée hier.")
    assert last_data(letter)["for"] == dounia.pk
    register_is_clean()
