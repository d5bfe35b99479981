"""The letter's page in a real browser: the document near, turned, searched; one part at a time;
a sender completed from the directory by keys."""

from typing import Any

import pytest

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import PHONE, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]
LAPTOP = {"width": 1366, "height": 800}


@pytest.fixture(scope="module")
def letter(office: Office, chromium: Any) -> str:
    """A letter of this journey that was read; the address of its page."""
    visitor = Visitor(chromium, office, size=LAPTOP)
    visitor.log_in("amina")
    deposit(visitor, files=["02-syndic-coupures.pdf"], subject="Coupures")
    address = str(visitor.page.get_attribute('.actions a[href*="/letters/"]', "href"))

    def read() -> bool:
        visitor.open(address)
        return "disjoncteur" in visitor.page.inner_text("main").lower()

    wait_until(read, seconds=180)
    visitor.context.close()
    return address


def _width(visitor: Visitor) -> float:
    return float(visitor.page.locator(".sheet-frame").evaluate("it => it.offsetWidth"))


def _turned(visitor: Visitor) -> bool:
    found = visitor.page.locator(".sheet-page").evaluate("it => getComputedStyle(it).transform")
    return bool(found != "none")


def test_the_document_is_large_and_comes_nearer_turns_and_is_searched(
    office: Office, chromium: Any, letter: str
) -> None:
    visitor = Visitor(chromium, office, size=LAPTOP)
    visitor.log_in("amina")
    visitor.open(letter)
    page = visitor.page
    assert page.locator("#viewer").evaluate("it => it.offsetWidth") >= 700
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    for verb in page.locator(".verbs-in-reach > *").all():
        assert verb.evaluate("it => it.getBoundingClientRect().bottom < 800")
    before = _width(visitor)
    page.keyboard.press("+")
    assert _width(visitor) > before
    page.keyboard.press("0")
    assert _width(visitor) == before
    page.keyboard.press("p")
    assert _width(visitor) < before
    page.click("[data-turn]")
    assert _turned(visitor)
    visitor.open(letter)
    assert _turned(visitor), "kept for the session"
    page.keyboard.press("f")
    page.keyboard.type("disjoncteur")
    page.keyboard.press("Enter")
    page.wait_for_selector("rect.hit.at", state="attached")
    assert page.input_value("#viewer-q") == "disjoncteur"
    assert visitor.complaints == []


def test_one_part_is_open_at_a_time_by_tab_verb_and_address(
    office: Office, chromium: Any, letter: str
) -> None:
    visitor = Visitor(chromium, office, size=LAPTOP)
    visitor.log_in("amina")
    visitor.open(f"{letter}#history")
    page = visitor.page

    def shown() -> list[str]:
        return list(
            page.locator(".part[open] .part-body").evaluate_all("all => all.map(i => i.id)")
        )

    page.wait_for_selector(".part[open] #history")
    assert shown() == ["history"]
    page.click('.parts a[href="#notes"]')
    assert shown() == ["notes"]
    assert page.get_attribute('.parts a[href="#notes"]', "aria-current") == "true"
    page.click(".verbs-menu summary")
    page.click('.verbs-menu a[href="#same-other"]')
    assert shown() == ["related"]
    assert page.evaluate("document.activeElement.id") == "same-other"
    plain = Visitor(chromium, office, size=PHONE, script=False)
    plain.log_in("amina")
    plain.open(f"{letter}#history")
    assert plain.page.locator("#history .timeline").is_visible()
    assert plain.overflow() == 0


def test_a_sender_is_completed_from_the_directory_by_keys(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=LAPTOP)
    visitor.log_in("amina")
    page = visitor.page
    visitor.open("/contacts/new/")
    for name, value in (("name", "Coopérative Tafoukt"), ("email", "tafoukt@example.org")):
        page.fill(f"#id_{name}", value)
    page.select_option("#id_kind", "organisation")
    page.press("#id_email", "Enter")
    page.wait_for_url("**/contacts/*/")
    visitor.open("/deposit/")
    page.focus("#id_sender_name")
    page.keyboard.type("coopérative taf")
    page.wait_for_selector("#contact-suggestions li")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#id_sender_name", "aria-activedescendant")
    page.keyboard.press("Enter")
    given = [page.input_value(f"#id_sender_{name}") for name in ("name", "organisation", "email")]
    assert given == ["", "Coopérative Tafoukt", "tafoukt@example.org"]
    assert page.url.endswith("/deposit/"), "Enter filled in and sent nothing"
    assert visitor.complaints == []
