"""Somebody in front of a real browser: Chromium's window, and what went wrong in it."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as NotInTimeError

from tests.journeys.office import PASSWORD, ROOT, Office

SAMPLES = ROOT / "samples" / "files"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Visitor:
    """A browser window that remembers what went wrong in it."""

    def __init__(
        self,
        browser: Any,
        office: Office,
        *,
        size: dict[str, int],
        script: bool = True,
        locale: str = "fr-FR",
    ) -> None:
        self.office = office
        self.context = browser.new_context(viewport=size, java_script_enabled=script, locale=locale)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}".strip())

    def open(self, path: str) -> None:
        """Go to a page of the office."""
        answer = self.page.goto(self.office.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def sign_in(self, username: str, password: str) -> None:
        """By the form of the log-in page; AssertionError with what the page says otherwise."""
        self.open("/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.press("#id_password", "Enter")
        try:
            self.page.wait_for_url(lambda url: "/login/" not in url, timeout=60_000)
        except NotInTimeError as error:
            raise AssertionError(self.scene()) from error

    def scene(self) -> str:
        """Return where the browser is, what the page says, and what the office logged last."""
        log = Path(self.office.environment["DATA_DIR"]) / "office.log"
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        words = self.page.inner_text("body", timeout=5_000)
        return f"{self.page.url}\n{words[:1500]}\n{self.complaints}\n{said[-3000:]}"

    def log_in(self, username: str) -> None:
        """As one of the demo's people; the pages then speak French, whatever was before."""
        self.sign_in(username, PASSWORD)
        if self.page.locator("html").get_attribute("lang") != "fr":
            self.speak("fr")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def too_wide(self) -> str:
        """What of the page ends beyond its window, innermost last."""
        return str(
            self.page.evaluate(
                "[...document.querySelectorAll('body *')].filter(one => {"
                " const box = one.getBoundingClientRect(); return box.right > innerWidth + 0.5"
                " || box.left < -0.5 }).slice(0, 12).map(one => one.outerHTML.slice(0, 160))"
                ".join('\\n')"
            )
        )

    def speak(self, language: str) -> None:
        """Choose a language by its button."""
        self.page.locator(f'button[name="language"][value="{language}"]').first.click()
        self.page.locator(f'html[lang="{language}"]').wait_for(state="attached")


class AtHostName(Visitor):
    """At the office's host name: browsers bind no passkey to an IP address."""

    def open(self, path: str) -> None:
        """Go to a page of the office."""
        answer = self.page.goto(self.office.url.replace("127.0.0.1", "localhost") + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def log_out(self) -> None:
        """By the button of the menu."""
        self.page.locator("details.who > summary").click()
        self.page.click('form[action="/logout/"] button')
        self.page.wait_for_url("**/login/")

    def carry_passkeys(self) -> None:
        """Give the browser a device that keeps passkeys."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def deposit(visitor: Visitor, *, files: list[str], subject: str, sender: str = "") -> str:
    """Register sample files at the desk; the letter's number."""
    visitor.open("/deposit/")
    visitor.page.set_input_files('input[name="files"]', [str(SAMPLES / name) for name in files])
    visitor.page.fill("#id_subject", subject)
    visitor.page.fill("#id_sender_organisation", sender)
    visitor.page.locator("#deposit button[data-send], #deposit [type=submit]").first.click()
    visitor.page.wait_for_url(re.compile(r"/registered/"), timeout=60_000)
    return str(visitor.page.inner_text("h1.number")).strip()
