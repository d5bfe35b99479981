"""The letter's page says what comes next for the person who looks, and leads to every part."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def _bar(client: Client, letter_id: object) -> tuple[list[str], str]:
    """Where the next steps lead, and the whole page."""
    page = client.get(f"/letters/{letter_id}/").content.decode()
    found = re.search(r'class="letter-next">.*?</p>', page, re.S)
    return re.findall(r'href="#(\w+)"', found.group(0)) if found else [], page


def test_each_is_asked_for_what_comes_next(browser: Browser, amina: User, badr: User) -> None:
    letter = deposit(actor=amina).letter
    assert _bar(browser("amina"), letter.pk)[0] == ["routing"], "choose a department"
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    steps, page = _bar(browser("amina"), letter.pk)
    assert steps == [], "it waits for the department"
    assert 'class="letter-next"' not in page
    steps, page = _bar(browser("badr"), letter.pk)
    assert steps == ["routing"]
    assert "Accepter le courrier" in page
    assignments.accept(given, actor=badr)
    steps, page = _bar(browser("badr"), letter.pk)
    assert steps == ["replies", "routing"]
    assert "Accepter le courrier" not in page
    reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="Nous venons.")
    assert _bar(browser("badr"), letter.pk)[0] == ["replies"], "its draft waits"
    circuit.submit_reply(reply, actor=badr)
    assert "Viser la réponse" in _bar(browser("dounia"), letter.pk)[1]


def test_work_that_comes_back_is_said_again(
    browser: Browser, amina: User, badr: User, dounia: User
) -> None:
    letter = deposit(actor=amina).letter
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.refuse(given, actor=badr, reason="Pas pour nous")
    assert _bar(browser("amina"), letter.pk)[0] == ["routing"], "choose another department"
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(given, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="Nous venons.")
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(Reply.objects.get(pk=reply.pk), actor=dounia)
    sending.send_reply(Reply.objects.get(pk=reply.pk), actor=badr, method="portal")
    steps, page = _bar(browser("badr"), letter.pk)
    assert steps == ["routing"], "answered: sign it off"
    assert "si aucune lettre" not in page
    Letter.objects.filter(pk=letter.pk).update(stage="in_hand")
    assert _bar(browser("badr"), letter.pk)[0] == ["replies", "routing"], "opened again"


def test_every_place_of_the_bar_is_on_the_page(browser: Browser, case: Case) -> None:
    for who in ("amina", "badr", "direction", "audit"):
        page = browser(who).get(f"/letters/{case.letter.pk}/").content.decode()
        bar = re.search(r'class="letter-bar">.*?</nav>', page, re.S)
        assert bar, who
        anchors = re.findall(r'href="#(\w+)"', bar.group(0))
        assert {"facts", "history"} <= set(anchors)
        assert [one for one in anchors if f'id="{one}"' not in page] == [], who
