"""How far a signature and a dispatch walk through the house: `tools.walk` counts it."""

import pytest

from correspondence.dispatch.sending import send_reply
from correspondence.models.replies import Reply
from correspondence.replies.circuit import sign_reply
from org.models import User
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh, visaed
from tools.walk import OWN, counted, walked

MOST_ROOMS = 7  # of correspondence and routing; docs/benchmarks.md tells what they were
MOST_RETURNS = 20  # in all


def test_a_step_back_into_a_room_is_a_return() -> None:
    way = [
        ("routing.a", "one"),
        ("routing.a", "two"),
        ("org.people", "read"),
        ("routing.a", "three"),
        ("routing.b", "one"),
        ("routing.a", "four"),
    ]
    assert (counted(way).rooms, counted(way).returns) == (3, 2)
    own = counted(way, packages=OWN)
    assert (own.rooms, own.returns) == (2, 1)


@pytest.mark.django_db
def test_a_signature_walks_no_further(accepted: Assignment, direction: User) -> None:
    circuit()
    reply = visaed(accepted)
    way = walked(lambda: sign_reply(reply, actor=direction))
    assert ("correspondence.acting.changing", "taking_step") in way
    assert counted(way, packages=OWN).rooms <= MOST_ROOMS
    assert counted(way).returns <= MOST_RETURNS


@pytest.mark.django_db
def test_a_dispatch_walks_no_further(approved: Reply, badr: User) -> None:
    reply = fresh(approved)
    way = walked(lambda: send_reply(reply, actor=badr, method="email", address="c@example.org"))
    assert ("correspondence.acting.changing", "changing_reply") in way
    assert counted(way, packages=OWN).rooms <= MOST_ROOMS
    assert counted(way).returns <= MOST_RETURNS
