"""Pages that stand open when the session ends: out of sight, and back with their person alone."""

from typing import Any

import pytest

from tests.journeys.office import PASSWORD, Office
from tests.journeys.visitor import DESKTOP, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]
SUBJECT = "Coupures répétées rue des Orangers"
AGED = """
import time
from django.contrib.sessions.backends.db import SessionStore
kept = SessionStore({key!r})
kept[{name!r}] = int(time.time()) - {seconds}
kept.save()
"""


def age(visitor: Visitor, name: str, seconds: int) -> None:
    """Set when the session began or was last seen: so many seconds ago."""
    cookies = {one["name"]: one["value"] for one in visitor.context.cookies()}
    words = AGED.format(key=cookies["sessionid"], name=name, seconds=seconds)
    visitor.office.manage("shell", "-c", words)


def at_the_sign_in(url: str) -> bool:
    return "/login/" in url


def at_a_letter(browser: Any, office: Office) -> Visitor:
    """Return a clerk with the page of a letter before them."""
    visitor = Visitor(browser, office, size=DESKTOP)
    visitor.log_in("amina")
    deposit(visitor, files=["11-demande-stage.docx"], subject=SUBJECT)
    path = visitor.page.get_attribute('.actions a[href*="/letters/"]', "href")
    assert path
    visitor.open(path)
    return visitor


def test_a_page_left_open_gives_way_to_the_sign_in_and_back(office: Office, chromium: Any) -> None:
    """A session of which twenty seconds are left when its page is opened."""
    visitor = at_a_letter(chromium, office)
    page, path = visitor.page, visitor.page.evaluate("location.pathname")
    age(visitor, "signed_in_since", 12 * 3600 - 20)
    page.goto(office.url + path)
    assert SUBJECT in page.inner_text("main")
    page.wait_for_url(at_the_sign_in, timeout=90_000)
    assert SUBJECT not in page.content()
    page.fill("#id_username", "amina")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(f"**{path}")
    assert SUBJECT in page.inner_text("main")
    assert visitor.complaints == []


def test_what_was_typed_comes_back_with_its_person_and_goes_from_another(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    visitor.open("/deposit/")
    page = visitor.page
    typed = "document.querySelector('#id_subject')?.value"
    for name, stays in (("amina", True), ("direction", False)):
        page.fill("#id_subject", SUBJECT)
        age(visitor, "signed_in_since", 13 * 3600)
        other = visitor.context.new_page()
        other.goto(office.url + "/login/")  # nobody is in: every window is told
        page.locator("[data-again]").wait_for()
        assert "id_subject" not in page.content()
        assert "session" in page.title()
        assert page.get_attribute("[data-again]", "href") == "/deposit/"
        other.fill("#id_username", name)
        other.fill("#id_password", PASSWORD)
        other.press("#id_password", "Enter")
        other.wait_for_url(lambda url: not at_the_sign_in(url))
        page.locator("[data-again]").wait_for(state="detached")
        page.wait_for_load_state()
        assert (page.evaluate(typed) == SUBJECT) is stays
        other.close()


def test_another_window_keeps_the_page_in_sight(office: Office, chromium: Any) -> None:
    """The window's clock is put on by more than an hour; the office's session goes on."""
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.page.clock.install()
    visitor.log_in("amina")
    visitor.open("/tray/")
    with visitor.page.expect_response("**/session/left/") as asked:
        visitor.page.clock.fast_forward("01:01:00")
    assert asked.value.json()["staff"]["seconds"] > 3000
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.locator("[data-again]").count() == 0
    assert visitor.page.locator("main h1").count() == 1
    age(visitor, "seen_at", 3700)
    visitor.page.clock.fast_forward("01:01:00")
    visitor.page.wait_for_url(at_the_sign_in)
    assert visitor.complaints == []


def test_who_works_on_a_page_is_seen_without_a_click_on_a_link(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.page.clock.install()
    visitor.log_in("amina")
    visitor.open("/deposit/")
    age(visitor, "seen_at", 3500)
    visitor.page.clock.fast_forward("00:50:00")
    with visitor.page.expect_response("**/session/left/?here") as asked:
        visitor.page.type("#id_subject", "F")
    assert asked.value.json()["staff"]["seconds"] > 3000


def test_while_the_office_cannot_be_asked_the_page_is_hidden_and_comes_back(
    office: Office, chromium: Any
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.page.clock.install()
    visitor.log_in("amina")
    visitor.open("/tray/")
    visitor.context.set_offline(True)
    visitor.page.clock.fast_forward("01:01:00")
    visitor.page.locator("[data-again]").wait_for()
    visitor.context.set_offline(False)
    visitor.page.clock.fast_forward("00:01:00")
    visitor.page.locator("[data-again]").wait_for(state="detached")
    assert visitor.page.locator("main h1").count() == 1
