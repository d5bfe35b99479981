"""FOUR_EYES: nobody gives the visa or the signature on what they submitted."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from correspondence.acting import rights
from correspondence.acting.waiting_steps import count_waiting, waiting_for
from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.editing import StepData
from org.absences import announce
from org.models import User
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh

pytestmark = pytest.mark.django_db


def submitted_by(assignment: Assignment, who: User) -> Reply:
    reply = drafting.draft_reply(assignment.letter, actor=who, subject="Re", body="Bonjour")
    return replies_circuit.submit_reply(reply, actor=who)


def test_without_the_setting_a_head_may_approve_their_own(
    accepted: Assignment, dounia: User
) -> None:
    reply = submitted_by(accepted, dounia)
    replies_circuit.approve_reply(reply, actor=dounia)
    assert fresh(reply).state == "approved"


def test_a_visa_is_another_persons(
    accepted: Assignment, dounia: User, direction: User, settings: Any
) -> None:
    settings.FOUR_EYES = True
    reply = submitted_by(accepted, dounia)
    assert "approve_reply" not in rights.actions_for(dounia, accepted.letter)
    assert "return_reply" in rights.actions_for(dounia, accepted.letter)
    assert not waiting_for(dounia).exists()
    assert count_waiting(dounia, None, most=9) == 0
    with pytest.raises(NotAllowedError, match="soumis"):
        replies_circuit.approve_reply(reply, actor=dounia)
    assert fresh(reply).state == "submitted"
    replies_circuit.approve_reply(fresh(reply), actor=direction)
    assert fresh(reply).state == "approved"


def test_so_is_a_signature(
    accepted: Assignment, badr: User, dounia: User, direction: User, settings: Any
) -> None:
    settings.FOUR_EYES = True
    circuit([StepData(1, "visa", "director"), StepData(2, "signature", "head")])
    reply = submitted_by(accepted, dounia)
    replies_circuit.approve_reply(reply, actor=direction)
    with pytest.raises(NotAllowedError, match="soumis"):
        replies_circuit.sign_reply(fresh(reply), actor=dounia)
    assert fresh(reply).outgoing is None


def test_who_submits_again_is_who_counts(
    accepted: Assignment, badr: User, dounia: User, settings: Any
) -> None:
    settings.FOUR_EYES = True
    reply = submitted_by(accepted, dounia)
    replies_circuit.return_reply(reply, actor=dounia, remark="Plus court")
    reply = replies_circuit.submit_reply(fresh(reply), actor=badr)
    assert waiting_for(dounia).exists()
    replies_circuit.approve_reply(reply, actor=dounia)
    assert fresh(reply).state == "approved"


def test_standing_in_for_somebody_does_not_help(
    accepted: Assignment, badr: User, dounia: User, settings: Any
) -> None:
    settings.FOUR_EYES = True
    today = timezone.localdate()
    announce(dounia, delegate=badr, starts_on=today, ends_on=today, actor=dounia)
    reply = submitted_by(accepted, badr)
    with pytest.raises(NotAllowedError, match="soumis"):
        replies_circuit.approve_reply(reply, actor=badr)
    assert fresh(reply).state == "submitted"


def test_the_page_offers_and_does_nothing_else(
    accepted: Assignment, dounia: User, client_as: Any, settings: Any
) -> None:
    settings.FOUR_EYES = True
    reply = submitted_by(accepted, dounia)
    browser: Client = client_as("dounia")
    where = f"/letters/{accepted.letter.pk}/replies/{reply.pk}/approve/"
    assert where not in browser.get(f"/letters/{accepted.letter.pk}/").content.decode()
    answer = browser.post(where, follow=True)
    assert "une autre personne" in answer.content.decode()
    assert fresh(reply).state == "submitted"
