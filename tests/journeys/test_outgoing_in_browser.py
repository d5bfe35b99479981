"""A letter that answers nothing leaves by registered post in a real browser: drafted, approved,
put on the list of the post office, closed, and its paper fetched. Only plain forms are pressed."""

from typing import Any

import pytest

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]
SUBJECT = "Avis de travaux, rue des Orangers"


def test_a_letter_goes_by_registered_post_to_its_list(office: Office, chromium: Any) -> None:
    badr = person(chromium, office, "badr", DESKTOP)
    draft = drafted_by(badr)
    dounia = person(chromium, office, "dounia", PHONE)
    dounia.speak("ar")
    dounia.open("/signing-folder/")
    be_busy_at_first(dounia.page)
    with dounia.page.expect_navigation():
        dounia.page.locator(".row a.subject", has_text=SUBJECT).click()
    waits_for_the_paper(dounia.page)
    busy, dounia.complaints[:] = list(dounia.complaints), []
    assert all(" 503 " in one for one in busy)
    with dounia.page.expect_navigation():
        dounia.page.locator('form[action$="/approve/"] button').click()

    badr.open(draft)
    badr.page.select_option("#draft-way", "registered")
    with badr.page.expect_navigation():
        badr.page.click('form[action$="/send/"] button')
    number = badr.page.inner_text(".page-head a.number").strip()
    assert "/OUT/" in number

    amina = person(chromium, office, "amina", DESKTOP)
    described_by(amina, number)
    wait_until(lambda: is_ready(amina, number), seconds=300)
    with amina.page.expect_navigation():
        amina.page.click('form[action$="/outgoing/close/"] button')
    paper = wait_until(lambda: paper_of(amina), seconds=300)
    assert paper.startswith(b"%PDF")
    wait_until(lambda: is_awaited(amina, number), seconds=300)  # posted by a job of its own
    assert badr.complaints == dounia.complaints == amina.complaints == []


def person(chromium: Any, office: Office, name: str, size: dict[str, int]) -> Visitor:
    visitor = Visitor(chromium, office, size=size)
    visitor.log_in(name)
    return visitor


def drafted_by(writer: Visitor) -> str:
    """A submitted draft; the address of its page."""
    page = writer.page
    writer.open("/drafts/new/outgoing/")
    page.fill("#to-name-1", "Société Al Amal")
    page.fill("#to-address-1", "5, rue des Orangers, El Jadida")
    page.fill('[name="subject"]', SUBJECT)
    page.fill('[name="body"]', "Des travaux auront lieu lundi dans votre rue.")
    with page.expect_navigation():
        page.click('button[name="submit"]')
    assert writer.overflow() <= 0
    return str(page.url.removeprefix(writer.office.url))


def be_busy_at_first(page: Any) -> None:
    """Let the first two requests for the paper's first page hear that others are drawn."""
    left = [503, 503]

    def answer(route: Any) -> None:
        if left:
            route.fulfill(status=left.pop(), headers={"Retry-After": "1"}, body="")
        else:
            route.continue_()

    page.route("**/paper/1.webp?w=900", answer)


def waits_for_the_paper(page: Any) -> None:
    """The reader is told that the page is being drawn, and sees it without doing anything."""
    told = page.locator(".paper-sheet [data-picture-state]").first
    told.wait_for(state="visible")
    image = page.locator(".paper-page img").first
    wait_until(lambda: image.evaluate("it => it.naturalWidth > 0"), seconds=120)
    told.wait_for(state="hidden")


def is_awaited(clerk: Visitor, number: str) -> bool:
    """Whether the letter is found, by its tracking number, among those not yet acknowledged."""
    clerk.open("/outgoing/waiting/?number=rr123456785ma")
    return number in clerk.page.inner_text("main")


def described_by(clerk: Visitor, number: str) -> None:
    """The letter gets its tracking number."""
    page = clerk.page
    clerk.open("/outgoing/?way=registered")
    row = page.locator(".row", has_text=number)
    row.locator('[name="tracking_number"]').fill("RR123456785MA")
    row.locator('[name="weight"]').fill("40")
    with page.expect_navigation():
        row.locator(".line-form button").click()


def is_ready(clerk: Visitor, number: str) -> bool:
    """Whether the letter's own paper is drawn, so that a list takes it."""
    clerk.open("/outgoing/?way=registered")
    return bool(clerk.page.locator(".row", has_text=number).locator(".tag.ok").count())


def paper_of(clerk: Visitor) -> bytes:
    """The newest list's PDF as soon as it is drawn; b"" before."""
    clerk.open("/outgoing/lists/")
    link = clerk.page.locator('a[href$=".pdf"]').first
    if not link.count():
        return b""
    address = f"{clerk.office.url}{link.get_attribute('href')}"
    return bytes(clerk.context.request.get(address).body())
