"""From an empty database to an answered first letter: the wizard, real invitations, a passkey.

Nothing is done in a shell but reading the link that the office prints when it starts.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.correspondence.mail_server import AnyPort, Postman
from tests.journeys.office import Office, running_office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, AtHostName, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("first_run")]
PASSWORD = "je-note-chaque-lettre"


@pytest.fixture(scope="module")
def postman() -> Iterator[tuple[Postman, int]]:
    """A mail server, and its port."""
    taken = Postman()
    controller = AnyPort(taken, hostname="127.0.0.1", port=0)
    controller.start()
    yield taken, controller.port
    controller.stop()


@pytest.fixture(scope="module")
def empty_office(
    tmp_path_factory: pytest.TempPathFactory, postman: tuple[Postman, int]
) -> Iterator[Office]:
    """An office with nothing in it, which sends its mails."""
    folder: Path = tmp_path_factory.mktemp("empty")
    url = f"smtp://127.0.0.1:{postman[1]}"
    with running_office(folder, begin="migrate --no-input", EMAIL_URL=url) as office:
        yield office


@pytest.fixture(scope="module")
def administrator(chromium: Any, empty_office: Office) -> Iterator[Visitor]:
    """Who answered the wizard of the empty office, and is signed in."""
    visitor = Visitor(chromium, empty_office, size=DESKTOP)
    visitor.open(link_of(empty_office))
    walk(visitor.page)
    yield visitor
    visitor.context.close()


def link_of(office: Office) -> str:
    """The path of the link that the office printed."""
    log = (Path(office.environment["DATA_DIR"]) / "office.log").read_text(encoding="utf-8")
    found = re.search(r"(/first-run/[^/\s]+/)", log)
    assert found, log
    return found[1]


def walk(page: Any) -> None:
    """Answer every step; pages never grow wider than the window."""
    page.fill("#id_name_ar", "جماعة عين السبع")
    page.fill("#id_name_fr", "Commune d'Aïn Sebaâ")
    page.fill("#id_telephones", "0522 00 00 00")
    page.click("form.citizen-form button.primary")
    page.locator("input[value=commune]").check()
    page.click("form.citizen-form button.primary")
    page.fill("#id_IN", "BO/{year}/{serial:05d}")
    page.click("button[name=preview]")
    expect(page.locator("form.citizen-form")).to_contain_text(re.compile(r"BO/\d{4}/00001"))
    page.click("form.citizen-form button.primary")
    page.click("form.citizen-form button.primary")
    for field, value in (
        *(("first_name", "Salma"), ("last_name", "Idrissi"), ("username", "s.idrissi")),
        *(("password", PASSWORD), ("again", PASSWORD)),
        *(("clerk_first_name", "Amina"), ("clerk_last_name", "Tazi")),
        *(("clerk_username", "a.tazi"), ("clerk_email", "a.tazi@commune.example")),
    ):
        page.fill(f"#id_{field}", value)
    page.click("form.citizen-form button.primary")
    page.wait_for_url("**/administration/people/**")


def invitation(postman: Postman, *, to: str) -> str:
    """The path of the link in the mail that invites this address."""

    def arrived() -> str:
        for mail in postman.taken:
            found = re.search(r"(/invitation/\S+)", str(mail.get_payload(decode=True).decode()))  # type: ignore[union-attr]
            if found and to in str(mail["To"]):
                return found[1]
        return ""

    return str(wait_until(arrived, seconds=60))


def come_in(person: Visitor, username: str, link: str) -> None:
    """Follow the invitation, choose a password, and sign in with it."""
    person.open(link)
    for field in ("new_password1", "new_password2"):
        person.page.fill(f"#id_{field}", PASSWORD)
    person.page.click(".door-card button.primary")
    person.page.fill("#id_username", username)
    person.page.fill("#id_password", PASSWORD)
    person.page.press("#id_password", "Enter")
    person.page.wait_for_url(lambda url: "/login" not in url and "/invitation" not in url)


def invite_head(administrator: Visitor) -> str:
    """Invite the head of a department by the page of people; the department's code."""
    page = administrator.page
    administrator.open("/administration/people/new/")
    codes: list[str] = page.locator("select[name^=role_]").evaluate_all(
        "found => found.map(one => one.name.slice(5))"
    )
    code = next(code for code in codes if code != "BO")
    for field, value in (
        *(("username", "k.alami"), ("first_name", "Kenza"), ("last_name", "Alami")),
        ("email", "k.alami@commune.example"),
    ):
        page.fill(f"#id_{field}", value)
    page.select_option(f"#role-{code}", "head")
    page.locator("main form button.primary").first.click()
    page.wait_for_url(re.compile(r"/administration/people/\d+/"))
    return code


