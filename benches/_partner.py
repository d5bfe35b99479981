"""A bank that calls the biller API: signs with the partner's secret over any transport."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Send = Callable[[str, str, bytes, dict[str, str]], tuple[int, Any]]  # method, path, body, headers


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner and how its calls travel."""

    code: str
    secret: str
    send: Send

    def call(self, method: str, path: str, content: Any = None) -> tuple[int, Any]:
        """Return the status and the JSON of a signed call."""
        body = b"" if content is None else json.dumps(content).encode()
        stamp = str(int(time.time()))
        path = f"/api/biller/v1/{path}"
        text = f"{method}\n{path}\n{stamp}\n{hashlib.sha256(body).hexdigest()}".encode()
        signature = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        headers = {
            "X-Biller-Partner": self.code,
            "X-Biller-Timestamp": stamp,
            "X-Biller-Signature": f"v1={signature}",
        }
        return self.send(method, path, body, headers)

    def fetch(self, contract: str) -> tuple[int, Any]:
        """Ask what is due of a contract."""
        identifiers = [{"name": "contract", "value": contract}]
        return self.call("POST", "bills/fetch", {"identifiers": identifiers})

    def pay(self, reference: str, bills: list[tuple[str, str]], paid_at: str) -> tuple[int, Any]:
        """Post a payment of bills, each a number and a decimal amount."""
        lines = [{"number": number, "amount": amount} for number, amount in bills]
        content = {"reference": reference, "bills": lines, "channel": "app", "paid_at": paid_at}
        return self.call("POST", "payments", content)
