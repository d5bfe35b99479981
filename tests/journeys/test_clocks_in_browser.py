"""The clock of a letter in a real browser: pieces asked for at the desk and added on a phone in
Arabic; the calendar and the terms changed after seeing what moves."""

from typing import Any

import pytest

from tests.journeys.office import Office
from tests.journeys.visitor import DESKTOP, PHONE, SAMPLES, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def _registered(visitor: Visitor) -> tuple[str, str, str]:
    """A request that lies with EAU: its number, its code, and the address of its page."""
    page = visitor.page
    visitor.open("/deposit/")
    page.fill("#id_subject", "Demande de branchement")
    page.set_input_files('input[name="files"]', [str(SAMPLES / "02-syndic-coupures.pdf")])
    page.select_option("#id_kind", "request")
    page.locator("#deposit button[data-send], #deposit [type=submit]").first.click()
    page.wait_for_url("**/registered/**")
    number = str(page.inner_text("h1.number")).strip()
    page.locator('form[action$="/hand-over/"] button').click()
    code = str(page.inner_text(".code")).strip()
    letter = str(page.get_attribute('.actions a[href*="/letters/"]', "href"))
    visitor.open(letter)
    form = page.locator('form[action$="/assign/"]').last
    if not form.locator("select[name=department]").is_visible():
        page.locator("#routing details summary").last.click()
    form.locator("select[name=department]").select_option("EAU")
    with page.expect_navigation():
        form.locator("button").click()
    return number, code, letter


def test_pieces_are_asked_for_and_added_on_a_phone(office: Office, chromium: Any) -> None:
    clerk = Visitor(chromium, office, size=DESKTOP)
    clerk.log_in("amina")
    number, code, letter = _registered(clerk)
    clerk.open(letter)
    assert clerk.page.locator(".due-box").count() == 1
    clerk.page.locator('.parts a[href="#clock"]').click()
    clerk.page.locator('#clock form[action$="/clock/ask/"]').locator("..").locator(
        "summary"
    ).click()
    clerk.page.fill("#clock-pieces", "Plan de situation\nFacture d'eau")
    with clerk.page.expect_navigation():
        clerk.page.locator('#clock form[action$="/clock/ask/"] button').click()
    assert "Plan de situation" in clerk.page.inner_text("#clock")
    assert clerk.page.locator(".due-box").count() == 0

    citizen = Visitor(chromium, office, size=PHONE)
    citizen.open("/follow/")
    citizen.speak("ar")
    citizen.page.fill("#id_number", number)
    citizen.page.fill("#id_code", code)
    citizen.page.press("#id_code", "Enter")
    citizen.page.wait_for_url("**/follow/letter/")
    assert "Plan de situation" in citizen.page.inner_text("#pieces")
    assert citizen.overflow() == 0
    for missing in (2, 1):
        forms = citizen.page.locator("#pieces form.add-file")
        assert forms.count() == missing
        forms.first.locator('input[type="file"]').set_input_files(
            [str(SAMPLES / "02-syndic-coupures.pdf")]
        )
        forms.first.locator("button").click()
        citizen.page.locator("#pieces .tag.ok").nth(2 - missing).wait_for()
    assert citizen.page.locator("#pieces form").count() == 0

    clerk.open(letter)
    assert clerk.page.locator(".due-box").count() == 1
    assert clerk.complaints == citizen.complaints == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_calendar_stands_on_a_phone_and_without_javascript(
    office: Office, chromium: Any, language: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    visitor.log_in("admin")
    page = visitor.page
    visitor.open("/calendar/?year=2027")
    visitor.speak(language)
    visitor.open("/calendar/?year=2027")
    assert visitor.overflow() == 0
    before = page.locator("li[data-row]").count()
    day = {"ar": "2027-06-09", "fr": "2027-06-10"}[language]
    with page.expect_navigation():
        page.click(f'.months a[href^="?day={day}"]')
    assert visitor.overflow() == 0
    page.fill("#chosen-new-ar", "عطلة استثنائية")
    page.fill("#chosen-new-fr", "Congé exceptionnel")
    with page.expect_navigation():
        page.locator("form:has(#chosen-new-day) button").click()
    assert page.locator("#foreseen-title").count() == 1
    assert visitor.overflow() == 0
    with page.expect_navigation():
        page.locator('form:has(input[name="sure"]) button').click()
    visitor.open("/calendar/?year=2027")
    assert page.locator("li[data-row]").count() == before + 1
    visitor.open("/deadlines/")
    assert visitor.overflow() == 0
    visitor.open(str(page.locator("table a").first.get_attribute("href")))
    assert visitor.overflow() == 0
