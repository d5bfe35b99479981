"""An administrator writes, tries and orders rules in a real browser, by keyboard and without
JavaScript; the pages stand on a phone in Arabic and French."""

from typing import Any

import pytest

from tests.journeys.office import Office
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def _administrator(chromium: Any, office: Office, **window: Any) -> Visitor:
    visitor = Visitor(chromium, office, **window)
    visitor.log_in("admin")
    return visitor


def test_a_rule_is_written_and_tried_by_keyboard(office: Office, chromium: Any) -> None:
    visitor = _administrator(chromium, office, size=DESKTOP)
    page = visitor.page
    visitor.open("/rules/new/")
    page.fill("#id_title", "Fuites au clavier")
    page.focus("#id_c-0-field")
    page.keyboard.type("Mots du courrier")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("fuite eau")
    page.focus("[data-more]")
    page.keyboard.press("Enter")
    assert page.locator("[data-condition]").count() == 3
    page.select_option("#id_c-2-field", "channel")
    page.locator('[data-condition]:last-child input[value="email"]').check()
    assert page.input_value("#id_c-2-value") == "email"
    page.select_option("#id_department", "EAU")
    page.focus('button[name="try"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/rules/trials/**")
    page.locator('form[action$="/keep/"] button').click()
    page.wait_for_url("**/rules/#rule-*")
    last = page.locator(".rule").last
    assert "Fuites au clavier" in last.inner_text()
    assert "Courriel" in last.inner_text()
    assert visitor.complaints == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_rules_are_ordered_without_javascript_on_a_phone(
    office: Office, chromium: Any, language: str
) -> None:
    visitor = _administrator(chromium, office, size=PHONE, script=False)
    visitor.open("/rules/")
    visitor.speak(language)
    titles = visitor.page.locator(".rule .subject")
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    with visitor.page.expect_navigation():
        visitor.page.locator('form[action$="/down/"] button').first.click()
    assert (titles.nth(0).inner_text(), titles.nth(1).inner_text()) == (second, first)
    address = titles.nth(0).get_attribute("href") or ""
    for path in ("/rules/", "/rules/new/", address, f"{address}history/"):
        visitor.open(path)
        html = visitor.page.locator("html")
        assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        for part in visitor.page.locator("main > *").all():
            box = part.bounding_box()
            assert box is None or box["width"] <= PHONE["width"], path
