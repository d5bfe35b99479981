"""The port to a gateway of cards: the calls of an adapter, its address, and its answers.

A gateway shows a page of its own; a browser goes there with a form, the gateway calls back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

# The day of an attempt, then 18 figures that nobody guesses (`attempts.begin`).
ORDER_ID: Final = re.compile(r"[0-9]{6}[0-9A-F]{18}")


class GatewayError(Exception):
    """A gateway that is not there, is not set, or cannot do the call; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotBelievedError(Exception):
    """A call that is not the gateway's, or not about us; `oid` is the order that it names."""

    def __init__(self, code: str, oid: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.oid = oid


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid, by whom, and where the gateway comes back to; centimes."""

    oid: str
    amount: int
    language: str
    office: str  # address of the office, without a slash at its end
    email: str = ""
    phone: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What the browser posts, and where to."""

    post_to: str
    fields: dict[str, str]


class Outcome(Enum):
    """What a gateway says of an order."""

    PAID = "paid"
    REFUSED = "refused"
    PENDING = "pending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """A gateway's answer about an order; `raw` as it came, `amount` None where it gives none."""

    oid: str
    outcome: Outcome
    amount: int | None = None
    currency: str = ""
    code: str = ""
    transaction: str = ""
    raw: str = ""
    reserved: bool = False  # the money is held at the bank, and not taken yet


class Gateway(Protocol):
    """An adapter."""

    name: str
    origin: str  # to which the form goes

    def start(self, order: Order) -> Form:
        """Return the form that brings the browser to the gateway's page."""

    def handle_return(self, fields: Mapping[str, str]) -> str:
        """Return the order that a browser brings back, "" where it names none; prove nothing."""

    def handle_callback(self, body: bytes) -> GatewayAnswer:
        """Return what the gateway itself says. Raise NotBelievedError."""

    def reply(self, said: GatewayAnswer | None) -> str:
        """Return what the gateway is answered: as it was said, or with None that it failed."""

    def status(self, oid: str) -> GatewayAnswer:
        """Return the gateway's answer about an order. Raise GatewayError."""

    def capture(self, oid: str, amount: int) -> None:
        """Take what is reserved. Raise GatewayError."""

    def refund(self, oid: str, amount: int) -> str:
        """Pay back, and return the gateway's transaction. Raise GatewayError."""
