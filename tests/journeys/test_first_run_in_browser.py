"""From an empty database to an answered first letter: the wizard, a real invitation, two people.

Nothing is done in a shell but reading the link that the office prints when it starts.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.correspondence.mail_server import AnyPort, Postman
from tests.journeys.office import Office, running_office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

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
    assert re.search(r"BO/\d{4}/00001", page.inner_text("form.citizen-form"))
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


def test_an_empty_office_takes_its_first_letter(
    chromium: Any, empty_office: Office, postman: tuple[Postman, int]
) -> None:
    administrator = Visitor(chromium, empty_office, size=DESKTOP)
    administrator.open(link_of(empty_office))
    walk(administrator.page)
    assert "Amina Tazi" in administrator.page.inner_text("h1")

    wait_until(lambda: bool(postman[0].taken), seconds=60)
    mail = str(postman[0].taken[0].get_payload(decode=True).decode())  # type: ignore[union-attr]
    invited = re.search(r"(/invitation/\S+)", mail)
    assert invited, mail
    clerk = Visitor(chromium, empty_office, size=PHONE)
    clerk.open(invited[1])
    for field in ("new_password1", "new_password2"):
        clerk.page.fill(f"#id_{field}", PASSWORD)
    clerk.page.click(".door-card button.primary")
    clerk.page.fill("#id_username", "a.tazi")
    clerk.page.fill("#id_password", PASSWORD)
    clerk.page.press("#id_password", "Enter")
    clerk.page.wait_for_url("**/tray/**")

    citizen = Visitor(chromium, empty_office, size=PHONE, script=False)
    citizen.open("/portal/deposit/")
    assert "0522 00 00 00" in citizen.page.inner_text("footer")
    citizen.page.fill("#id_subject", "Lampadaire")
    citizen.page.fill("#id_message", "Le lampadaire devant l'école est cassé.")
    citizen.page.fill("#id_name", "Karim Tahiri")
    citizen.page.click("#deposit [data-send]")
    assert re.search(r"BO/\d{4}/00001", citizen.page.inner_text("main"))
    clerk.open("/tray/")
    assert re.search(r"BO/\d{4}/00001", clerk.page.inner_text("main"))


def test_pages_of_the_administration_fit_a_phone(chromium: Any, empty_office: Office) -> None:
    visitor = Visitor(chromium, empty_office, size={"width": 320, "height": 700})
    visitor.open("/login/")
    visitor.page.fill("#id_username", "s.idrissi")
    visitor.page.fill("#id_password", PASSWORD)
    visitor.page.press("#id_password", "Enter")
    visitor.page.wait_for_url(lambda url: "/login/" not in url)
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
