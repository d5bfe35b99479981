"""Who reads one of several letters that a reply answers learns no number of the others."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from correspondence.answers import several
from correspondence.dispatch import sending
from correspondence.replies import circuit, drafting
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.factories import address, api_key, department, deposit

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(
    accepted: Assignment, amina: User, badr: User, dounia: User
) -> tuple[Letter, Letter, Letter]:
    """A letter that SI reads since its answer, one that was answered with it, the answer."""
    second = deposit(subject="Fuite, rappel").letter
    assignments.accept(giving.assign(second, department=department("EAU"), actor=amina), actor=badr)
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuites", body="Réparées.")
    several.answer_too(reply, letters=[second], actor=badr)
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(reply, actor=dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="portal")
    address(accepted.letter, "SI")
    return accepted.letter, second, outgoing


def pages_of(client: Client, letter: Letter, person: User) -> str:
    auth = {"authorization": f"Token {api_key(person.username)}"}
    return "".join(
        client.get(address, headers=headers).content.decode()
        for address, headers in (
            (reverse("desk:letter", args=[letter.pk]), {}),
            (reverse("api:letter", args=[letter.pk]), auth),
            (reverse("api:events", args=[letter.pk]), auth),
        )
    )


def test_neither_page_nor_api_names_a_letter_of_others(
    answered: tuple[Letter, Letter, Letter],
    client_as: Callable[[str], Client],
    chafik: User,
    badr: User,
) -> None:
    letter, second, outgoing = answered
    his, mine = (pages_of(client_as(p.username), letter, p) for p in (chafik, badr))
    assert letter.number in his
    for other in (second, outgoing):
        assert other.number not in his
        assert str(other.pk) not in his
        assert other.number in mine
    assert "envoyée, sous un autre numéro" in his
