"""Letters that answer nothing walk a circuit too, and get their number at the signature."""

from collections.abc import Callable
from typing import Any

import pytest

from org.models import User
from registry.models import ReplyLink
from routing import services
from routing.circuits.editing import StepData
from routing.circuits.turns import waiting_for
from routing.drafts.addressees import To
from routing.errors import NotAllowedError
from routing.models import Assignment, Reply
from tests.factories import department, drain
from tests.routing.circuits import circuit, fresh

pytestmark = pytest.mark.django_db
COMMUNE = To(name="M. le Président", organisation="Commune de Salé", email="bo@sale.example")


def own(badr: User, **more: Any) -> Reply:
    given = {"subject": "Coupure", "body": "L'eau sera coupée.", "addressees": [COMMUNE]} | more
    reply = services.draft_letter(actor=badr, department=department("EAU"), **given)
    return fresh(services.submit_reply(reply, actor=badr))


def test_it_gets_its_number_and_its_history_at_the_signature(
    badr: User, dounia: User, direction: User, register_is_clean: Callable[[], None]
) -> None:
    circuit()
    reply = own(badr)
    assert [step.reply for step in waiting_for(dounia)] == [reply]
    reply = fresh(services.approve_reply(reply, actor=dounia))
    outgoing = services.sign_reply(reply, actor=direction)
    drain("reply.sign")
    reply = fresh(reply)
    assert (reply.state, reply.letter, reply.answers) == ("signed", outgoing, None)
    assert reply.signed_file is not None
    services.send_reply(reply, actor=badr, method="email")
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
        services.approve_reply(plain, actor=chafik)
    assert not waiting_for(chafik)
    circuit([StepData(1, "visa", "head_of", department=department("COM"))])
    reply = own(badr)
    assert [step.reply for step in waiting_for(chafik)] == [reply]
    assert services.approve_reply(reply, actor=chafik).state == "approved"


def test_an_internal_letter_is_signed_and_lies_in_the_inbox_when_it_is_sent(
    badr: User, dounia: User, direction: User, register_is_clean: Callable[[], None]
) -> None:
    circuit()
    reply = own(badr, direction="internal", addressees=[To(department=department("SI"))])
    reply = fresh(services.approve_reply(reply, actor=dounia))
    letter = services.sign_reply(reply, actor=direction)
    drain("reply.sign")
    assert not Assignment.objects.filter(letter=letter).exists()
    services.send_reply(fresh(reply), actor=badr, method="")
    drain()
    assert Assignment.objects.get(letter=letter).department.code == "SI"
    assert fresh(reply).state == "delivered"
    register_is_clean()
