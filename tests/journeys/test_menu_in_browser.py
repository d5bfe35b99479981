"""The menu and the command palette in a real browser, by keys alone."""

from typing import Any

import pytest

from tests.journeys.office import Office
from tests.journeys.visitor import DESKTOP, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def test_the_palette_leads_to_pages_and_letters_by_keys(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    page = visitor.page
    visitor.log_in("amina")
    number = deposit(visitor, files=["11-demande-stage.docx"], subject="Stage en palette")
    visitor.open("/office/")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Aller à un courrier, une personne ou une page")
    box.fill("paraph")
    page.keyboard.press("Enter")
    page.wait_for_url("**/signing-folder/")

    page.keyboard.press("Control+k")
    box.fill(number)
    page.locator(f'#palette li:has(.called:text-is("Numéro")):has-text("{number}")').wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/*/")
    assert number in page.inner_text("main")

    page.keyboard.press("Control+k")
    box.wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert visitor.complaints == []


def test_a_chosen_file_is_named_in_the_pages_language(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/batches/")
    assert visitor.page.locator(".file-pick .picked").inner_text() == "Aucun fichier choisi"
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_text("Choisir un fichier", exact=True).click()
    chooser.value.set_files({"name": "pile.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    assert "pile.pdf" in visitor.page.locator(".file-pick .picked").inner_text()
