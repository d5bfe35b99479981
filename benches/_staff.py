"""Depositors, clerks and searchers of an office's day in a bench."""

import hashlib
import random
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import requests

from benches._browser import form_of, hidden
from benches._counter import PASSWORD
from benches._day import PATIENCE, WORDS, Accepted, Day, letter, until
from benches._recorded import RecordedBrowser

_CODE: Final = re.compile(r'id="code">([^<]+)<')
_NUMBER: Final = re.compile(r'<h1 class="number large">([^<]+)<')
_LETTER: Final = re.compile(r'href="(/letters/[0-9a-f-]{36}/)"')
_STEPS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    (r"assignments/[0-9a-f-]+/accept/", {}),
    (r"replies/[0-9a-f-]+/send/", {"method": "portal"}),
    (r"replies/[0-9a-f-]+/sign/", {}),
    (r"replies/[0-9a-f-]+/approve/", {}),
    (r"replies/[0-9a-f-]+/submit/", {}),
)
_ANSWER: Final = {
    "subject": "Suite à votre courrier",
    "body": "Votre demande a été traitée. Veuillez agréer nos salutations distinguées.",
    "submit": "1",
}
_SIGN_OFF: Final = {"method": "letter", "outcome": "favourable"}


class Depositor:
    """A program that deposits over the API, each letter under a key of its own."""

    def __init__(self, day: Day, name: str) -> None:
        self.day, self.name, self.token, self.sent = day, name, "", 0

    def round(self) -> None:
        """Deposit a letter until it is answered; one in twenty-five is one to be refused."""
        self.sent += 1
        if self.sent % 25 == 7:
            self._to_be_refused()
        else:
            number = self.day.books.next()
            name, content = letter(number, scans=self.day.scans)
            self._deposit(str(uuid.uuid4()), f"Mesure {number}", name, content)
        self.day.rest("depositing")

    def _deposit(self, key: str, subject: str, name: str, content: bytes) -> None:
        self.day.books.unsure.add(subject)
        answer = self._until(lambda: self._sent(key, subject, name, content), {200, 201})
        told, digest = answer.json(), hashlib.sha256(content).hexdigest()
        code = told["tracking_code"]
        self.day.books.accept(subject, Accepted(told["id"], told["number"], code, digest))

    def _to_be_refused(self) -> None:
        subject = f"Refused {uuid.uuid4().hex}"
        self.day.books.refused.append(subject)
        content = b"MZ\x90\x00" + bytes(200)
        call = lambda: self._sent(subject, subject, "facture.pdf", content, refusal=True)  # noqa: E731
        self._until(call, {422})

    def _sent(
        self, key: str, subject: str, name: str, content: bytes, *, refusal: bool = False
    ) -> requests.Response:
        headers = {"Authorization": f"Token {self._token()}", "Idempotency-Key": key}
        files = {"files": (name, content, "application/octet-stream")}
        return self.day.record.timed(
            "deposit over the API",
            lambda: requests.post(
                f"{self.day.url}/api/v1/letters", data={"subject": subject}, files=files,
                headers=headers, timeout=60,
            ),
            refusal=refusal,
        )  # fmt: skip

    def _token(self) -> str:
        if not self.token:
            given = {"username": self.name, "password": PASSWORD}
            address = f"{self.day.url}/api/v1/token"
            answer = self._until(
                lambda: self.day.record.timed(
                    "sign in", lambda: requests.post(address, json=given, timeout=60)
                ),
                {200, 201},
            )
            self.token = str(answer.json()["token"])
        return self.token

    def _until(self, call: Callable[[], requests.Response], wanted: set[int]) -> requests.Response:
        return until(self.day, call, wanted)


