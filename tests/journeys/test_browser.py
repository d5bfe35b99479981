"""The pages in a real browser: Chromium, desktop and phone, Arabic and French, with and without
JavaScript. Nothing is refused by the pages' own content policy, nothing overflows a phone."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, SAMPLES, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def test_a_clerk_registers_two_files_and_the_letter_reads_itself(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    number = deposit(
        visitor,
        files=["02-syndic-coupures.pdf", "03-IMG_20260203_facture.jpg"],
        subject="Coupures répétées",
    )
    assert re.fullmatch(r"\d{4}/IN/\d{6}", number)
    letter = visitor.page.get_attribute('.actions a[href*="/letters/"]', "href")
    assert letter

    def read() -> bool:
        visitor.open(letter)
        return "disjoncteur" in visitor.page.inner_text("main").lower()

    wait_until(read, seconds=180)
    visitor.open(f"/search/?q={number}")
    assert number in visitor.page.inner_text("main")
    assert visitor.complaints == []


def test_a_clerk_registers_without_javascript(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    visitor.log_in("amina")
    number = deposit(visitor, files=["11-demande-stage.docx"], subject="Demande de stage")
    assert re.fullmatch(r"\d{4}/IN/\d{6}", number)


def test_keys_and_buttons_of_scripts_stand_only_where_they_do_something(
    office: Office, chromium: Any
) -> None:
    for script in (True, False):
        visitor = Visitor(chromium, office, size=DESKTOP, script=script)
        visitor.log_in("amina")
        visitor.open("/tray/")
        assert visitor.page.locator("main kbd").first.is_visible() is script
        visitor.open("/register/")
        assert visitor.page.locator("[data-print]").is_visible() is script


def test_a_head_is_not_offered_who_is_away_as_the_stand_in(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("dounia")
    visitor.open("/absences/")
    page = visitor.page
    offered = page.locator("#id_delegate option:not([disabled])")
    for away, other in (("Badr Lahlou", "Dounia Rahmani"), ("Dounia Rahmani", "Badr Lahlou")):
        page.select_option("#id_person", label=away)
        names = [name.strip() for name in offered.all_text_contents()]
        assert away not in names
        assert other in names
    assert visitor.complaints == []


def test_the_next_letter_of_the_tray_is_at_hand_after_each_by_keys_alone(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    page = visitor.page
    for subject in ("Première", "Deuxième", "Troisième"):
        deposit(visitor, files=["11-demande-stage.docx"], subject=subject)
    visitor.open("/tray/?order=newest")
    rows = page.locator("[data-row]")
    first, second = (rows.nth(n).get_attribute("id") for n in (0, 1))
    page.keyboard.press("j")
    page.locator(f"#{first} a.subject:focus").wait_for()
    page.keyboard.press("c")
    page.locator(f"#{first} select:focus").select_option("EAU")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"#{second} a.subject:focus").wait_for()
    assert page.locator(".tray-done").count() == 1


def test_a_sender_without_a_space_stays_within_a_phone(office: Office, chromium: Any) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    sender = "bureau.dordre.direction.regionale@regie-distribution.ma"
    files = ["11-demande-stage.docx"]
    number = deposit(visitor, files=files, subject="Demande", sender=sender)
    visitor.open(f"/search/?q={number}")
    assert sender in visitor.page.inner_text("main")
    assert visitor.overflow() <= 0, visitor.too_wide()


def test_text_that_is_twice_as_large_stays_within_a_phone(
    office: Office, playwright_driver: Any, chromium_program: str
) -> None:
    """As who sees badly sets it in their browser (WCAG 2.2, 1.4.4)."""
    flags = ["--no-sandbox", "--disable-gpu", "--blink-settings=defaultFontSize=32"]
    large = playwright_driver.chromium.launch(executable_path=chromium_program, args=flags)
    try:
        visitor = Visitor(large, office, size=PHONE)
        for language in ("ar", "fr"):
            visitor.open("/portal/")
            visitor.speak(language)
            for path in (
                "/portal/", "/services/cancellation/", "/services/cancellation/form/contract/",
                "/pay/find/", "/portal/deposit/", "/readings/send/", "/follow/",
                "/follow/lost-code/", "/my/sign-in/",
            ):  # fmt: skip
                visitor.open(path)
                size = visitor.page.locator("h1").first.evaluate(
                    "e => getComputedStyle(e).fontSize"
                )
                assert float(size.removesuffix("px")) > 32
                assert visitor.overflow() <= 0, f"{path}\n{visitor.too_wide()}"
    finally:
        large.close()


def test_a_citizen_without_javascript_keeps_the_photo_through_an_error(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    page = visitor.page
    visitor.open("/portal/deposit/")
    page.fill("#id_message", "Une fuite devant chez moi.")
    page.set_input_files("input[type=file] >> nth=0", SAMPLES / "03-IMG_20260203_facture.jpg")
    page.set_input_files("input[type=file] >> nth=1", SAMPLES / "02-syndic-coupures.pdf")
    page.click("[data-send]")
    expect(page.locator(".held .file-name")).to_have_text(
        ["03-IMG_20260203_facture.jpg", "02-syndic-coupures.pdf"]
    )
    assert visitor.overflow() == 0
    page.fill("#id_subject", "Fuite")
    page.fill("#id_name", "Client d'essai")
    page.check(".held li:has-text('02-syndic') input[type=checkbox]")
    page.click("[data-send]")
    page.wait_for_url("**/portal/deposit/done/")
    words = page.inner_text("main")
    assert "03-IMG_20260203_facture.jpg" in words
    assert "message.txt" in words
    assert "02-syndic" not in words


def test_a_refused_file_with_a_long_name_leaves_the_page_as_wide_as_the_phone(
    office: Office, chromium: Any, tmp_path: Path
) -> None:
    empty = tmp_path / f"oom-{'225817ca0f8c663be7ab4b9e' * 3}.pdf"
    empty.touch()
    visitor = Visitor(chromium, office, size=PHONE)
    page = visitor.page
    visitor.open("/portal/deposit/")
    page.fill("#id_subject", "Fuite")
    page.fill("#id_name", "Client d'essai")
    page.set_input_files("input[type=file] >> nth=0", empty)
    page.click("[data-send]")
    page.locator(".notice.error", has_text="oom-2258").wait_for()
    assert visitor.overflow() == 0


def test_what_is_changed_after_a_broken_answer_is_told_and_sent_as_a_new_letter(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    page = visitor.page
    visitor.open("/portal/deposit/")
    for name in ("subject", "name", "message"):
        page.fill(f"#id_{name}", "Fuite")
    key = page.input_value("[name=deposit_key]")
    page.click("[data-send]")
    page.wait_for_url("**/portal/deposit/done/")
    number = page.inner_text("main")
    visitor.open("/portal/deposit/")
    for name in ("subject", "name", "message"):
        page.fill(f"#id_{name}", "Fuite, rue B")
    page.evaluate("key => { document.querySelector('[name=deposit_key]').value = key; }", key)
    page.set_input_files("input[type=file] >> nth=0", SAMPLES / "02-syndic-coupures.pdf")
    page.click("[data-send]")
    page.wait_for_selector("#deposit-errors .notice")
    told = re.search(r"\d{4}/IN/\d{6}", page.inner_text("#deposit-errors"))
    assert told
    assert told[0] in number
    page.click("[data-send]")
    page.wait_for_url("**/portal/deposit/done/")
    words = page.inner_text("main")
    assert told[0] not in words
    assert "02-syndic-coupures.pdf" in words


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_stand_in_every_language_and_width(
    office: Office, chromium: Any, language: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.open("/portal/")
    visitor.speak(language)
    for path in ("/portal/", "/portal/deposit/", "/follow/", "/verify/", "/login/"):
        _stands(visitor, path, language)
    visitor.log_in("amina")
    visitor.open("/deposit/")
    visitor.speak(language)
    pages = (
        *("/deposit/", "/tray/", "/inbox/", "/search/?q=fuite", "/register/", "/office/"),
        *("/contacts/", "/contacts/new/", "/contacts/doubles/"),
        *("/drafts/", "/drafts/new/outgoing/", "/drafts/new/internal/", "/mailings/new/"),
        *("/signing-folder/", "/signature/", "/absences/"),
        *("/custody/", "/batches/", "/outgoing/", "/outgoing/lists/", "/outgoing/counter/"),
        *("/outgoing/waiting/", "/outgoing/back/", "/lists/", "/lists/due/", "/lists/refusals/"),
        *("/mailings/", "/figures/"),
    )
    for path in pages:
        _stands(visitor, path, language)
    assert visitor.complaints == []
    keeper = Visitor(chromium, office, size=DESKTOP)
    keeper.log_in("admin")
    keeper.open("/templates/")
    keeper.speak(language)
    for path in ("/templates/", "/distribution/", "/circuits/", "/circuits/new/", "/partners/"):
        _stands(keeper, path, language)
    assert keeper.complaints == []


def _stands(visitor: Visitor, path: str, language: str) -> None:
    visitor.open(path)
    html = visitor.page.locator("html")
    assert html.get_attribute("lang") == language, path
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr"), path
    for size in (PHONE, DESKTOP):
        visitor.page.set_viewport_size(size)
        assert visitor.overflow() <= 0, (
            f"{path} is wider than {size['width']} pixels:\n{visitor.too_wide()}"
        )
