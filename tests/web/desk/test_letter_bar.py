"""The letter's page keeps the two commonest verbs in reach, opens one part, searches a document."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import User
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from routing.assigning import giving
from routing.inbox import assignments
from tests.eservices.office import opened
from tests.factories import department, deposit, text_file
from tests.web.desk.cases import Case
from tests.web.desk.test_check_page import understood

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def _page(client: Client, letter: Letter, query: str = "") -> str:
    return client.get(f"/letters/{letter.pk}/{query}").content.decode()


def _reach(page: str) -> list[str]:
    """Where the verbs in reach lead or post to, without those of the menu."""
    bar = page.split('class="verbs-in-reach"')[1].split("<details")[0].split("</nav>")[0]
    return re.findall(r'(?:action|href)="([^"]+)"', bar)


def _open(page: str) -> list[str]:
    return re.findall(r'<details class="card part" name="part" open>.*?id="(\w+)"', page, re.S)


def test_the_two_commonest_verbs_of_each_situation_are_in_reach(
    browser: Browser, amina: User, badr: User
) -> None:
    letter = deposit(actor=amina).letter
    understood(letter, [("department", "EAU", 0.9)])
    page = _page(browser("amina"), letter)
    assert _reach(page) == [f"/letters/{letter.pk}/assign/", "#assign-department"]
    bar = page.split('class="letter-bar"')[1]
    assert re.search(r'name="department"\s+value="EAU"', bar.split("</form>")[0])
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    accept = f"/letters/{letter.pk}/assignments/{given.pk}/accept/"
    assert _reach(_page(browser("badr"), letter)) == [accept, f"#r-{given.pk}"]
    assignments.accept(given, actor=badr)
    assert _reach(_page(browser("badr"), letter)) == ["#rs-new", f"#m-{given.pk}"]
    reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="Nous venons.")
    at = f"/letters/{letter.pk}/replies/{reply.pk}"
    assert _reach(_page(browser("badr"), letter)) == [f"{at}/submit/", f"#rs-{reply.pk}"]
    circuit.submit_reply(Reply.objects.get(pk=reply.pk), actor=badr)
    assert _reach(_page(browser("dounia"), letter)) == [f"{at}/approve/", f"#rm-{reply.pk}"]


def test_what_a_verb_is_filled_in_at_is_on_the_page(browser: Browser, case: Case) -> None:
    for who in ("amina", "badr", "dounia", "direction"):
        page = _page(browser(who), case.letter)
        bar = page.split('class="letter-bar"')[1].split("</nav>")[0]
        anchors = re.findall(r'href="#([\w-]+)"', bar)
        assert [one for one in anchors if f'id="{one}"' not in page] == [], who


def test_one_part_stands_open_where_the_next_step_is(
    browser: Browser, amina: User, badr: User
) -> None:
    letter = deposit(actor=amina).letter
    assert _open(_page(browser("amina"), letter)) == ["routing"]
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assert _open(_page(browser("amina"), letter)) == ["facts"], "it waits for the department"
    assert _open(_page(browser("amina"), letter, "?notes=x")) in ([], ["notes"])
    assignments.accept(given, actor=badr)
    assert _open(_page(browser("badr"), letter)) == ["replies"]


def _read(letter: Letter, texts: dict[UUID, str]) -> None:
    page = {
        "number": 1, "source": "text", "language": "fr", "confidence": 1.0, "words": [],
        "problem": "", "turn": 0, "seconds": 0.1,
    }  # fmt: skip
    with transaction.atomic():
        record_readings(
            letter,
            [
                NewReading(pk, "test", "fr", text, [page | {"text": text}])
                for pk, text in texts.items()
            ],
        )


def test_a_search_stays_in_the_document_that_is_read(browser: Browser, amina: User) -> None:
    files = [text_file(name="un.txt", text="Un"), text_file(name="deux.txt", text="Deux")]
    letter = deposit(actor=amina, files=files).letter
    first, second = letter.documents.order_by("position")
    _read(letter, {first.pk: "Une fuite ici", second.pk: "La fuite encore; un compteur"})
    client = browser("amina")

    def shown(query: str) -> object:
        return client.get(f"/letters/{letter.pk}/{query}").context["viewer"].document.pk

    assert shown(f"?document={second.pk}&q=fuite") == second.pk
    assert shown(f"?document={first.pk}&q=compteur") == second.pk, "only the other has it"
    assert shown(f"?document={first.pk}&page=1&q=compteur") == first.pk, "asked for"


def test_each_part_of_the_page_has_its_tab(browser: Browser) -> None:
    """What a connection needs too: quotation, bills and contract, work in the field."""
    answers = {"quality": "owner", "use": "housing", "units": 1, "place": {"text": "Settat"}}
    request = opened("connection_water", answers=answers)
    page = _page(browser("amina"), request.letter)
    parts = re.findall(r'class="part-body"\s+id="([\w-]+)"', page)
    tabs = re.findall(r'href="#([\w-]+)"', page.split('<nav class="parts"')[1].split("</nav>")[0])
    assert sorted(tabs) == sorted(parts)
    assert {"works", "agency", "work-orders"} < set(tabs)
