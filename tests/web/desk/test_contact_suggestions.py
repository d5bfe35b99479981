"""Contacts while typing: of the whole directory for its readers, of their letters for others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.contacts.directory import points_of
from registry.contacts.links import link_sender
from registry.models.letters import Letter
from tests.factories import deposit, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
ADDRESS = "/contacts/suggestions/"


def found(client: Client, words: str) -> list[dict[str, Any]]:
    answer = client.get(ADDRESS, {"q": words})
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["contacts"]
    return rows


def test_a_clerk_gets_what_fills_in_the_form(browser: Browser) -> None:
    contact("Mohamed Alaoui", phone="0612345678", email="m@example.org", address="Rue 4, Safi")
    contact("Karim Tahiri")

    (row,) = found(browser("amina"), "moham")

    assert row["name"] == "Mohamed Alaoui"
    assert row["kind"] == "person"
    assert row["fields"] == {
        "email": "m@example.org",
        "phone": "0612345678",
        "address": "Rue 4, Safi",
    }
    assert [one["name"] for one in found(browser("amina"), "محمد العلوي")] == ["Mohamed Alaoui"]


@pytest.mark.parametrize("words", ["", "m", "zzz nobody"])
def test_too_little_or_nobody_suggests_nothing(words: str, browser: Browser) -> None:
    contact("Mohamed Alaoui")
    assert found(browser("amina"), words) == []


def test_others_get_those_alone_whose_letters_they_read(browser: Browser) -> None:
    mine, other = contact("Alaoui Mohamed"), contact("Alaoui Karim")
    for row, code in ((mine, "EAU"), (other, "SI")):
        letter = deposit(actor=person("amina"), departments=[code]).letter
        link_sender(letter, contact=row, actor=person("amina"))

    assert [one["name"] for one in found(browser("badr"), "alaoui")] == ["Alaoui Mohamed"]
    assert len(found(browser("audit"), "alaoui")) == 2


def test_many_take_as_many_queries_as_one(browser: Browser) -> None:
    client = browser("badr")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert found(client, "tahiri")
        return len(caught)

    def one_more(number: int) -> None:
        letter = deposit(actor=person("amina"), departments=["EAU"]).letter
        row = contact(f"Tahiri {number}", phone=f"06123456{number:02d}")
        link_sender(letter, contact=row, actor=person("amina"))

    one_more(0)
    few = queries()
    for number in range(1, 6):
        one_more(number)
    assert queries() == few


def test_what_a_letter_says_of_its_contact_is_offered_and_added(browser: Browser) -> None:
    letter = deposit(actor=person("amina"), sender="Mohamed Alaoui").letter
    row = contact("Mohamed Alaoui")
    link_sender(letter, contact=row, actor=None)
    letter.parties.update(email="m@example.org", phone="0612345678")
    client, page = browser("amina"), reverse("desk:letter", args=[letter.pk])
    assert "m@example.org" in client.get(page).content.decode().split('class="contact-missing"')[1]

    client.post(reverse("desk:link_contact", args=[letter.pk]), {"what": "complete"})

    assert {point.value for point in points_of(row)} == {"m@example.org", "0612345678"}
    assert 'class="contact-missing"' not in client.get(page).content.decode()


def test_without_a_contact_there_is_nothing_to_add_to(browser: Browser) -> None:
    letter: Letter = deposit(actor=person("amina")).letter
    address = reverse("desk:link_contact", args=[letter.pk])
    assert browser("amina").post(address, {"what": "complete"}).status_code == 404
