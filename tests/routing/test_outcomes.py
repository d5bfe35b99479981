"""In whose favour a matter was decided: who must say it, who may correct it, what stays of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from correspondence.acting import rights
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.closing import outcomes, reopening
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from tests.factories import department, kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(accepted: Assignment) -> Assignment:
    """The letter is a complaint, in the hands of EAU."""
    Letter.objects.filter(pk=accepted.letter_id).update(kind=kind("complaint_technical"))
    accepted.refresh_from_db()
    return accepted


def standing(letter: Letter) -> list[str]:
    return list(
        Outcome.objects.filter(letter=letter, standing=True).values_list("value", flat=True)
    )


@pytest.mark.parametrize("method", ["letter", "email", "phone"])
def test_a_complaint_is_not_closed_with_an_answer_without_its_outcome(
    complaint: Assignment, badr: User, method: str
) -> None:
    with pytest.raises(NotAllowedError):
        assignments.sign_off(complaint, actor=badr, method=method)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.letter.stage) == ("accepted", "in_hand")
    assignments.sign_off(complaint, actor=badr, method=method, outcome="partly")
    assert standing(complaint.letter) == ["partly"]


@pytest.mark.parametrize("method", ["noted", "no_follow_up"])
def test_a_complaint_without_an_answer_may_be_closed_without_one(
    complaint: Assignment, badr: User, method: str
) -> None:
    assignments.sign_off(complaint, actor=badr, method=method)
    assert standing(complaint.letter) == []


def test_whose_reply_was_sent_is_closed_with_an_answer_whatever_the_method(
    complaint: Assignment, badr: User
) -> None:
    Letter.objects.filter(pk=complaint.letter_id).update(stage="answered")
    with pytest.raises(NotAllowedError):
        assignments.sign_off(complaint, actor=badr, method="noted")


def test_other_kinds_may_have_one_and_need_none(
    accepted: Assignment, badr: User, register_is_clean: Callable[[], None]
) -> None:
    assignments.sign_off(accepted, actor=badr, method="phone", outcome="favourable")
    row = Outcome.objects.get()
    assert (row.letter, row.department, row.recorded_by) == (
        accepted.letter,
        department("EAU"),
        badr,
    )
    event = accepted.letter.events.get(kind="signed_off")
    assert (event.data["outcome"], event.data["method"]) == ("favourable", "phone")
    register_is_clean()


def test_the_last_department_says_it_and_may_change_what_the_first_said(
    complaint: Assignment, amina: User, badr: User, chafik: User
) -> None:
    second = giving.assign(complaint.letter, department=department("SI"), actor=amina)
    assignments.sign_off(complaint, actor=badr, method="letter")  # the matter is open elsewhere
    assignments.accept(second, actor=chafik)
    with pytest.raises(NotAllowedError):
        assignments.sign_off(second, actor=chafik, method="letter")
    second.refresh_from_db()
    assignments.sign_off(second, actor=chafik, method="letter", outcome="unfavourable")
    assert standing(complaint.letter) == ["unfavourable"]


def test_what_the_first_department_said_stands_unless_the_last_says_otherwise(
    complaint: Assignment, amina: User, badr: User, chafik: User
) -> None:
    second = giving.assign(complaint.letter, department=department("SI"), actor=amina)
    assignments.sign_off(complaint, actor=badr, method="letter", outcome="favourable")
    assignments.accept(second, actor=chafik)
    assignments.sign_off(second, actor=chafik, method="letter")
    assert standing(complaint.letter) == ["favourable"]
    assert Outcome.objects.count() == 1


@pytest.mark.parametrize("value", ["x", "unrecorded", "favourable\0"])
def test_an_unknown_outcome_is_refused(complaint: Assignment, badr: User, value: str) -> None:
    with pytest.raises(NotAllowedError):
        assignments.sign_off(complaint, actor=badr, method="phone", outcome=value)
    assert not Outcome.objects.exists()


def test_a_copy_has_no_outcome(letter: Letter, amina: User, chafik: User) -> None:
    copy = giving.assign(letter, department=department("SI"), actor=amina, role="copy")
    with pytest.raises(NotAllowedError):
        assignments.sign_off(copy, actor=chafik, method="noted", outcome="favourable")


def test_it_is_corrected_with_a_reason_and_the_first_one_stays_in_the_history(
    complaint: Assignment, badr: User, register_is_clean: Callable[[], None]
) -> None:
    assignments.sign_off(complaint, actor=badr, method="letter", outcome="unfavourable")
    letter = Letter.objects.get(pk=complaint.letter_id)
    with pytest.raises(NotAllowedError):
        outcomes.record_outcome(letter, actor=badr, value="favourable", reason=" \u200f ")
    with pytest.raises(NotAllowedError):
        outcomes.record_outcome(letter, actor=badr, value="unfavourable", reason="Encore")
    outcomes.record_outcome(letter, actor=badr, value="favourable", reason="Facture rectifiée")
    assert standing(letter) == ["favourable"]
    assert list(Outcome.objects.values_list("value", "standing", "reason")) == [
        ("unfavourable", False, ""),
        ("favourable", True, "Facture rectifiée"),
    ]
    event = letter.events.get(kind="outcome_corrected")
    told = {"outcome": "favourable", "outcome_from": "unfavourable", "reason": "Facture rectifiée"}
    assert event.data == told
    assert letter.stage == "closed"
    register_is_clean()


def test_a_complaint_closed_without_one_gets_it_later_without_a_reason(
    complaint: Assignment, badr: User, amina: User, chafik: User, audit: User
) -> None:
    assignments.sign_off(complaint, actor=badr, method="noted")
    letter = Letter.objects.get(pk=complaint.letter_id)
    for stranger in (chafik, audit):
        with pytest.raises(NotAllowedError):
            outcomes.record_outcome(letter, actor=stranger, value="outside")
    assert "record_outcome" in rights.actions_for(badr, letter)
    outcomes.record_outcome(letter, actor=amina, value="outside")
    assert standing(letter) == ["outside"]
    assert letter.events.filter(kind="outcome_recorded", visibility="citizen").exists()


def test_an_open_letter_has_none_to_record(complaint: Assignment, badr: User) -> None:
    assert "record_outcome" not in rights.actions_for(badr, complaint.letter)
    with pytest.raises(NotAllowedError):
        outcomes.record_outcome(complaint.letter, actor=badr, value="partly")


def test_taken_up_again_it_waits_for_a_new_one(
    complaint: Assignment, amina: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    assignments.sign_off(complaint, actor=badr, method="phone", outcome="unfavourable")
    letter = Letter.objects.select_related("register").get(pk=complaint.letter_id)
    reopening.reopen_by_citizen(letter, reason="La fuite est revenue")
    assert standing(letter) == []
    again = Assignment.objects.select_related("letter", "department").get(state="open")
    assignments.accept(again, actor=badr)
    with pytest.raises(NotAllowedError):
        assignments.sign_off(again, actor=badr, method="phone")
    again.refresh_from_db()
    assignments.sign_off(again, actor=badr, method="phone", outcome="favourable")
    assert standing(letter) == ["favourable"]
    register_is_clean()


def test_the_database_keeps_one_that_stands(complaint: Assignment, badr: User) -> None:
    assignments.sign_off(complaint, actor=badr, method="phone", outcome="partly")
    first: Any = Outcome.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(
            letter=first.letter, value="outside", recorded_by=badr, recorded_at=first.recorded_at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.filter(pk=first.pk).update(value="x")