def answer(head: Visitor, subject: str, words: str) -> None:
    """Take the letter from the inbox, write the answer, approve it and send it."""
    page = head.page
    head.open("/inbox/")
    page.locator(f'main a[href*="/letters/"]:has-text("{subject}")').first.click()
    page.wait_for_url("**/letters/**")
    page.locator('.verbs-in-reach form[action$="/accept/"] button').click()
    page.locator('.verbs-in-reach a[href="#rs-new"]').click()
    page.fill("#rb-new", words)
    page.locator('#rs-new >> xpath=ancestor::form >> css=button[name="submit"]').click()
    page.locator('.letter-bar form[action$="/approve/"] button').first.click()
    page.locator('.letter-bar a[href^="#w-"]').first.click()
    with page.expect_navigation():
        page.locator('form[action$="/send/"] button.primary').first.click()


def test_an_empty_office_answers_its_first_letter(
    chromium: Any, empty_office: Office, administrator: Visitor, postman: tuple[Postman, int]
) -> None:
    assert "Amina Tazi" in administrator.page.inner_text("h1")
    code = invite_head(administrator)

    clerk = Visitor(chromium, empty_office, size=PHONE)
    come_in(clerk, "a.tazi", invitation(postman[0], to="a.tazi@commune.example"))
    head = AtHostName(chromium, empty_office, size=DESKTOP)
    head.carry_passkeys()
    come_in(head, "k.alami", invitation(postman[0], to="k.alami@commune.example"))
    head.open("/account/second-step/passkeys/new/")
    head.page.click("form[data-passkey] button.primary")
    head.page.wait_for_url("**/account/second-step/codes/")
    head.log_out()
    head.page.click("form[data-passkey] button")  # no name, no password
    head.page.wait_for_url(lambda url: "/login" not in url)

    citizen = Visitor(chromium, empty_office, size=PHONE, script=False)
    citizen.open("/portal/deposit/")
    assert "0522 00 00 00" in citizen.page.inner_text("footer")
    citizen.page.fill("#id_subject", "Lampadaire")
    citizen.page.fill("#id_message", "Le lampadaire devant l'école est cassé.")
    citizen.page.fill("#id_name", "Karim Tahiri")
    citizen.page.click("#deposit [data-send]")
    citizen.page.wait_for_url("**/done/")
    found = re.search(r"BO/\d{4}/00001", citizen.page.inner_text("main"))
    assert found
    tracking = citizen.page.inner_text("main .code")

    clerk.open("/tray/")
    clerk.page.locator('main a[href*="/letters/"]:has-text("Lampadaire")').first.click()
    clerk.page.wait_for_url("**/letters/**")
    form = clerk.page.locator('form[action$="/assign/"]:has(select)').last
    if not form.locator("select[name=department]").is_visible():
        clerk.page.locator('a[href="#assign-department"], a[href="#routing"]').first.click()
    form.locator("select[name=department]").select_option(code)
    with clerk.page.expect_navigation():
        form.locator("button").last.click()
    answer(head, "Lampadaire", "Le lampadaire est réparé depuis ce matin.")

    reader = Visitor(chromium, empty_office, size=PHONE)
    reader.open("/follow/")
    reader.page.fill("#id_number", found[0])
    reader.page.fill("#id_code", tracking)
    reader.page.press("#id_code", "Enter")
    reader.page.wait_for_url("**/follow/letter/")

    def paper_there() -> str:
        """The page of the answer whose paper is drawn."""
        reader.open("/follow/letter/")
        links = reader.page.locator('main a[href*="/follow/reply/"]')
        for page in {str(link.get_attribute("href")) for link in links.all()}:
            answered = reader.context.request.get(f"{empty_office.url}{page}file/")
            if answered.headers["content-type"] == "application/pdf":
                return page
        return ""

    reply = wait_until(paper_there, seconds=90)
    reader.open(reply)
    heard = reader.page.locator("main").aria_snapshot()  # what a screen reader is given
    assert "- article" in heard
    assert "Commune d'Aïn Sebaâ" in heard
    assert "Le lampadaire est réparé depuis ce matin." in heard
    assert 'heading "' in heard
    assert reader.overflow() <= 0
    fetched = reader.context.request.get(f"{empty_office.url}{reply}file/")
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=fetched.body(), capture_output=True, check=True
    ).stdout.decode()
    assert "Commune d'Aïn Sebaâ" in words.replace("’", "'")
    assert head.complaints == clerk.complaints == reader.complaints == []


@pytest.mark.usefixtures("administrator")
def test_pages_of_the_administration_fit_a_phone(chromium: Any, empty_office: Office) -> None:
    visitor = Visitor(chromium, empty_office, size={"width": 320, "height": 700})
    visitor.sign_in("s.idrissi", PASSWORD)
    for language in ("ar", "fr"):
        visitor.open("/administration/")
        visitor.speak(language)
        for path in (
            *("", "institution/", "people/", "people/new/", "people/1/", "departments/"),
            *("departments/new/", "departments/1/", "departments/1/close/", "kinds/", "kinds/1/"),
            *("registers/", "registers/1/", "tables/people/", "announcements/", "health/"),
        ):
            visitor.open(f"/administration/{path}")
            assert visitor.overflow() <= 0, f"{language} {path}"
    assert visitor.complaints == []
