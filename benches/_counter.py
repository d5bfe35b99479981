"""The office's own people in the bench of payments: a cashier, a head, and who takes bank files."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from benches._browser import PATIENCE, Browser, form_of, hidden
from benches._money import CARD, COUNTER, Entry
from benches._payers import decimal
from tests.eservices.payments.banks import camt, entry, mt940, transaction
from tests.production.office import ROOT, Office, kill
from tests.services.sim_nestpay import Simulated

PASSWORD = "sijill-demo-2026"
_RECEIPT = re.compile(r'<strong>[^<]*</strong>.*?<span class="number">([^<]+)</span>', re.DOTALL)


class Cashier:
    """Takes money at the desk, by the forms of its pages."""

    def __init__(self, office: str) -> None:
        self.browser = Browser(office)
        self.browser.log_in("rachid", PASSWORD)
        page = self.browser.get("/cashier/").text
        fields = hidden(form_of(page, "/cashier/open/"))
        if fields:
            self._done("/cashier/open/", {**fields, "opening": "20000.00", "desk": "1"})

    def run(self, entries: list[Entry]) -> None:
        """Take the money of one customer after the other."""
        for place, one in enumerate(entries):
            one.asked = True
            self._take(one, ("cash", "cash", "cheque", "terminal")[place % 4])

    def _take(self, one: Entry, channel: str) -> None:
        [(number, amount)] = one.lines
        page = self.browser.get(f"/cashier/?q={number}").text
        fields = hidden(form_of(page, "/cashier/take/"))
        if not fields:
            raise RuntimeError(f"the desk does not find {number}")
        fields |= {"bill": number, "channel": channel, "payer": one.key}
        fields |= {"reference": one.key if channel != "cash" else ""}
        if f"part_{number}" in page:
            fields[f"part_{number}"] = decimal(amount)
        place = self._done("/cashier/take/", fields).headers["Location"]
        told = _RECEIPT.search(self.browser.get(place).text)
        if told is None:
            raise RuntimeError(f"no receipt is shown for {one.key}")
        one.accepted, one.receipt = True, told.group(1)

    def _done(self, path: str, fields: Mapping[str, str]) -> requests.Response:
        """Send a form; where no answer comes, the very same again, as a browser's reload does."""
        answer = self.browser.until_answered(lambda: self.browser.post(path, fields))
        if answer.status_code not in {302, 303}:
            words = re.sub(r"<[^>]*>|\s+", " ", answer.text)
            raise RuntimeError(f"{path}: {answer.status_code} {words[-1500:]}")
        return answer


class Refunds:
    """Money that goes back: asked for by one, approved by another, paid out by the first."""

    def __init__(self, office: str, gate: Simulated) -> None:
        self.asks, self.decides, self.gate = Browser(office), Browser(office), gate
        self.asks.log_in("rachid", PASSWORD)
        self.decides.log_in("samira", PASSWORD)

    def run(self, entries: list[Entry], going: Callable[[], bool]) -> None:
        """Pay back each of these once it was paid; the ways are cash, and card for cards."""
        waiting = list(entries)
        while waiting:
            ready = [one for one in waiting if one.receipt]
            for one in ready:
                self._pay_back(one)
                waiting.remove(one)
            if not ready and not going():
                return
            time.sleep(0.5)

    def _pay_back(self, one: Entry) -> None:
        address = self._payment(one.receipt)
        page = self.asks.get(address).text
        fields = hidden(form_of(page, f"{address}refund/"))
        way = "card" if one.kind == CARD else "cash"
        fields |= {"amount": decimal(one.total), "reason": one.receipt, "way": way}
        self.asks.until_answered(lambda: self.asks.post(f"{address}refund/", fields))
        self._press(self.decides, one, "asked", "approve")
        self._press(self.asks, one, "approved", "pay")
        one.gone = one.total

    def _payment(self, receipt: str) -> str:
        page = self.asks.get(f"/payments/?q={receipt}").text
        found = re.search(r'href="(/payments/[0-9a-f-]{36}/)"', page)
        if found is None:
            raise RuntimeError(f"no payment {receipt}")
        return found.group(1)

    def _press(self, browser: Browser, one: Entry, show: str, what: str) -> None:
        """Press the button beside this refund until it is no longer in this list."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            page = browser.get(f"/payments/refunds/?show={show}").text
            row = next((row for row in page.split("<li ") if f">{one.receipt}<" in row), "")
            action = re.search(rf'action="(/payments/refunds/[0-9a-f-]+/{what}/)"', row)
            if not row:
                return
            if action is None:
                raise RuntimeError(f"{one.receipt} cannot be {what}d: {row[:800]}")
            fields = hidden(form_of(row, action.group(1)))
            if 'name="reference"' in row:
                fields["reference"] = self._at_the_bank(one)
            try:
                browser.post(action.group(1), fields)
            except requests.RequestException:
                browser.again += 1
                time.sleep(0.3)
        raise TimeoutError(f"{one.receipt} was not {what}d")

    def _at_the_bank(self, one: Entry) -> str:
        """Return the bank's word on a refund whose answer was lost; pay back there what was not."""
        if not self.gate.knows(one.key)["refunded"]:
            self.gate.pay_back(one.key, decimal(one.total))
        return f"bank {one.key}"


class BankFiles:
    """Takes the bank's files by the command, which is killed in the middle and run again."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder, self.kills, self.again = office, folder, 0, 0

    def run(self, entries: list[Entry], *, files: int = 4) -> None:
        """Take the credits in so many files, MT940 and camt.053 in turn."""
        for place in range(files):
            some = entries[place::files]
            path = self.folder / f"bank-{place}.dat"
            path.write_bytes(_mt940(some) if place % 2 else _camt(some))
            for one in some:
                one.asked = True
            self._broken_off(path)
            told = self._taken(path)
            if told["matched"] != len(some):
                raise RuntimeError(f"{path.name}: {told}")
            for one in some:
                one.accepted = True

    def _broken_off(self, path: Path) -> None:
        """Kill the command when the first of the credits are there."""
        before, process = _lines(), self._start(path)
        while process.poll() is None:
            if _lines() > before + 2:
                kill(process)
                self.kills += 1
                return
            time.sleep(0.02)

    def _taken(self, path: Path) -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            process = self._start(path)
            answer, _none = process.communicate()
            if process.returncode == 0:
                return json.loads(answer)
            self.again += 1
            time.sleep(0.5)
        raise TimeoutError(path.name)

    def _start(self, path: Path) -> subprocess.Popen[bytes]:
        line = [sys.executable, "manage.py", "import_bank_file", str(path), "--json"]
        return subprocess.Popen(
            line,
            cwd=ROOT,
            env=self.office.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _lines() -> int:
    """Return how many credits there are, 0 while the database does not answer."""
    from django.db import Error, connection

    from eservices.payments.models import BankLine

    try:
        return BankLine.objects.count()
    except Error:
        connection.close()
        return 0


def _camt(entries: list[Entry]) -> bytes:
    rows = [
        entry(decimal(one.total), transaction(one.lines[0][0], payer="Client"), own=one.key)
        for one in entries
    ]
    return camt(*rows)


def _mt940(entries: list[Entry]) -> bytes:
    rows = []
    for one in entries:
        amount = decimal(one.total).replace(".", ",")
        rows.append((f"2611271127C{amount}NTRFNONREF//{one.key}", f"Facture {one.lines[0][0]}"))
    return mt940(*rows)


def refunded(entries: list[Entry]) -> list[Entry]:
    """Return those of counter and cards that are to be paid back."""
    return [one for one in entries if one.kind in (COUNTER, CARD) and one.reverse]
