"""The menu of the desk: five groups, the open place marked, what waits counted."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from org.models import User
from org.people import permissions_of
from tests.factories import deposit, person
from tests.journeys.pages import PAGES
from tests.web.access.kinds import STAFF
from tests.web.access.tables import parts, rows
from tests.web.desk.cases import Case
from tests.web.layout import flat
from tests.web.refusals import plain_refusals
from web.menu import Menu, Place, menu_of, places_of

Browser = Callable[[str], Client]
OPENS = ("+", ".")
OF_ONESELF = {  # marked under the person's name
    "/absences/", "/help/", "/notifications/", "/notifications/preferences/",
}  # fmt: skip


def place(url: str, *, here: str = "") -> Place:
    return Place(url, "book", url, "g x", here)


def rail(client: Client, path: str) -> str:
    with plain_refusals():
        answer = client.get(path)
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
        return ""
    found = re.search(r'<header class="rail">(.*?)</header>', flat(answer.content.decode()))
    return found.group(1) if found else ""


def test_a_menu_shows_four_places_and_more_behind_them() -> None:
    urls = ["/deposit/", "/check/", "/inbox/", "/search/", "/new/", "/tray/"]
    menu = menu_of([place(url, here="page" if url == "/new/" else "") for url in urls])
    assert [p.url for p in menu.first] == ["/deposit/", "/inbox/", "/search/", "/tray/"]
    assert [p.url for p in menu.more] == ["/check/", "/new/"]
    assert menu.more_here
    few = [place(url) for url in urls[:5]]
    assert menu_of(few) == Menu(few, few)


@pytest.mark.parametrize(
    ("username", "headings"),
    [
        ("amina", ["Arrivée", "Traitement", "Départ", "Chercher", "Pilotage"]),
        ("badr", ["Traitement", "Départ", "Chercher"]),
        ("admin", ["Chercher", "Pilotage"]),
    ],
)
def test_the_places_stand_in_groups(browser: Browser, username: str, headings: list[str]) -> None:
    page = rail(browser(username), "/absences/")
    assert re.findall(r'<h2 id="places-\d">(.*?)</h2>', page) == headings


@pytest.mark.django_db
def test_one_place_is_marked_on_every_page() -> None:
    """For a clerk, a head and an administrator, where tests/web/access lets them in."""
    table = [row for part in parts() for row in rows(part) if row.method == "GET"]
    signs = {row.name: row.signs for row in table}
    people = {kind: permissions_of(person(STAFF[kind])) for kind in "CHM"}
    unmarked, seen = set(), 0
    for page in PAGES:
        if page.follow or not page.name.startswith("desk:"):
            continue
        path = page.path.partition("?")[0]
        for kind, permissions in people.items():
            if signs.get(page.name, {}).get(kind) not in OPENS:
                continue
            places = places_of(permissions, path=path)
            seen += 1
            if sum(bool(place.here) for place in places) != 1:
                unmarked.add(path)
    assert seen > 100
    assert unmarked == OF_ONESELF


def test_what_waits_is_counted(browser: Browser, amina: User) -> None:
    counted = re.compile(r'href="/tray/" data-keys="g t">.{,900}?<b class="waiting">(\d+)<')
    assert not counted.search(rail(browser("amina"), "/office/"))
    deposit(actor=amina)
    page = rail(browser("amina"), "/office/")
    found = counted.search(page)
    assert found
    assert found.group(1) == "1"
    assert re.findall(r'data-keys="([^"]*)" aria-current="page"', page) == ["g o"]


def test_a_letter_is_marked_where_letters_are_found(browser: Browser, case: Case) -> None:
    page = rail(browser("badr"), f"/letters/{case.letter.pk}/")
    assert 'href="/search/" data-keys="g s" aria-current="true"' in page


def test_what_follows_a_deposit_is_marked_as_deposit(browser: Browser, amina: User) -> None:
    letter = deposit(actor=amina).letter
    page = rail(browser("amina"), f"/letters/{letter.pk}/registered/")
    assert 'href="/deposit/" data-keys="g d" aria-current="true"' in page
    assert 'href="/search/" data-keys="g s" aria-current' not in page
