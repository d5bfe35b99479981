"""Whoever takes the last rows off a list's page stands on the page before it afterwards."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client

from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from tests.factories import department, deposit
from web.desk import lists

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "ROWS", 2)


def letters(actor: User, *, given: bool = False) -> list[Letter]:
    """Three letters, the longest waiting first."""
    made = [deposit(actor=actor).letter for _ in range(3)]
    for letter in made if given else ():
        giving.assign(letter, department=department("EAU"), actor=actor)
    return made


def numbers(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"2\d{3}/[A-Z]+/\d+", page)))


def next_of(client: Client, address: str) -> str:
    """The address of a list's second page, which holds one row."""
    page = client.get(address).content.decode()
    found = re.search(r'href="(\?[^"]*from=[^"]+)"', page)
    assert found, page
    second = urljoin(address, unescape(found[1]))
    assert len(numbers(client.get(second).content.decode())) == 1
    return second


def test_the_last_page_of_the_tray_emptied_at_once(browser: Browser, amina: User) -> None:
    made, client = letters(amina), browser("amina")
    second, chosen = next_of(client, "/tray/"), [str(made[2].pk)]
    fields = {"what": "assign", "letters": chosen, "department": "EAU", "next": second}
    done = client.post("/tray/bulk/", fields).content.decode()
    back = re.search(r'class="button primary" href="([^"]+)"', done)
    assert back
    page = client.get(unescape(back[1])).content.decode()
    assert numbers(page) == [letter.number for letter in made[:2]]


def test_the_last_page_of_the_inbox_emptied_at_once(browser: Browser, amina: User) -> None:
    letters(amina, given=True)
    client = browser("badr")
    second = next_of(client, "/inbox/?show=open")
    first = numbers(client.get("/inbox/?show=open").content.decode())
    row = re.search(r'name="assignments"\s+value="([^"]+)"', client.get(second).content.decode())
    assert row
    client.post("/inbox/bulk/", {"what": "accept", "assignments": [row[1]], "next": second})
    assert numbers(client.get(second).content.decode()) == first


def test_what_was_done_is_said_on_the_page_before(browser: Browser, amina: User) -> None:
    made, client = letters(amina), browser("amina")
    second = next_of(client, "/tray/")
    fields = {"department": "EAU", "next": second}
    answer = client.post(f"/letters/{made[2].pk}/assign/", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, second)
    page = client.get(second).content.decode()
    assert numbers(page) == [letter.number for letter in (made[2], *made[:2])]
    assert f"{made[2].number} est affecté" in page