class Signed:
    """A person of the staff at a browser, signed in when it is needed."""

    role = ""

    def __init__(self, day: Day, name: str) -> None:
        self.day, self.name, self.signed_in = day, name, False
        self.browser = RecordedBrowser(day.url, day.record)

    def page(self, path: str) -> str:
        """Open a page; whoever was signed out signs in again."""
        for _again in range(3):
            if not self.signed_in:
                self.browser.log_in(self.name, PASSWORD)
                self.signed_in = True
            answer = self.browser.get(path)
            if answer.status_code == 200:
                return answer.text
            self.signed_in = not answer.headers.get("Location", "").startswith("/login/")
            if self.signed_in and answer.status_code in {302, 303}:
                path = answer.headers["Location"]
            elif self.signed_in:
                raise RuntimeError(f"{path}: {answer.status_code}")
        raise RuntimeError(f"{path}: no page after signing in")

    def rest(self) -> None:
        """Think."""
        self.browser.rest()
        self.day.rest(self.role)


class Clerk(Signed):
    """Takes a letter at the desk and brings it to its end: the office's part and a department's."""

    role = "desk"

    def __init__(self, day: Day, name: str, department: str) -> None:
        super().__init__(day, name)
        self.department = department

    def round(self) -> None:
        """Tray, register, route, accept, answer, approve, send, sign off."""
        self.page("/tray/")
        self.rest()
        place = self._register()
        self.day.books.begun.append(place.split("/")[2])
        deadline = time.monotonic() + 4 * PATIENCE
        while time.monotonic() < deadline:
            self.rest()
            if self._step(place):
                self.day.books.closed.append(place.split("/")[2])
                self.rest()
                return
            time.sleep(0.3)  # also when nobody thinks: what the machine draws takes its time
        raise TimeoutError(f"{place}: the journey does not end")

    def _register(self) -> str:
        """Register a letter by the form, the very same again where no answer comes."""
        page, number = self.page("/deposit/"), self.day.books.next()
        name, content = letter(number, scans=self.day.scans)
        subject = f"Mesure {number}"
        fields = hidden(form_of(page)) | {
            "subject": subject, "channel": "counter", "register": "IN", "confidentiality": "0",
            "sender_name": "Client du banc",
        }  # fmt: skip
        self.rest()
        self.day.books.unsure.add(subject)
        answer = until(
            self.day, lambda: self.browser.send_file("/deposit/", fields, (name, content)), {303}
        )
        shown = self.page(answer.headers["Location"])
        found, code = _NUMBER.search(shown), _CODE.search(shown)
        place = "/".join(answer.headers["Location"].split("/")[:3]) + "/"
        self.day.books.accept(
            subject,
            Accepted(
                place.split("/")[2],
                found.group(1) if found else "",
                code.group(1) if code else "",
                hashlib.sha256(content).hexdigest(),
            ),
        )
        return place

    def _step(self, place: str) -> bool:
        """Do what the letter's page offers next; return whether nothing is left to do."""
        page = self.page(place)
        for pattern, more in _STEPS:
            if action := re.search(rf'action="({place}{pattern})"', page):
                self._press(page, action.group(1), more)
                return False
        if form_of(page, f"{place}replies/") and not re.search(
            rf"{place}replies/[0-9a-f-]+/", page
        ):
            self._press(page, f"{place}replies/", _ANSWER)
            return False
        if action := re.search(rf'action="({place}assignments/[0-9a-f-]+/sign-off/)"', page):
            self._press(page, action.group(1), _SIGN_OFF)
            return False
        if '<li class="accepted">' in page or '<li class="open">' in page:
            return True  # the machine gave it to another department: theirs is the rest
        if '<li class="signed_off">' in page:
            return True
        self._press(page, f"{place}assign/", {"department": self.department, "role": "action"})
        return False

    def _press(self, page: str, action: str, more: dict[str, str]) -> None:
        """Send a form; what the office made of it the page tells."""
        fields = hidden(form_of(page, action)) | more
        try:
            answer = self.browser.post(action, fields)
        except requests.RequestException:
            self.day.pause()
            return
        if answer.headers.get("Location", "").startswith("/login/"):
            self.signed_in = False


class Searcher(Signed):
    """Searches by two words, and opens one letter in three lists."""

    role = "searching"

    def round(self) -> None:
        """Search once."""
        words = "+".join(random.sample(WORDS, 2))
        page = self.page(f"/search/?q={words}")
        places = _LETTER.findall(page)
        if places and random.random() < 1 / 3:
            self.rest()
            self.page(random.choice(places))
        self.rest()
