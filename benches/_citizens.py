"""Citizens of an office's day in a bench: each visit is another's, from an address of its own."""

import itertools
import random
from typing import Final

from benches._browser import form_of, hidden
from benches._day import Day
from benches._money import Entry, Plan
from benches._payers import Bank, Citizen
from benches._recorded import RecordedBrowser
from tests.services.sim_nestpay import Simulated

PAYS: Final = 1 / 3  # of the visits


class Till:
    """The bills that are still to be paid; each is given out once."""

    def __init__(self, plan: Plan, kind: str) -> None:
        self.plan = plan
        self._left = iter(plan.of(kind))

    def next(self) -> Entry | None:
        """Return a payment that nobody makes yet."""
        with self.plan.lock:
            return next(self._left, None)


class Visitors:
    """Gives each visit an address that no other has."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def address(self) -> str:
        """Return an address of this machine's loopback network."""
        number = next(self._numbers)
        return f"127.{10 + number // 62500 % 200}.{number // 250 % 250}.{1 + number % 250}"


class Visitor:
    """Follows a letter by number and code; one in three pays a bill by card."""

    def __init__(self, day: Day, visitors: Visitors, till: Till, gate: Simulated) -> None:
        self.day, self.visitors, self.till, self.gate = day, visitors, till, gate

    def round(self) -> None:
        """Make a visit as another citizen."""
        browser = RecordedBrowser(self.day.url, self.day.record, address=self.visitors.address())
        try:
            self._follow(browser)
            if random.random() < PAYS and (entry := self.till.next()):
                citizen = Citizen(self.day.url, self.till.plan, self.gate, 0)
                citizen.browser = browser
                citizen.run(entry)
        finally:
            browser.rest()
        self.day.rest("citizens")

    def _follow(self, browser: RecordedBrowser) -> None:
        known = self.day.books.some()
        page = browser.get("/follow/").text
        if known is None:
            return
        fields = hidden(form_of(page, "/follow/")) | {"number": known.number, "code": known.code}
        answer = browser.until_answered(lambda: browser.post("/follow/", fields))
        if answer.status_code != 303:
            raise RuntimeError(f"{known.number} cannot be followed: {answer.status_code}")
        shown = browser.get(answer.headers["Location"])
        if known.number not in shown.text:
            raise RuntimeError(f"{known.number} is not shown to its citizen: {shown.status_code}")


class BankClerk:
    """A bank that pays bills over the biller API, one each time."""

    def __init__(self, day: Day, till: Till, secret: str) -> None:
        self.day, self.till, self.bank = day, till, Bank(day.url, secret)

    def round(self) -> None:
        """Pay one bill."""
        if entry := self.till.next():
            self.bank.run([entry])
        self.day.rest("citizens")
