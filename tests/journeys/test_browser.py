"""The pages in a real browser: Chromium, desktop and phone, Arabic and French, with and without
JavaScript. Nothing is refused by the pages' own content policy, nothing overflows a phone."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.office import PASSWORD, ROOT, Office, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]
SAMPLES = ROOT / "samples" / "files"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, driven by playwright."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        reason = "no chromium here (Debian's package: chromium): the pages were not tried"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


class Visitor:
    """A browser window that remembers what went wrong in it."""

    def __init__(
        self, browser: Any, office: Office, *, size: dict[str, int], script: bool = True
    ) -> None:
        self.office = office
        self.context = browser.new_context(
            viewport=size, java_script_enabled=script, locale="fr-FR"
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Go to a page of the office."""
        answer = self.page.goto(self.office.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def log_in(self, username: str) -> None:
        """Through the log-in page."""
        self.open("/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_load_state()
        assert "/login/" not in self.page.url

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def speak(self, language: str) -> None:
        """Choose a language by its button."""
        self.page.locator(f'button[name="language"][value="{language}"]').first.click()
        self.page.wait_for_load_state()


def _deposit(visitor: Visitor, *, files: list[str], subject: str) -> str:
    visitor.open("/deposit/")
    visitor.page.set_input_files('input[name="files"]', [str(SAMPLES / name) for name in files])
    visitor.page.fill("#id_subject", subject)
    visitor.page.locator("#deposit button[data-send], #deposit [type=submit]").first.click()
    visitor.page.wait_for_url(re.compile(r"/registered/"), timeout=60_000)
    return str(visitor.page.inner_text("h1.number")).strip()


def test_a_clerk_registers_two_files_and_the_letter_reads_itself(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    number = _deposit(
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
    number = _deposit(visitor, files=["11-demande-stage.docx"], subject="Demande de stage")
    assert re.fullmatch(r"\d{4}/IN/\d{6}", number)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_stand_in_every_language_and_width(
    office: Office, chromium: Any, language: str, size: dict[str, int]
) -> None:
    visitor = Visitor(chromium, office, size=size)
    visitor.open("/portal/")
    visitor.speak(language)
    for path in ("/portal/", "/portal/deposit/", "/follow/", "/verify/", "/login/"):
        _stands(visitor, path, language)
    visitor.log_in("amina")
    visitor.open("/deposit/")
    visitor.speak(language)
    pages = ("/deposit/", "/tray/", "/inbox/", "/search/?q=fuite", "/register/", "/office/")
    for path in pages:
        _stands(visitor, path, language)
    assert visitor.complaints == []


def _stands(visitor: Visitor, path: str, language: str) -> None:
    visitor.open(path)
    html = visitor.page.locator("html")
    assert html.get_attribute("lang") == language, path
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr"), path
    assert visitor.overflow() <= 0, f"{path} is wider than the window"
