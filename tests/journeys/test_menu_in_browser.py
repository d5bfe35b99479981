"""The menu and the command palette in a real browser, by keys alone."""

from typing import Any

import pytest

from tests.journeys.office import Api, Office
from tests.journeys.visitor import DESKTOP, SAMPLES, Visitor, deposit

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
    page.locator("#keys").wait_for()
    assert visitor.complaints == []


def test_a_key_pressed_before_the_frame_after_the_palette_counts(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/office/")
    visitor.page.evaluate("""() => {
        const palette = document.getElementById("palette");
        palette.showModal();
        palette.querySelector("input").focus();
        palette.close();
        const pressed = new KeyboardEvent("keydown", {key: "?", bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(pressed);
    }""")
    visitor.page.locator("#keys").wait_for(timeout=5_000)


def test_a_chosen_file_is_named_in_the_pages_language(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/batches/")
    assert visitor.page.locator(".file-pick .picked").inner_text() == "Aucun fichier choisi"
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_text("Choisir un fichier", exact=True).click()
    chooser.value.set_files({"name": "pile.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    assert "pile.pdf" in visitor.page.locator(".file-pick .picked").inner_text()


def test_the_bell_counts_an_assignment_on_a_page_that_stays_open(
    office: Office, chromium: Any
) -> None:
    head = Visitor(chromium, office, size=DESKTOP)
    head.log_in("dounia")
    head.open("/notifications/")
    bell = head.page.locator("[data-bell]")
    before = int(bell.get_attribute("data-bell") or 0)
    amina = Api(office, "amina")
    letter = amina.deposit(SAMPLES / "11-demande-stage.docx", channel="counter")
    amina.post(f"letters/{letter['id']}/assign", {"department": "EAU"})
    head.page.locator(f'[data-bell="{before + 1}"]').wait_for(timeout=20_000)
    assert str(before + 1) in bell.inner_text()
    head.page.reload()
    assert letter["number"] in head.page.inner_text("main")
    assert head.complaints == []


def test_the_palette_asks_again_where_the_office_had_no_time(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    page = visitor.page
    visitor.log_in("amina")
    number = deposit(visitor, files=["11-demande-stage.docx"], subject="Stage en attente")
    refused: list[str] = []

    def no_time_at_first(route: Any) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503, headers={"Retry-After": "1"})

    page.route("**/search/suggestions/**", no_time_at_first)
    visitor.open("/office/")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Aller à un courrier, une personne ou une page").fill(number)
    page.locator(f'#palette li:has(.called:text-is("Numéro")):has-text("{number}")').wait_for()
    assert len(refused) == 1


def test_what_is_filled_in_of_a_paper_ticks_its_line_alone(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    page = visitor.page
    visitor.log_in("amina")
    visitor.open("/custody/")
    page.select_option("select[name=department]", "EAU")
    assert page.is_checked("input[name=what][value=department]")
    page.fill("input[name=box]", "A-12")
    assert page.is_checked("input[name=what][value=box]")
    assert page.input_value("select[name=department]") == ""
    page.check("input[name=what][value=take]")
    assert page.input_value("input[name=box]") == ""
    assert visitor.complaints == []
