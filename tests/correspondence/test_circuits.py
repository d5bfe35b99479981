"""A reply walks through the steps of its circuit: in turn, in parallel, for the absent, once."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from correspondence.acting import rights
from correspondence.acting.waiting_steps import waiting_for
from correspondence.dispatch import sending
from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit, ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.choosing import circuits_for
from correspondence.replies.editing import StepData, checked_steps, save_circuit
from org.absences import announce
from org.models import Membership, User
from registry.access import get_letter, letter_tokens, reader_tokens
from registry.changes import history_of
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh, submitted, visaed
from tests.factories import department, kind, person

pytestmark = pytest.mark.django_db


def opened_by_token(viewer: User, letter: Letter) -> bool:
    return bool(reader_tokens(viewer) & letter_tokens(letter))


def states(reply: Reply, number: int = 1) -> list[str]:
    return [step.state for step in ReplyStep.objects.filter(reply=reply, round=number)]


def test_without_a_circuit_one_visa_of_head_or_director_stands(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    reply = submitted(accepted)
    step = ReplyStep.objects.get()
    assert (step.act, step.who, step.department, step.state) == (
        *("visa", "head_or_director"),
        *(accepted.department, "due"),
    )
    replies_circuit.approve_reply(reply, actor=dounia)
    assert fresh(reply).state == "approved"
    assert ReplyStep.objects.get().done_by == dounia
    assert "send_reply" in rights.actions_for(badr, reply.home)


def test_steps_are_taken_in_turn(accepted: Assignment, dounia: User, direction: User) -> None:
    circuit([StepData(1, "visa", "head"), StepData(2, "visa", "director")])
    reply = submitted(accepted)
    assert states(reply) == ["due", "later"]
    with pytest.raises(NotAllowedError):
        replies_circuit.approve_reply(reply, actor=direction)
    replies_circuit.approve_reply(reply, actor=dounia)
    assert states(reply) == ["done", "due"]
    assert fresh(reply).state == "submitted"
    replies_circuit.approve_reply(fresh(reply), actor=direction)
    done = fresh(reply)
    assert (done.state, done.approved_by) == ("approved", direction)
    kinds = [event.kind for event in history_of(reply.home.pk)][-3:]
    assert kinds == ["reply_submitted", "reply_visa", "reply_approved"]


def test_of_three_ranks_the_next_is_due_and_not_the_last(
    accepted: Assignment, dounia: User, chafik: User
) -> None:
    people = StepData(2, "visa", "person", person=chafik)
    circuit([StepData(1, "visa", "head"), people, StepData(3, "visa", "director")])
    reply = submitted(accepted)
    assert states(reply) == ["due", "later", "later"]
    replies_circuit.approve_reply(reply, actor=dounia)
    assert states(reply) == ["done", "due", "later"]


def test_steps_of_one_rank_are_taken_in_any_order(
    accepted: Assignment, dounia: User, chafik: User, direction: User
) -> None:
    circuit(
        [
            StepData(1, "visa", "head"),
            StepData(1, "visa", "person", person=chafik),
            StepData(2, "visa", "director"),
        ]
    )
    reply = submitted(accepted)
    assert states(reply) == ["due", "due", "later"]
    replies_circuit.approve_reply(reply, actor=chafik)
    assert states(reply) == ["due", "done", "later"]
    replies_circuit.approve_reply(fresh(reply), actor=dounia)
    assert states(reply) == ["done", "done", "due"]


def test_who_is_asked_reads_the_letter_from_the_submission_on(
    accepted: Assignment, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    circuit([StepData(1, "visa", "person", person=chafik)])
    assert not rights.actions_for(chafik, accepted.letter)
    reply = submitted(accepted)
    assert get_letter(chafik, accepted.letter_id)
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    register_is_clean()


def test_a_letter_too_confidential_for_a_step_is_not_submitted_to_it(
    amina: User, badr: User, direction: User, chafik: User
) -> None:
    from org.models import Membership
    from tests.factories import deposit

    circuit([StepData(1, "visa", "person", person=chafik)])
    Membership.objects.filter(user=badr).update(role="head")
    letter = deposit(actor=amina, confidentiality=1).letter
    row = giving.assign(letter, department=department("EAU"), actor=direction)
    given = assignments.accept(row, actor=badr)
    reply = drafting.draft_reply(given.letter, actor=badr, subject="a", body="b")
    with pytest.raises(NotAllowedError):
        replies_circuit.submit_reply(reply, actor=badr)
    assert fresh(reply).state == "draft"
    assert not ReplyStep.objects.exists()


def test_a_returned_reply_begins_anew_and_the_old_steps_stay(
    accepted: Assignment, badr: User, dounia: User, direction: User
) -> None:
    circuit([StepData(1, "visa", "head"), StepData(2, "visa", "director")])
    reply = submitted(accepted)
    replies_circuit.approve_reply(reply, actor=dounia)
    replies_circuit.return_reply(fresh(reply), actor=direction, remark="Plus court")
    back = fresh(reply)
    assert (back.state, back.remark, back.approved_by) == ("draft", "Plus court", None)
    assert states(reply) == ["done", "returned"]
    replies_circuit.submit_reply(back, actor=badr)
    assert (states(reply), states(reply, 2)) == (["done", "returned"], ["due", "later"])
    assert ReplyStep.objects.get(round=1, state="returned").remark == "Plus court"
    replies_circuit.return_reply(fresh(reply), actor=dounia, remark="Encore")
    assert states(reply, 2) == ["returned", "dropped"]


def test_a_stand_in_gives_the_visa_for_the_absent(
    accepted: Assignment,
    dounia: User,
    direction: User,
    chafik: User,
    register_is_clean: Callable[[], None],
) -> None:
    circuit([StepData(1, "visa", "director")])
    reply = submitted(accepted)
    with pytest.raises(NotAllowedError):
        replies_circuit.approve_reply(reply, actor=chafik)
    today = timezone.localdate()
    announce(direction, delegate=chafik, starts_on=today, ends_on=today, actor=direction)
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    replies_circuit.approve_reply(reply, actor=chafik)
    step = ReplyStep.objects.get()
    assert (step.done_by, step.for_person) == (chafik, direction)
    assert history_of(reply.home.pk)[-1].data["for"] == direction.pk
    register_is_clean()


def test_who_is_no_director_any_more_reads_no_longer_what_directors_are_asked(
    accepted: Assignment, direction: User, chafik: User, register_is_clean: Callable[[], None]
) -> None:
    circuit([StepData(1, "visa", "director")])
    reply = submitted(accepted)
    today = timezone.localdate()
    announce(direction, delegate=chafik, starts_on=today, ends_on=today, actor=direction)
    assert Letter.objects.visible_to(chafik).filter(pk=reply.home.pk).exists()
    assert opened_by_token(chafik, reply.home)
    User.objects.filter(pk=direction.pk).update(duty=User.Duty.MEMBER)
    Membership.objects.update_or_create(user=direction, department=department("SI"))
    for gone in (User.objects.get(pk=direction.pk), chafik):
        assert not Letter.objects.visible_to(gone).filter(pk=reply.home.pk).exists()
        assert not opened_by_token(gone, reply.home)
    chafik.duty = User.Duty.DIRECTOR
    chafik.save()
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    register_is_clean()


def test_nobody_does_a_step_twice_although_the_next_is_theirs_too(
    accepted: Assignment, dounia: User
) -> None:
    circuit([StepData(1, "visa", "head"), StepData(2, "visa", "person", person=dounia)])
    reply = submitted(accepted)
    first = ReplyStep.objects.get(position=1)
    replies_circuit.approve_reply(reply, actor=dounia, step_id=first.pk)
    with pytest.raises(ConflictError):  # a second click on the same button
        replies_circuit.approve_reply(fresh(reply), actor=dounia, step_id=first.pk)
    assert states(reply) == ["done", "due"]
    replies_circuit.approve_reply(fresh(reply), actor=dounia)
    assert fresh(reply).state == "approved"


def test_a_step_of_another_reply_is_none_of_this(accepted: Assignment, dounia: User) -> None:
    one, other = submitted(accepted), submitted(accepted)
    step = ReplyStep.objects.get(reply=other)
    with pytest.raises(NotAllowedError):
        replies_circuit.approve_reply(one, actor=dounia, step_id=step.pk)


def test_a_reply_of_before_there_were_circuits_is_approved_as_ever(
    accepted: Assignment, dounia: User, register_is_clean: Callable[[], None]
) -> None:
    from django.db import transaction

    from correspondence.models.states import ReplyState
    from registry.changes import record_change

    reply = drafting.draft_reply(accepted.letter, actor=person("badr"), subject="a", body="b")
    with transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(state=ReplyState.SUBMITTED)
        reply = fresh(reply)
        record_change(reply.home, OutgoingEvent.REPLY_SUBMITTED, actor=None, rows=[reply])
    assert "approve_reply" in rights.actions_for(dounia, reply.home)
    replies_circuit.approve_reply(reply, actor=dounia)
    assert ReplyStep.objects.get().state == "done"
    register_is_clean()


def test_the_closest_circuit_is_the_default_and_another_may_be_chosen(
    accepted: Assignment, badr: User
) -> None:
    eau = department("EAU")
    everywhere = circuit([StepData(1, "visa", "director")])
    ours = circuit([StepData(1, "visa", "head")], department=eau)
    of_kind = circuit([StepData(1, "visa", "head")], department=eau, kind=kind("enquiry"))
    theirs = circuit([StepData(1, "visa", "head")], department=department("SI"))
    circuit([StepData(1, "visa", "head")], department=eau, active=False)
    assert circuits_for(eau, accepted.letter) == [ours, everywhere]
    accepted.letter.kind = kind("enquiry")
    assert circuits_for(eau, accepted.letter) == [of_kind, ours, everywhere]
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="a", body="b")
    with pytest.raises(NotAllowedError):
        replies_circuit.submit_reply(reply, actor=badr, circuit=theirs)
    replies_circuit.submit_reply(fresh(reply), actor=badr, circuit=everywhere)
    assert ReplyStep.objects.get().circuit == everywhere


def test_a_changed_circuit_leaves_replies_under_way_as_they_are(
    accepted: Assignment, dounia: User
) -> None:
    from correspondence.replies.editing import CircuitData

    row = circuit([StepData(1, "visa", "head")])
    reply = submitted(accepted)
    steps = [StepData(1, "visa", "director")]
    data = CircuitData(name_ar="أ", name_fr="A", name_en="A", steps=steps)
    save_circuit(data, actor=person("admin"), circuit=row, seen=row.version)
    with pytest.raises(ConflictError):
        save_circuit(data, actor=person("admin"), circuit=row, seen=1)
    replies_circuit.approve_reply(reply, actor=dounia)
    assert fresh(reply).state == "approved"


def test_only_administrators_write_circuits(dounia: User) -> None:
    from correspondence.replies.editing import CircuitData

    data = CircuitData(name_ar="أ", name_fr="A", name_en="A", steps=[StepData(1, "visa", "head")])
    with pytest.raises(NotAllowedError):
        save_circuit(data, actor=dounia)
    assert not Circuit.objects.exists()


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [StepData(1, "visa", "person")],
        [StepData(1, "visa", "head_of")],
        [StepData(1, "nod", "head")],
        [StepData(1, "signature", "director"), StepData(2, "visa", "head")],
        [StepData(1, "signature", "director"), StepData(1, "visa", "head")],
        [StepData(1, "signature", "director"), StepData(2, "signature", "head")],
        [StepData(n, "visa", "head") for n in range(13)],
    ],
)
def test_a_circuit_that_cannot_be_is_refused(steps: list[StepData]) -> None:
    with pytest.raises(NotAllowedError):
        checked_steps(steps)


def test_ranks_lose_their_gaps_and_steps_come_in_order() -> None:
    steps = [StepData(9, "visa", "director"), StepData(3, "visa", "head")]
    assert [(s.rank, s.who) for s in checked_steps(steps)] == [(1, "head"), (2, "director")]


def test_a_file_that_cannot_be_signed_is_told_before_its_circuit_begins(
    accepted: Assignment, badr: User
) -> None:
    from tests.factories import text_file

    circuit()
    plain = text_file("Réponse")
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="a", body="b", file=plain)
    with pytest.raises(NotAllowedError, match="PDF"):
        replies_circuit.submit_reply(reply, actor=badr)
    assert fresh(reply).state == "draft"


def test_while_a_signature_is_to_come_a_reply_is_not_sent_but_may_be_returned(
    accepted: Assignment, badr: User, direction: User
) -> None:
    circuit()
    reply = visaed(accepted)
    assert reply.state == "approved"
    assert "send_reply" not in rights.actions_for(badr, reply.home)
    with pytest.raises(NotAllowedError):
        sending.send_reply(reply, actor=badr, method="portal")
    assert {"sign_reply", "return_reply"} <= rights.actions_for(direction, reply.home)
    replies_circuit.return_reply(reply, actor=direction, remark="Non")
    assert fresh(reply).state == "draft"
