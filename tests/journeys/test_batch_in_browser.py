"""A batch mended in a real browser: by keys, by dragging, in large, and past somebody else."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import pdf_bytes
from tests.journeys.office import Office
from tests.journeys.visitor import DESKTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def batch_of(visitor: Visitor) -> Any:
    """The page of a batch of four pages, looked through."""
    page = visitor.page
    visitor.open("/batches/")
    scan = {"name": "pile.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes("x", pages=4)}
    page.set_input_files("#batch-file", scan)
    page.locator('form[action$="/batches/new/"] button').click()
    end = time.monotonic() + 60
    while page.locator("#board[data-open]").count() == 0 and time.monotonic() < end:
        page.reload()
    return page


def test_pages_are_mended_by_keys_and_dragging(office: Office, chromium: Any) -> None:
    amina = Visitor(chromium, office, size=DESKTOP)
    amina.log_in("amina")
    page = batch_of(amina)
    said, letters = page.locator("#batch-said"), page.locator(".batch-letter")

    def order() -> list[str]:
        return [one.get_attribute("data-page") for one in page.query_selector_all("[data-page]")]

    page.locator('[data-page="3"] [data-page-link]').focus()
    page.keyboard.press("s")
    expect(said).to_have_text("Un courrier commence à la page 3.")
    expect(letters).to_have_count(2)
    page.keyboard.press("r")  # the focus has stayed on the page
    expect(said).to_have_text("La page 3 est tournée vers la droite.")
    page.keyboard.press("Alt+ArrowRight")
    expect(said).to_have_text("La page 3 est déplacée.")
    assert order() == ["1", "2", "4", "3"]
    page.locator('[data-page="1"]').drag_to(
        page.locator('[data-page="3"]'), target_position={"x": 150, "y": 90}
    )
    expect(said).to_have_text("La page 1 est déplacée.")
    assert order() == ["2", "4", "3", "1"]
    page.keyboard.press("u")
    expect(said).to_have_text("La dernière modification est annulée.")
    page.keyboard.press("?")
    assert "Agrandir la page" in page.inner_text("#keys")
    page.keyboard.press("Escape")

    page.locator('[data-page="2"] [data-page-link]').press("Enter")
    assert page.locator("#batch-large").is_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-large-number]")).to_have_text("4")
    page.keyboard.press("Escape")

    other = Visitor(chromium, office, size=DESKTOP, script=False)
    other.log_in("amina")
    other.open(page.url.removeprefix(office.url).partition("#")[0])
    other.page.locator('[data-page="4"] .batch-more summary').click()
    other.page.locator('button[value="right:4"]').click()
    assert "La page 4 est tournée" in other.page.inner_text("#messages")
    page.locator('[data-page="1"] [data-page-link]').press("r")
    expect(said).to_contain_text("ont changé entre-temps")
    expect(page.locator('[data-page="4"]')).to_contain_text("90°")
    assert amina.complaints == other.complaints == []
