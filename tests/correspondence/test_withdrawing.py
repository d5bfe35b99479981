"""A submitted reply is taken back by its department: whatever became of those who are asked."""

from collections.abc import Callable

import pytest

from correspondence.acting import rights
from correspondence.acting.waiting_steps import waiting_for
from correspondence.answers.addressees import AddresseeData
from correspondence.dispatch import sending
from correspondence.drafts import fresh as drafts_fresh
from correspondence.drafts.reading import drafts_read_by
from correspondence.models.steps import ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies.editing import StepData
from org.models import User
from registry.changes import history_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh, submitted, visaed
from tests.factories import department, person

pytestmark = pytest.mark.django_db


def test_it_is_a_draft_again_and_nobody_is_asked(
    accepted: Assignment, badr: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik), StepData(2, "visa", "director")])
    reply = submitted(accepted)

    replies_circuit.withdraw_reply(reply, actor=badr)

    assert fresh(reply).state == "draft"
    assert [step.state for step in ReplyStep.objects.all()] == ["dropped", "dropped"]
    assert not waiting_for(chafik)
    assert not rights.actions_for(chafik, accepted.letter)
    assert history_of(accepted.letter_id)[-1].kind == "reply_withdrawn"
    replies_circuit.submit_reply(fresh(reply), actor=badr)
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    register_is_clean()


def test_who_left_the_office_holds_no_letter_up(
    accepted: Assignment, badr: User, chafik: User, direction: User
) -> None:
    made = circuit([StepData(1, "visa", "person", person=chafik)])
    reply = submitted(accepted)
    User.objects.filter(pk=chafik.pk).update(is_active=False)
    with pytest.raises(NotAllowedError):
        assignments.sign_off(accepted, actor=badr, method="noted")

    replies_circuit.withdraw_reply(reply, actor=badr)
    with pytest.raises(NotAllowedError):  # nobody to ask
        replies_circuit.submit_reply(fresh(reply), actor=badr, circuit=made)
    assignments.sign_off(accepted, actor=badr, method="noted")


def test_before_the_signature_a_visaed_reply_is_taken_back(
    accepted: Assignment, badr: User, direction: User
) -> None:
    circuit()
    reply = visaed(accepted)
    replies_circuit.withdraw_reply(reply, actor=badr)
    assert (fresh(reply).state, fresh(reply).approved_by) == ("draft", None)
    with pytest.raises(ConflictError):
        replies_circuit.sign_reply(fresh(reply), actor=direction)


def test_what_is_approved_or_a_draft_is_not_taken_back(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    reply = submitted(accepted)
    replies_circuit.approve_reply(reply, actor=dounia)
    with pytest.raises(NotAllowedError):
        replies_circuit.withdraw_reply(fresh(reply), actor=badr)
    sending.send_reply(fresh(reply), actor=badr, method="handed_over", address="M. X")
    with pytest.raises(ConflictError):
        replies_circuit.withdraw_reply(fresh(reply), actor=badr)


def test_a_page_from_before_approves_nothing_that_was_taken_back(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    stale = fresh(submitted(accepted))
    step = ReplyStep.objects.get()
    replies_circuit.withdraw_reply(fresh(stale), actor=badr)
    for verb in (replies_circuit.approve_reply, replies_circuit.sign_reply):
        with pytest.raises((NotAllowedError, ConflictError)):
            verb(fresh(stale), actor=dounia, step_id=step.pk)
    with pytest.raises(ConflictError):
        replies_circuit.approve_reply(stale, actor=dounia, step_id=step.pk)


@pytest.mark.parametrize("who", ["amina", "chafik", "direction"])
def test_others_do_not_take_it_back(accepted: Assignment, who: str, amina: User) -> None:
    reply = submitted(accepted)
    with pytest.raises(NotAllowedError):
        replies_circuit.withdraw_reply(reply, actor=person(who))
    assert fresh(reply).state == "submitted"


@pytest.mark.parametrize("who", ["amina", "badr", "direction"])
def test_a_letter_is_not_passed_on_under_a_reply_on_its_way(
    accepted: Assignment, who: str, badr: User
) -> None:
    reply = submitted(accepted)
    with pytest.raises(NotAllowedError):
        assignments.transfer(accepted, actor=person(who), department=department("SI"), reason="SI")
    replies_circuit.withdraw_reply(reply, actor=badr)
    assignments.transfer(accepted, actor=person(who), department=department("SI"), reason="SI")


def test_who_was_asked_in_vain_reads_a_draft_that_answers_nothing_no_more(
    badr: User, chafik: User
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik)])
    draft = drafts_fresh.draft_letter(
        actor=badr,
        department=department("EAU"),
        subject="Avis de coupure",
        body="Demain.",
        addressees=[AddresseeData(name="Société Al Amal")],
    )
    replies_circuit.submit_reply(draft, actor=badr)
    assert list(drafts_read_by(chafik)) == [draft]
    replies_circuit.withdraw_reply(fresh(draft), actor=badr)
    assert not drafts_read_by(chafik).exists()
    assert list(drafts_read_by(badr)) == [draft]
