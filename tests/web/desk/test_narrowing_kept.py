"""What the tray and the inbox keep of how they are narrowed, and what they take no notice of."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from org.models import Membership, User
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_an_action_on_several_letters_leads_back_to_the_narrowed_list(
    amina: User, browser: Browser
) -> None:
    letter = deposit(actor=amina).letter
    tray = {"what": "assign", "letters": [str(letter.pk)], "department": "EAU"}
    narrowed = "/tray/?sender=tazi&order=newest"
    assert back(browser("amina"), "/tray/bulk/", **tray, next=narrowed) == narrowed

    row = letter.assignments.get()
    for what in ("accept", "noted"):
        inbox = {"what": what, "assignments": [str(row.pk)]}
        narrowed = "/inbox/?show=open&sender=tazi"
        assert back(browser("badr"), "/inbox/bulk/", **inbox, next=narrowed) == narrowed


@pytest.mark.parametrize("given", ["", "https://elsewhere.example/", "//elsewhere.example/tray/"])
def test_an_action_on_several_letters_never_leads_elsewhere(
    amina: User, browser: Browser, given: str
) -> None:
    letter = deposit(actor=amina).letter
    tray = {"what": "assign", "letters": [str(letter.pk)], "department": "EAU"}
    assert back(browser("amina"), "/tray/bulk/", **tray, next=given) == "/tray/"


def test_the_tag_of_a_refused_letter_keeps_the_narrowing(
    amina: User, badr: User, browser: Browser
) -> None:
    letter = deposit(actor=amina, sender="Zineb Tazi").letter
    row = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.refuse(row, actor=badr, reason="Pas nous")
    page = browser("amina").get("/tray/", {"sender": "tazi", "order": "newest"}).content.decode()
    link = page.partition('<a class="tag bad" href="?')[2].partition('"')[0]
    kept = parse_qs(link.replace("&amp;", "&"))
    assert kept == {"refused": ["1"], "sender": ["tazi"], "order": ["newest"]}


def test_an_unknown_tab_is_the_first_one(badr: User, browser: Browser) -> None:
    answer = browser("badr").get("/inbox/", {"show": "nonsense"})
    tabs = answer.content.decode().partition('class="tabs"')[2].partition("</nav>")[0]
    assert tabs.count('aria-current="page"') == 1
    assert 'href="?" aria-current="page"' in tabs
    assert answer.context["shown"] == ""


@pytest.mark.parametrize("words", ["t", "ـا", "? ."])
def test_one_letter_of_a_sender_narrows_nothing_and_says_so(
    amina: User, browser: Browser, words: str
) -> None:
    giving.assign(deposit(actor=amina).letter, department=department("EAU"), actor=amina)
    deposit(actor=amina)
    for client, address in ((browser("badr"), "/inbox/"), (browser("amina"), "/tray/")):
        answer = client.get(address, {"sender": words})
        assert len(answer.context["rows"]) == 1
        assert "au moins deux lettres" in answer.content.decode()
        assert "au moins deux lettres" not in client.get(address).content.decode()


def test_so_many_colleagues_are_offered_and_no_more(
    badr: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for username in ("dounia", "chafik"):
        colleague = person(username)
        Membership.objects.get_or_create(user=colleague, department=department("EAU"))
    offered = browser("badr").get("/inbox/").context["people"]
    assert len(offered) == 4
    monkeypatch.setattr("web.desk.narrowing.MOST_COLLEAGUES", 1)
    fewer = browser("badr").get("/inbox/").context["people"]
    assert fewer[:2] == offered[:2]  # nobody, and oneself
    assert len(fewer) == 3
    assert fewer[2] in offered


def back(client: Client, address: str, **fields: Any) -> str:
    answer = client.post(address, fields)
    assert answer.status_code == 200
    found: str = answer.context["back"]
    assert f'href="{found.replace("&", "&amp;")}"' in answer.content.decode()
    return found
