"""The customer's account in the simulated bank: what was paid, and what the bank knows of it."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from samples.banking_app.wire import Biller, NoAnswerError

RIB: Final = "007810000123456789012345"
MODES: Final = ("pay", "repeat", "timeout", "short", "changed")
MOST: Final = 4


@dataclass
class Operation:
    """A payment as the bank keeps it. `state`: sent, posted, reversed, refused or unknown."""

    reference: str
    contract: str
    bills: list[dict[str, str]]
    at: datetime
    state: str = "sent"
    receipt: str = ""
    code: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def centimes(self) -> int:
        """What it takes from the account."""
        return sum(centimes(bill["amount"]) for bill in self.bills)


class Account:
    """One customer, one account, one biller."""

    def __init__(self, biller: Biller, *, balance: int = 8_450_00) -> None:
        self.biller, self.opening = biller, balance
        self.operations: dict[str, Operation] = {}
        self.lock = threading.Lock()

    @property
    def balance(self) -> int:
        """What is on the account, in centimes."""
        gone = ("sent", "posted", "unknown")
        return self.opening - sum(o.centimes for o in self.newest() if o.state in gone)

    def newest(self) -> list[Operation]:
        """Return the operations, the newest first."""
        with self.lock:
            return list(self.operations.values())[::-1]

    def pay(self, contract: str, bills: list[dict[str, str]], *, mode: str = "pay") -> Operation:
        """Pay bills of a contract; `mode` says what is tried besides."""
        now = datetime.now(UTC)
        reference = f"SB{now:%y%m%d%H%M%S}{secrets.token_hex(2).upper()}"
        done = Operation(reference, contract, bills, now)
        with self.lock:
            self.operations[reference] = done
        order = {
            "reference": reference,
            "bills": [{"number": bill["number"], "amount": bill["amount"]} for bill in bills],
            "channel": "mobile",
            "paid_at": now.isoformat(timespec="seconds"),
        }
        if mode == "short":
            order["bills"] = [{**bill, "amount": less(bill["amount"])} for bill in bills]
        self._send(done, order)
        if mode == "timeout":  # as if the answer had been lost
            done.state, done.receipt = "unknown", ""
            self.ask(done)
        elif mode == "repeat":
            self._send(done, order)
        elif mode == "changed":
            self._note(done, "pay", *self._try(lambda: self.biller.pay({**order, "channel": "x"})))
        return done

    def ask(self, done: Operation) -> None:
        """Ask what became of an operation: a time-out is never answered by paying again."""
        status, told = self._try(lambda: self.biller.state(done.reference))
        self._note(done, "state", status, told)
        if status == 404:
            done.state, done.code = "refused", "not_found"
        elif status == 200:
            self._take(done, told)

    def reverse(self, done: Operation, reason: str) -> None:
        """Take an operation back."""
        status, told = self._try(lambda: self.biller.reverse(done.reference, reason))
        self._note(done, "reverse", status, told)
        if status == 200:
            self._take(done, told)
        else:
            done.code = str(told.get("code", ""))

    def _send(self, done: Operation, order: dict[str, Any]) -> None:
        status, told = self._try(lambda: self.biller.pay(order))
        self._note(done, "pay", status, told)
        if status in (200, 201):
            self._take(done, told)
        elif status == 0 or status >= 500 or status == 429:
            done.state = "unknown"
        else:
            done.state, done.code = "refused", str(told.get("code", ""))

    def _take(self, done: Operation, told: dict[str, Any]) -> None:
        done.state, done.receipt, done.code = told["status"], told["receipt"], ""

    def _note(self, done: Operation, step: str, status: int, told: Any) -> None:
        done.steps.append({"step": step, "status": status, "body": told})

    def _try(self, call: Any) -> tuple[int, Any]:
        try:
            status, told = call()
        except NoAnswerError:
            return 0, {"code": "no_answer"}
        return status, told


def centimes(amount: str) -> int:
    """Return a decimal amount in centimes."""
    whole, _point, part = amount.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")[:2])


def decimal(amount: int) -> str:
    """Return centimes as a decimal amount."""
    sign, rest = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def less(amount: str) -> str:
    """Return an amount that is a little short."""
    return decimal(max(1, centimes(amount) - 100))
