"""Somebody searches in a real browser, by keyboard alone: suggestions, rows, marks on the page,
a search kept, a result taken along; on a phone and without JavaScript, in Arabic and French."""

from typing import Any

import pytest

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


@pytest.fixture(scope="module")
def letter(office: Office, chromium: Any) -> str:
    """A letter of this journey, read and found; its number."""
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    number = deposit(visitor, files=["02-syndic-coupures.pdf"], subject="Coupures au Zellige")

    def found() -> bool:
        visitor.open("/search/?q=zellige+disjoncteur")
        return number in visitor.page.inner_text("main")

    wait_until(found, seconds=180)
    visitor.context.close()
    return number


def test_a_letter_is_found_by_keyboard_and_its_words_are_marked(
    office: Office, chromium: Any, letter: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/search/")
    page = visitor.page
    page.keyboard.press("Tab")  # away from the box, and back to it by its key
    page.keyboard.press("/")
    page.keyboard.type("disjon", delay=30)
    page.keyboard.type("cteur", delay=30)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*disjoncteur*")
    page.focus("#q")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/**")
    assert page.locator("mark[data-hit]").count() > 0
    assert page.locator("rect[data-hit]").count() > 0
    page.keyboard.press("h")
    assert page.locator("mark.at").count() == 1
    assert page.locator("rect.at").count() == 1
    assert visitor.complaints == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_suggestions_are_chosen_by_arrows(
    office: Office, chromium: Any, letter: str, language: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/search/")
    visitor.speak(language)
    page = visitor.page
    page.focus("#q")
    page.keyboard.type("zell", delay=30)
    page.wait_for_selector("#suggestions li")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.get_attribute("#q", "aria-expanded") == "false"
    assert page.input_value("#q") == "zell"
    page.keyboard.type("i", delay=30)
    page.wait_for_selector("#suggestions li")
    page.keyboard.press("ArrowUp")  # the last one is the letter itself
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/**")
    assert letter in page.inner_text("main")
    assert visitor.complaints == []


def test_a_search_is_kept_and_its_result_taken_along_by_keyboard(
    office: Office, chromium: Any, letter: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/search/?q=zellige")
    page = visitor.page
    page.locator(".found-verbs summary").first.focus()
    page.keyboard.press("Enter")
    page.focus("#save-name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Mes zelliges")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pin.here")
    assert "Mes zelliges" in page.inner_text(".pinned")
    page.locator(".found-verbs summary").focus()
    page.keyboard.press("Enter")
    page.locator('.found-verbs button[value="csv"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/exports/")
    page.wait_for_selector('a[href$="/file/"]', timeout=120_000)
    with page.expect_download() as download:
        page.locator('a[href$="/file/"]').first.focus()
        page.keyboard.press("Enter")
    assert letter in download.value.path().read_text("utf-8-sig")
    assert visitor.complaints == []


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_pages_of_search_stand_on_a_phone(
    office: Office, chromium: Any, letter: str, language: str, script: bool
) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=script)
    visitor.log_in("amina")
    visitor.open("/search/")
    visitor.speak(language)
    where = ("/search/?q=zellige", "/search/?q=", "/search/saved/", "/search/exports/")
    for path in where:
        visitor.open(path)
        page = visitor.page
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        for summary in page.locator("main details > summary").all():
            summary.click(force=True)
        for part in page.locator("main > *, .drop > form, .help-card").all():
            box = part.bounding_box()
            assert box is None or (box["x"] >= -1 and box["x"] + box["width"] <= 391), path
    assert visitor.complaints == []


def test_without_javascript_dates_and_facets_narrow(
    office: Office, chromium: Any, letter: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP, script=False)
    visitor.log_in("amina")
    visitor.open("/search/?q=zellige")
    page = visitor.page
    page.fill("#before", "2001-01-01")
    page.locator(".dates button").click()
    page.wait_for_url("**before=2001-01-01**")
    assert letter not in page.inner_text("main")
    with page.expect_navigation():
        page.locator(".chips a.tag").click()
    assert letter in page.inner_text("main")
