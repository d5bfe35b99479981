"""A change of a reply, an assignment or a dispatch asks for its right once, in its transaction."""

import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from correspondence.acting.changing import changing_reply
from correspondence.acting.rights import need_on_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.dispatch import returns, sending
from correspondence.dispatch.rights import need_on_dispatch
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from org.models import User
from registry.changes import history_of
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.access import need, need_on
from routing.acting.errors import NotAllowedError
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh, submitted, visaed

pytestmark = pytest.mark.django_db
ASKING = {f.__code__ for f in (need, need_on, need_on_reply, need_on_dispatch)}


def asked(act: Callable[[], Any]) -> list[bool]:
    """For each time a right is asked: whether in a transaction that the act has opened."""
    before = len(connection.savepoint_ids)
    found: list[bool] = []

    def follow(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in ASKING:
            found.append(len(connection.savepoint_ids) > before)

    outer = sys.getprofile()
    sys.setprofile(follow)
    try:
        act()
    finally:
        sys.setprofile(outer)
    return found


def test_a_right_is_asked_once_inside_the_transaction(
    accepted: Assignment, badr: User, dounia: User, amina: User
) -> None:
    letter = accepted.letter
    words: dict[str, Any] = {"subject": "Votre fuite", "body": "Elle est réparée."}
    drafts: list[Reply] = []

    def draft() -> None:
        drafts.append(drafting.draft_reply(letter, actor=badr, **words))

    assert asked(draft) == [True]
    reply = drafts[0]
    assert asked(lambda: drafting.edit_reply(reply, actor=badr, **words)) == [True]
    assert asked(lambda: replies_circuit.submit_reply(reply, actor=badr)) == [True]
    assert asked(lambda: replies_circuit.approve_reply(reply, actor=dounia)) == [True]
    there = {"method": "registered", "address": "1 rue des Orangers"}
    assert asked(lambda: sending.send_reply(reply, actor=badr, **there)) == [True]
    row = Dispatch.objects.get(reply=reply)
    assert asked(lambda: returns.take_back(row, actor=amina)) == [True]


def test_so_is_that_of_a_signature_and_of_a_department(
    accepted: Assignment, assigned: Assignment, badr: User, direction: User
) -> None:
    circuit()
    reply = visaed(accepted)
    assert asked(lambda: replies_circuit.sign_reply(reply, actor=direction)) == [True]
    other = Assignment.objects.get(pk=accepted.pk)

    def refused() -> None:
        with pytest.raises(NotAllowedError):
            assignments.sign_off(other, actor=badr, method="phone")

    assert asked(refused) == [True]  # and only then whether a reply is under way


def test_who_may_not_leaves_no_trace(accepted: Assignment, badr: User, chafik: User) -> None:
    reply = submitted(accepted)
    before = [event.kind for event in history_of(accepted.letter_id)]
    with (
        pytest.raises(NotAllowedError),
        changing_reply(reply, actor=chafik, verb=ReplyVerb.WITHDRAW),
    ):
        pytest.fail("there is no right to it")
    with pytest.raises(ZeroDivisionError):
        _break_off(reply, badr)
    assert fresh(reply).state == "submitted"
    assert [event.kind for event in history_of(accepted.letter_id)] == before


def _break_off(reply: Reply, actor: User) -> None:
    with changing_reply(reply, actor=actor, verb=ReplyVerb.WITHDRAW) as change:
        change.move("draft", approved_by=None)
        change.record(OutgoingEvent.REPLY_WITHDRAWN, data=change.behalf)
        _ = 1 / 0


def test_who_knew_the_reply_as_theirs_meets_a_conflict(
    approved: Reply, badr: User, amina: User, chafik: User
) -> None:
    page, strangers = fresh(approved), fresh(approved)
    sending.send_reply(approved, actor=badr, method="portal")
    with pytest.raises(ConflictError):
        sending.send_reply(page, actor=amina, method="portal")
    with pytest.raises(NotAllowedError):
        sending.send_reply(strangers, actor=chafik, method="portal")
    with pytest.raises(NotAllowedError):  # who looks now sees that it has left
        sending.send_reply(fresh(approved), actor=amina, method="portal")


def test_an_old_copy_gives_no_second_number(approved: Reply, badr: User, amina: User) -> None:
    page = fresh(approved)
    outgoing = sending.send_reply(approved, actor=badr, method="post", address="1 rue X")
    returns.take_back(Dispatch.objects.get(reply=approved), actor=amina)
    assert fresh(approved).state == "bounced"
    with pytest.raises(ConflictError):
        sending.send_reply(page, actor=badr, method="portal")
    assert fresh(approved).outgoing == outgoing
    assert Letter.objects.filter(register__code="OUT").count() == 1


def test_a_dispatch_is_read_anew_for_a_person(approved: Reply, badr: User, amina: User) -> None:
    sending.send_reply(approved, actor=badr, method="post", address="1 rue des Orangers")
    row = Dispatch.objects.select_related("letter", "reply__letter").get(reply=approved)
    returns.take_back(Dispatch.objects.get(pk=row.pk), actor=amina)
    with pytest.raises(ConflictError):
        returns.acknowledge(row, actor=amina, on=timezone.localdate() - timedelta(days=1))
    assert row.state == "failed"
