"""Those who pay in the bench of payments: banks and citizens with cards. They never pay blindly."""

import contextlib
import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from benches._browser import PATIENCE, Browser, form_of, hidden
from benches._money import Entry, Plan, code_of
from benches._partner import Partner
from tests.services.sim_nestpay import Simulated

PARTNER = "BENCH"
_ERRORS = (requests.RequestException, ValueError)
_RECEIPT = re.compile(r"R/\d{4}/\d{6}")
_ACTION = re.compile(r'<form method="post" action="(http[^"]+)"')


def decimal(amount: int) -> str:
    """Return centimes as a bank writes them."""
    return f"{amount // 100}.{amount % 100:02d}"


class Bank:
    """Pays over the biller API; a time-out is answered by asking, and by the same again."""

    def __init__(self, office: str, secret: str) -> None:
        self._office, self._session, self.again = office, requests.Session(), 0
        self._partner = Partner(PARTNER, secret, self._send)

    def run(self, entries: Iterable[Entry]) -> None:
        """Pay one after the other."""
        for entry in entries:
            entry.asked = True
            self._pay(entry)
            if entry.accepted and entry.reverse:
                self._reverse(entry)

    def _pay(self, entry: Entry) -> None:
        lines = [(number, decimal(amount)) for number, amount in entry.lines]
        at = datetime.now(UTC).isoformat()
        status, answer = self._sent_once(lambda: self._partner.pay(entry.key, lines, at))
        while status == 0:
            status, answer = self._call("GET", f"payments/{entry.key}")
            if status == 404:
                status, answer = self._sent_once(lambda: self._partner.pay(entry.key, lines, at))
        if status in {200, 201}:
            entry.accepted, entry.receipt = True, str(answer["receipt"])
        elif (status, answer.get("code")) != (422, "already_paid"):
            raise RuntimeError(f"{entry.key}: {status} {answer}")

    def _reverse(self, entry: Entry) -> None:
        path = f"payments/{entry.key}/reverse"
        status, answer = self._call("POST", path, {"reason": "erreur de guichet"})
        if (status, answer.get("status")) != (200, "reversed"):
            raise RuntimeError(f"{entry.key}: {status} {answer}")
        entry.gone = entry.total

    def _sent_once(self, call: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        """Return what is answered, or (0, {}) where nobody knows whether it was done."""
        try:
            status, answer = call()
        except _ERRORS:
            status, answer = 0, {}
        if status >= 500 or status == 0:
            self.again += 1
            time.sleep(0.3)
            return 0, {}
        return status, answer

    def _call(self, method: str, path: str, content: Any = None) -> tuple[int, Any]:
        """Call until it is answered: what may be repeated without harm."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = self._sent_once(lambda: self._partner.call(method, path, content))
            if found[0]:
                return found
        raise TimeoutError(path)

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, Any]:
        kind = {"Content-Type": "application/json"}
        answer = self._session.request(
            method, f"{self._office}{path}", data=body, headers=headers | kind, timeout=30
        )
        return answer.status_code, json.loads(answer.content)


class Citizen:
    """Somebody at home with a bill and a card, from an address of their own."""

    def __init__(self, office: str, plan: Plan, gate: Simulated, place: int) -> None:
        self.browser = Browser(office, address=f"127.0.{1 + place // 250}.{1 + place % 250}")
        self.plan, self.gate = plan, gate

    def run(self, entry: Entry) -> None:
        """Pay a bill by card; whoever is broken off begins anew, until they were at the bank."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(*_ERRORS):
                if self._tried(entry):
                    return
            self.browser.again += 1
            time.sleep(0.3)
        raise TimeoutError(f"{entry.lines}: nobody could pay by card")

    def _tried(self, entry: Entry) -> bool:
        [(number, _amount)] = entry.lines
        contract = self.plan.contracts[number]
        page = self.browser.get("/pay/find/").text
        fields = hidden(form_of(page)) | {"number": contract, "code": code_of(contract)}
        if self.browser.post("/pay/find/", fields).status_code != 303:
            return False
        page = self.browser.get(f"/pay/?contract={contract}").text
        if f'value="{number}"' not in page:
            return True  # paid meanwhile
        answer = self.browser.post("/pay/", hidden(form_of(page)) | {"bill": number})
        if answer.status_code != 303:
            return answer.status_code == 422
        place = answer.headers["Location"]
        confirm = self.browser.get(place).text
        target = _ACTION.search(confirm)
        if target is None:
            return False
        form = hidden(form_of(confirm, html.escape(html.unescape(target.group(1)))))
        entry.key = parse_qs(urlsplit(place).query)["order"][0]
        entry.asked = True
        back, given = self.gate.choose(form, entry.behaviour)
        with contextlib.suppress(*_ERRORS):
            self.browser.post(back, given)
        shown = self.browser.get(f"/pay/state/?order={entry.key}").text
        if found := _RECEIPT.search(shown):
            entry.receipt = found.group(0)
        return True


def by_card(office: str, plan: Plan, gate: Simulated, entries: list[Entry], first: int) -> None:
    """Have one citizen after the other pay."""
    for place, entry in enumerate(entries):
        Citizen(office, plan, gate, first + place).run(entry)


class Crowd:
    """Payers in threads of their own; what one of them could not do is kept."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._threads: list[threading.Thread] = []

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Let somebody begin."""

        def told() -> None:
            try:
                work()
            except Exception as error:  # a payer's trouble is the bench's result
                self.problems.append(f"{name}: {type(error).__name__}: {error}")

        thread = threading.Thread(target=told, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def pays(self) -> list[str]:
        """Return the names of those who are still at it."""
        return [thread.name for thread in self._threads if thread.is_alive()]
