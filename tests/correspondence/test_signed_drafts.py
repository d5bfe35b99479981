"""Letters that answer nothing walk a circuit too, and get their number at the signature."""

from collections.abc import Callable
from typing import Any

import pytest

from correspondence.acting.waiting_steps import waiting_for
from correspondence.answers.addressees import AddresseeData
from correspondence.dispatch import sending
from correspondence.drafts import fresh as drafts_fresh
from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies.editing import StepData
from org.models import User
from registry.models.letters import ReplyLink
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh
from tests.factories import department, drain

pytestmark = pytest.mark.django_db
COMMUNE = AddresseeData(
    name="M. le Président", organisation="Commune de Salé", email="bo@sale.example"
)


def own(badr: User, **more: Any) -> Reply:
    given = {"subject": "Coupure", "body": "L'eau sera coupée.", "addressees": [COMMUNE]} | more
    reply = drafts_fresh.draft_letter(actor=badr, department=department("EAU"), **given)
    return fresh(replies_circuit.submit_reply(reply, actor=badr))


def test_it_gets_its_number_and_its_history_at_the_signature(
    badr: User, dounia: User, direction: User, register_is_clean: Callable[[], None]
) -> None:
    circuit()
    reply = own(badr)
    assert [step.reply for step in waiting_for(dounia)] == [reply]
    reply = fresh(replies_circuit.approve_reply(reply, actor=dounia))
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    drain("reply.sign")
    reply = fresh(reply)
    assert (reply.state, reply.letter, reply.answers) == ("signed", outgoing, None)
    assert reply.signed_file is not None
    sending.send_reply(reply, actor=badr, method="email")
    drain()
    reply = fresh(reply)
    outgoing.refresh_from_db()
    assert (reply.state, outgoing.stage, outgoing.channel) == ("sent", "closed", "email")
    assert not ReplyLink.objects.filter(outgoing=outgoing).exists()
    register_is_clean()


def test_who_is_asked_in_another_department_may_read_it_and_nobody_else(
    badr: User, dounia: User, chafik: User
) -> None:
    chafik.memberships.update(role="head", department=department("COM"))
    plain = own(badr)
    with pytest.raises(NotAllowedError):
        replies_circuit.approve_reply(plain, actor=chafik)
    assert not waiting_for(chafik)
    circuit([StepData(1, "visa", "head_of", department=department("COM"))])
    reply = own(badr)
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    assert replies_circuit.approve_reply(reply, actor=chafik).state == "approved"


def test_an_internal_letter_lies_in_the_inbox_as_soon_as_its_paper_is_signed(
    badr: User, dounia: User, direction: User, register_is_clean: Callable[[], None]
) -> None:
    circuit()
    reply = own(badr, direction="internal", addressees=[AddresseeData(department=department("SI"))])
    reply = fresh(replies_circuit.approve_reply(reply, actor=dounia))
    letter = replies_circuit.sign_reply(reply, actor=direction)
    assert not Assignment.objects.filter(letter=letter).exists()
    drain("reply.sign")
    assert Assignment.objects.get(letter=letter).department.code == "SI"
    assert fresh(reply).state == "delivered"
    register_is_clean()
