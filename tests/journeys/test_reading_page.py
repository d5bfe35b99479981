"""A clerk checks a page in a real browser: by keys on a desk, by touch on a phone, and by plain
fields where there is no JavaScript."""

import re
from typing import Any

import pytest

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor, deposit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


@pytest.fixture(scope="module")
def page_path(office: Office, chromium: Any) -> str:
    """The address of a scanned page that has been read, with words to check on it."""
    visitor = Visitor(chromium, office, size=DESKTOP)
    visitor.log_in("amina")
    deposit(visitor, files=["04-jam3iyat-tathir.pdf"], subject="Assainissement")
    letter = visitor.page.get_attribute('.actions a[href*="/letters/"]', "href")

    def path() -> str | None:
        visitor.open(str(letter))
        link = visitor.page.locator('.viewer-tools a[href*="/pages/"]')
        return str(link.first.get_attribute("href")) if link.count() else None

    found = str(wait_until(path, seconds=180))
    visitor.context.close()
    return found


def _open(visitor: Visitor, path: str) -> None:
    visitor.log_in("amina")
    visitor.open(path)


def _text(visitor: Visitor) -> str:
    return str(visitor.page.inner_text("#lines"))


def test_words_are_corrected_by_keys_and_kept(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    _open(visitor, page_path)
    keys = visitor.page.keyboard
    words = visitor.page.locator(".word")
    visitor.page.locator(".word").first.focus()
    assert visitor.page.locator("#boxes rect.here").get_attribute("data-at") == "0"
    keys.press("Enter")
    keys.type("جَمعيّةٌ")
    keys.press("Escape")
    assert "جَمعيّةٌ" not in _text(visitor)
    keys.press("ArrowLeft")  # on a page from right to left: the next word
    assert visitor.page.locator("#boxes rect.here").get_attribute("data-at") == "1"
    keys.press("Enter")
    keys.type("الرجاء")
    keys.press("Enter")
    assert words.nth(1).inner_text() == "الرجاء"
    keys.press("u")
    assert visitor.page.locator("#save").is_disabled()

    words.nth(1).focus()
    keys.press("l")
    keys.press("End")
    keys.type(" زيادة")
    keys.press("Enter")
    visitor.page.click("#save")
    visitor.page.wait_for_selector(".messages .success, .notice.success")

    assert "زيادة" in visitor.page.locator(".line").first.inner_text()
    assert visitor.page.locator("#checking").get_attribute("data-weak") is not None
    assert visitor.complaints == []


def test_a_picture_that_is_being_made_is_said_and_asked_for_again(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    asked: list[str] = []

    def be_busy(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) > 2:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="")

    visitor.page.route("**/pages/*.webp?w=1400", be_busy)
    visitor.open(page_path)
    told = visitor.page.locator("[data-picture-state]")
    told.wait_for(state="visible")
    assert "en cours de préparation" in told.inner_text()
    assert told.locator("[data-picture-again]").is_visible()
    picture = visitor.page.locator("#sheet img")
    wait_until(lambda: picture.evaluate("it => it.naturalWidth > 0"), seconds=120)
    told.wait_for(state="hidden")


def test_a_picture_that_never_comes_is_asked_for_by_a_button(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    pattern = "**/pages/*.webp?w=1400"
    visitor.page.route(pattern, lambda route: route.fulfill(status=404, body=""))
    visitor.open(page_path)
    told = visitor.page.locator("[data-picture-state]")
    told.get_by_text("ne peut pas être affichée").wait_for(state="visible")
    visitor.page.unroute(pattern)
    told.locator("[data-picture-again]").click()
    told.wait_for(state="hidden")
    assert visitor.page.locator("#sheet img").evaluate("it => it.naturalWidth > 0")


def test_a_picture_that_no_browser_can_show_is_not_asked_for_for_ever(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    page = visitor.page
    page.clock.install()
    broken = {"status": 200, "content_type": "image/webp", "body": "no picture"}
    page.route("**/pages/*.webp?w=1400", lambda route: route.fulfill(**broken))
    visitor.open(page_path)
    none = page.locator("[data-picture-state]").get_by_text("ne peut pas être affichée")

    def later() -> bool:
        page.clock.run_for(3000)
        return bool(none.is_visible())

    wait_until(later, seconds=60)


def test_a_picture_that_is_taken_away_is_not_asked_for(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    page = visitor.page
    page.clock.install()
    asked: list[str] = []

    def be_busy(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "1"}, body="")

    page.route("**/pages/*.webp?w=1400", be_busy)
    visitor.open(page_path)
    told = page.locator("[data-picture-state]")
    told.locator("[data-picture-again]").wait_for(state="visible")
    image = page.evaluate_handle("document.querySelector('#sheet img')")
    address = image.evaluate("it => it.getAttribute('src')")
    image.evaluate("it => it.removeAttribute('src')")  # as where a document has no picture
    told.wait_for(state="hidden")
    image.evaluate("(it, address) => { it.setAttribute('src', address); it.remove(); }", address)
    most = len(asked) + 2  # one under way, and the browser's own
    for _ in range(8):
        page.clock.run_for(5000)
        page.evaluate("fetch('/healthz').then((answer) => answer.status)")  # time for an answer
    assert len(asked) <= most


def test_a_picture_after_the_end_of_the_session_leads_to_the_log_in(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    visitor.log_in("amina")
    pattern = "**/pages/*.webp?w=1400"
    visitor.page.route(pattern, lambda route: route.fulfill(status=503, body=""))
    visitor.open(page_path)
    told = visitor.page.locator("[data-picture-state]")
    told.locator("[data-picture-again]").wait_for(state="visible")
    visitor.context.clear_cookies()
    visitor.page.unroute(pattern)
    told.locator("[data-picture-again]").click()
    told.get_by_text("Votre session a pris fin").wait_for(state="visible")
    told.get_by_role("button", name="Rouvrir la page").click()
    visitor.page.locator("input[type=password]").wait_for()


def test_a_missing_line_is_drawn_on_the_picture_and_typed_in(
    office: Office, chromium: Any, page_path: str
) -> None:
    visitor = Visitor(chromium, office, size=DESKTOP)
    _open(visitor, page_path)
    visitor.page.click("#add-line")
    window = visitor.page.locator("#window").bounding_box()
    assert window
    mouse = visitor.page.mouse
    mouse.move(window["x"] + 80, window["y"] + 30)
    mouse.down()
    mouse.move(window["x"] + 260, window["y"] + 48, steps=3)
    mouse.up()
    visitor.page.keyboard.type("Reçu au guichet")
    visitor.page.keyboard.press("Enter")
    visitor.page.click("#save")
    visitor.page.wait_for_selector(".messages .success, .notice.success")

    assert visitor.page.locator(".line").first.inner_text().split() == ["Reçu", "au", "guichet"]
    box = visitor.page.locator("#boxes rect[data-at='0']")
    assert float(str(box.get_attribute("y"))) < 60
    assert visitor.complaints == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_stands_on_a_phone_and_the_picture_follows_the_words(
    office: Office, chromium: Any, page_path: str, language: str
) -> None:
    visitor = Visitor(chromium, office, size=PHONE)
    _open(visitor, page_path)
    visitor.speak(language)
    visitor.open(page_path)
    assert visitor.overflow() <= 0
    visitor.page.locator(".word").last.click()
    seen = visitor.page.evaluate(
        """() => { const at = (node) => node.getBoundingClientRect();
        const box = at(document.querySelector("rect.here"));
        const view = at(document.getElementById("window"));
        return box.top >= view.top - 1 && box.bottom <= view.bottom + 1; }"""
    )
    assert seen
    assert visitor.overflow() <= 0
    assert visitor.complaints == []


def test_without_javascript_lines_are_fields(office: Office, chromium: Any, page_path: str) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    _open(visitor, page_path)
    assert visitor.overflow() <= 0
    last = visitor.page.locator('input[name^="line-"]').last
    last.fill("وتقبلوا فائق الاحترام")
    with visitor.page.expect_navigation():
        visitor.page.click("#save")

    assert re.search("/pages/1/$", visitor.page.url)
    kept = visitor.page.locator('input[name^="line-"]').last
    assert kept.input_value() == "وتقبلوا فائق الاحترام"
