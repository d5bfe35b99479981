"""Calls of the biller API, signed by the partner's secret."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = "/api/biller/v1/"
SECONDS = 20


class NoAnswerError(Exception):
    """The biller did not answer, or not as agreed."""


@dataclass(frozen=True)
class Biller:
    """A biller, by its address and what was agreed with it."""

    address: str
    partner: str
    secret: str

    def fetch(self, contract: str) -> tuple[int, Any]:
        """Ask for the bills of a contract."""
        given = {"identifiers": [{"name": "contract", "value": contract}]}
        return self.call("POST", "bills/fetch", given)

    def pay(self, order: dict[str, Any]) -> tuple[int, Any]:
        """Post a payment."""
        return self.call("POST", "payments", order)

    def state(self, reference: str) -> tuple[int, Any]:
        """Ask what became of a payment."""
        return self.call("GET", f"payments/{quote(reference)}")

    def reverse(self, reference: str, reason: str) -> tuple[int, Any]:
        """Take a payment back."""
        return self.call("POST", f"payments/{quote(reference)}/reverse", {"reason": reason})

    def settlement(self, day: str) -> tuple[int, Any]:
        """Ask for a day's settlement."""
        return self.call("GET", f"settlements/{quote(day)}")

    def call(self, method: str, path: str, told: Any = None) -> tuple[int, Any]:
        """Return status and body of an answer. Raise NoAnswerError."""
        target = urlsplit(self.address).path.rstrip("/") + ROOT + path
        body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        text = "\n".join([method, target, stamp, hashlib.sha256(body).hexdigest()])
        made = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        place = urlsplit(self.address)
        call = urllib.request.Request(  # noqa: S310 - the biller's address is the operator's
            f"{place.scheme}://{place.netloc}{target}", data=body or None, method=method
        )
        call.add_header("Content-Type", "application/json")
        call.add_header("X-Biller-Partner", self.partner)
        call.add_header("X-Biller-Timestamp", stamp)
        call.add_header("X-Biller-Signature", f"v1={made}")
        try:
            with urllib.request.urlopen(call, timeout=SECONDS) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.read())
        except (OSError, ValueError) as error:
            raise NoAnswerError(str(error)) from error


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"code": "unreadable"}
