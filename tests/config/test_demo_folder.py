"""The demo's signing folders have something in them, however often the demo is started."""

import pytest
from django.test import Client
from django.urls import reverse

from config.demo_folder import KIND, NOTICE, REPLY, UNIT, fill_folders
from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit, ReplyStep
from correspondence.replies import circuit as replies_circuit
from org.models import User
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.assigning import giving
from tests.factories import department, deposit, kind, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquiry(amina: User) -> Letter:
    """An enquiry that lies with the department of the demo's circuit."""
    letter = deposit(actor=amina, subject="Hardness of the water", kind=kind(KIND)).letter
    giving.assign(letter, department=department(UNIT), actor=amina)
    return letter


def folder(who: str) -> str:
    client = Client()
    client.force_login(person(who))
    page = client.get(reverse("desk:signing_folder"))
    assert page.status_code == 200
    return page.content.decode()


def test_a_signature_waits_for_the_director_and_an_approval_for_the_head(
    enquiry: Letter, direction: User, badr: User
) -> None:
    said: list[str] = []
    for _ in range(2):
        fill_folders([enquiry], say=said.append)
    assert Circuit.objects.count() == 1
    assert len(said) == 2
    reply = Reply.objects.get(letter=enquiry)
    steps = ReplyStep.objects.filter(reply=reply).order_by("rank")
    assert [(s.act, s.state) for s in steps] == [("visa", "done"), ("signature", "due")]
    assert REPLY[0] in folder("direction")
    assert REPLY[0] not in folder("dounia")
    notice = NOTICE[0].replace("'", "&#x27;")
    assert notice in folder("dounia")
    assert notice not in folder("chafik")
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    assert outgoing.number.split("/")[1] == "OUT"
    assert list(verify_register()) == []


def test_a_circuit_that_an_administrator_retired_stays_retired(enquiry: Letter) -> None:
    fill_folders([], say=lambda _line: None)
    Circuit.objects.update(active=False)
    fill_folders([enquiry], say=lambda _line: None)
    assert Circuit.objects.filter(active=True).count() == 0
    assert Circuit.objects.count() == 1


def test_other_letters_are_left_alone(amina: User) -> None:
    other = deposit(actor=amina, kind=kind("request"), departments=[UNIT]).letter
    fill_folders([other], say=lambda _line: None)
    assert not Reply.objects.filter(letter=other).exists()
