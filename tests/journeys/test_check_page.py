"""A clerk checks twenty letters by keyboard alone, half of them in French and half in Arabic."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.check_letters import COUNT, DEPARTMENTS, KINDS
from tests.journeys.office import ROOT, Office
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]


def _script(office: Office, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.check_letters", *words],
        env=office.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def letters(office: Office) -> list[Any]:
    """COUNT letters in the queue one behind the other, read and understood."""
    return list(_script(office, "deposit"))


def _told(office: Office, letters: list[Any]) -> list[dict[str, Any]]:
    return list(_script(office, "told", *(letter["number"] for letter in letters)))


class Clerk(Visitor):
    """A visitor who only uses the keyboard, and looks where it led."""

    def here(self, letter: Any) -> None:
        """The page of this letter is open, fits, and waits for a key."""
        self.page.wait_for_url(f"**/check/{letter['id']}/", wait_until="domcontentloaded")
        assert self.page.evaluate("document.activeElement.id") == "facts"
        assert self.overflow() <= 0

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type over what is selected."""
        self.page.keyboard.type(text)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return str(self.page.input_value(f"#id_{name}"))

    def pointed_at(self) -> str:
        """The fact whose frame stands out on the picture."""
        return str(self.page.locator("#boxes rect.here").get_attribute("data-fact"))


def test_twenty_letters_are_checked_by_keyboard_alone(
    office: Office, chromium: Any, letters: list[Any]
) -> None:
    clerk = Clerk(chromium, office, size=DESKTOP)
    clerk.log_in("amina")
    clerk.open("/check/")
    assert clerk.page.evaluate("document.activeElement.matches('a.primary')")  # to start with Enter
    clerk.open(f"/check/{letters[0]['id']}/")
    for n in range(1, 11):
        clerk.here(letters[n - 1])
        if n in SPECIAL:
            SPECIAL[n](clerk)
        clerk.press("Enter")
    clerk.here(letters[10])
    clerk.speak("ar")
    clerk.here(letters[10])
    assert clerk.page.locator("html").get_attribute("dir") == "rtl"
    clerk.press("s")  # later: it comes again at the end
    for n in range(12, 21):
        clerk.here(letters[n - 1])
        if n in SPECIAL:
            SPECIAL[n](clerk)
        clerk.press("Enter")
    for letter in letters[20:]:
        clerk.here(letter)
        clerk.press("s")
    clerk.page.wait_for_url(lambda url: letters[21]["id"] not in url)
    clerk.open(f"/check/{letters[10]['id']}/")
    clerk.press("Enter")
    clerk.page.wait_for_url(lambda url: letters[10]["id"] not in url)

    assert clerk.complaints == []
    _all_is_decided_right(_told(office, letters))
    clerk.open("/office/")
    assert clerk.page.locator("#checks tbody tr td").nth(1).inner_text() == "20"


def _look_at_sources(clerk: Clerk) -> None:
    """Every field shows where it was read; pages turn by keys, and back for a field."""
    keys = {
        "o": "subject", "f": "sender_name", "e": "sender_email", "w": "document_date",
        "r": "external_reference",
    }  # fmt: skip
    for key, name in keys.items():
        clerk.press(key)
        assert clerk.pointed_at() == name
        clerk.press("Escape")
    clerk.press("]")
    assert clerk.page.inner_text("#page-number") == "2"
    clerk.press("o")
    assert clerk.page.inner_text("#page-number") == "1"
    clerk.press("Escape")


def _second_department(clerk: Clerk) -> None:
    clerk.press("2")
    assert clerk.value("department") == DEPARTMENTS[(3 + 1) % 4]


def _second_kind(clerk: Clerk) -> None:
    clerk.press("t", "2")


def _own_subject(clerk: Clerk) -> None:
    clerk.press("o")
    clerk.write("Objet du greffier")


def _no_email(clerk: Clerk) -> None:
    clerk.press("e", "Alt+Backspace")
    assert clerk.value("sender_email") == ""


def _one_line_is_wrong(clerk: Clerk) -> None:
    clerk.press("m", "Space")
    assert clerk.pointed_at()


def _settle_the_doubt(clerk: Clerk) -> None:
    assert clerk.value("department") == ""
    clerk.press("n", "Alt+1")
    assert clerk.value("department") == DEPARTMENTS[15 % 4]


def _think_better_of_it(clerk: Clerk) -> None:
    clerk.press("f")
    clerk.write("Ne comptez pas")
    clerk.press("Escape")
    assert clerk.value("sender_name") == "Syndic Amal"


def _by_tab(clerk: Clerk) -> None:
    clerk.press("d", "Tab", "Tab")
    assert clerk.page.evaluate("document.activeElement.id") == "id_subject"
    clerk.write("Par Tab")


SPECIAL: dict[int, Callable[[Clerk], None]] = {
    2: _look_at_sources, 3: _second_department, 5: _second_kind, 7: _own_subject, 9: _no_email,
    13: _one_line_is_wrong, 15: _settle_the_doubt, 17: _think_better_of_it, 19: _by_tab,
}  # fmt: skip


def _all_is_decided_right(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == COUNT
    for n, row in enumerate(rows, start=1):
        if n > 20:
            assert row["departments"] == []
            assert row["decisions"][f"subject=fuite d'eau devant le bloc {n}"] == "pending"
            continue
        assert row["departments"] == [DEPARTMENTS[(n + (n == 3)) % 4]], row
        assert row["kind"] == KINDS[(n + (n == 5)) % 4], row
        own = {7: "Objet du greffier", 19: "Par Tab"}
        assert row["subject"] == own.get(n, f"fuite d'eau devant le bloc {n}")
        assert row["sender"] == "Syndic Amal"
        assert row["email"] == ("" if n == 9 else f"syndic{n}@example.ma")
        assert (row["date"], row["reference"]) == ("2026-01-12", f"SY/{n}/2026")
        assert "pending" not in row["decisions"].values(), row
        enclosures = [d for key, d in row["decisions"].items() if key.startswith("enclosure=")]
        assert sorted(enclosures) == ["accepted", "corrected" if n == 13 else "accepted"]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_stands_on_a_phone_and_the_picture_follows_the_field(
    office: Office, chromium: Any, letters: list[Any], language: str
) -> None:
    clerk = Clerk(chromium, office, size=PHONE)
    clerk.log_in("amina")
    clerk.speak(language)
    clerk.open("/check/")
    assert clerk.overflow() <= 0
    clerk.open(f"/check/{letters[20]['id']}/")
    clerk.page.wait_for_load_state("load")
    clerk.page.locator("#id_subject").click()
    clerk.page.wait_for_function(
        """() => { const at = (node) => node.getBoundingClientRect();
        const box = at(document.querySelector("#boxes rect.here"));
        const view = at(document.getElementById("window"));
        return box.top >= view.top - 1 && box.bottom <= view.bottom + 1; }"""
    )
    assert clerk.overflow() <= 0
    assert clerk.complaints == []


def test_without_javascript_it_is_a_plain_form(
    office: Office, chromium: Any, letters: list[Any]
) -> None:
    visitor = Visitor(chromium, office, size=PHONE, script=False)
    visitor.log_in("amina")
    visitor.open(f"/check/{letters[21]['id']}/")
    assert visitor.overflow() <= 0
    visitor.page.fill("#id_subject", "Sans script")
    with visitor.page.expect_navigation():
        visitor.page.click("#accept")

    assert letters[21]["id"] not in visitor.page.url
    (row,) = _told(office, letters[21:])
    assert (row["subject"], row["departments"]) == ("Sans script", [DEPARTMENTS[22 % 4]])
