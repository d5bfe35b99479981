"""Close in meaning, on the search page and on the letter's: asked for later, within rights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.search.test_meaning import LEAK_AR, LEAK_FR, letter_with
from tests.search.test_meaning_words import METER_AR, make_words

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("meaning")]
Browser = Callable[[str], Client]
ASKED = "rupture d'une conduite d'eau potable"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _meaning_on(own_data_dir: Path, settings: Any) -> None:
    settings.MEANING = True


def shown(browser: Client, address: str, **more: Any) -> str:
    answer = browser.get(address, **more)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_search_page_asks_later_and_names_what_it_shows(browser: Browser) -> None:
    letter = letter_with(LEAK_FR)
    page = shown(browser("amina"), "/search/?q=conduite")
    assert f"/search/meaning/?q=conduite&amp;not={letter.pk}" in page


@pytest.mark.parametrize("more", ["stage=registered", "overdue=1"])
def test_a_narrowed_search_is_not_widened_by_meaning(browser: Browser, more: str) -> None:
    assert "/search/meaning/" not in shown(browser("amina"), f"/search/?q=conduite&{more}")


def test_the_fragment_shows_what_is_near_but_not_what_is_above(browser: Browser) -> None:
    first, second = letter_with(LEAK_FR), letter_with(LEAK_AR)
    address = f"/search/meaning/?q={ASKED}&not={first.pk}&not=rubbish"
    fragment = shown(browser("amina"), address, **FRAGMENT)
    assert second.number in fragment
    assert first.number not in fragment
    assert LEAK_AR in fragment
    assert "<html" not in fragment
    assert "<html" in shown(browser("amina"), address), "a page where there is no JavaScript"


def test_chafik_is_shown_nothing_of_others(browser: Browser) -> None:
    hidden = letter_with(LEAK_AR, departments=["EAU"])
    mine = letter_with(LEAK_FR, departments=["SI"])
    fragment = shown(browser("chafik"), f"/search/meaning/?q={ASKED}", **FRAGMENT)
    assert mine.number in fragment
    assert hidden.number not in fragment
    similar = shown(browser("chafik"), f"/letters/{mine.pk}/similar/", **FRAGMENT)
    assert similar.strip() == ""
    assert browser("chafik").get(f"/letters/{hidden.pk}/similar/").status_code == 404


def test_the_letters_page_asks_for_similar_ones(browser: Browser) -> None:
    letter, other = letter_with(LEAK_FR), letter_with(LEAK_AR)
    assert f"/letters/{letter.pk}/similar/" in shown(browser("amina"), f"/letters/{letter.pk}/")
    fragment = shown(browser("amina"), f"/letters/{letter.pk}/similar/", **FRAGMENT)
    assert other.number in fragment
    assert letter.number not in fragment


def test_switched_off_the_pages_say_nothing_of_it(browser: Browser, settings: Any) -> None:
    settings.MEANING = False
    letter = letter_with(LEAK_FR)
    assert "meaning" not in shown(browser("amina"), "/search/?q=conduite")
    assert "similar" not in shown(browser("amina"), f"/letters/{letter.pk}/")
    assert shown(browser("amina"), f"/search/meaning/?q={ASKED}", **FRAGMENT).strip() == ""


def test_what_others_wrote_is_never_markup(browser: Browser) -> None:
    letter_with(f"{LEAK_FR} <script>alert(1)</script>")
    assert "<script>alert" not in shown(browser("amina"), f"/search/meaning/?q={ASKED}", **FRAGMENT)


@pytest.mark.parametrize("words", ["", "‮", "x" * 3000, "2026/IN/000001"])
def test_any_question_is_safe(browser: Browser, words: str) -> None:
    shown(browser("amina"), f"/search/meaning/?q={words}", **FRAGMENT)


def test_the_api_tells_what_is_near_within_the_callers_rights(amina: Any, chafik: Any) -> None:
    letter, other = letter_with(LEAK_FR, departments=["SI"]), letter_with(LEAK_AR)
    client = APIClient()
    client.force_authenticate(amina)
    answer = client.get("/api/v1/search/meaning", {"q": ASKED}).json()
    assert answer["state"] == "on"
    assert {hit["letter"]["number"] for hit in answer["hits"]} == {letter.number, other.number}
    (hit,) = client.get(f"/api/v1/letters/{letter.pk}/similar").json()["hits"]
    assert hit["letter"]["number"] == other.number
    assert client.get("/api/v1/search/meaning").json()["hits"] == []
    assert client.get("/api/v1/search/meaning", {"q": "a", "limit": "51"}).status_code == 400
    client.force_authenticate(chafik)
    answer = client.get("/api/v1/search/meaning", {"q": ASKED}).json()
    assert [hit["letter"]["number"] for hit in answer["hits"]] == [letter.number]
    assert client.get(f"/api/v1/letters/{letter.pk}/similar").json()["hits"] == []
    assert client.get(f"/api/v1/letters/{other.pk}/similar").status_code == 404


def test_a_letter_found_by_words_says_by_which_and_marks_them(browser: Browser) -> None:
    letter_with(METER_AR)
    make_words()
    address = "/search/meaning/?q=remplacer le compteur de ma maison"
    fragment = shown(browser("amina"), address, **FRAGMENT)
    assert "Trouvé par des mots de même sens" in fragment
    assert "<mark>العداد</mark>" in fragment


def test_the_api_tells_by_which_words_a_letter_was_found(amina: Any) -> None:
    letter_with(METER_AR)
    make_words()
    client = APIClient()
    client.force_authenticate(amina)
    asked = {"q": "remplacer le compteur de ma maison"}
    (hit,) = client.get("/api/v1/search/meaning", asked).json()["hits"]
    assert "العداد" in hit["by_words"]
    assert {part["text"] for part in hit["snippet"] if part["marked"]} >= {"العداد"}
