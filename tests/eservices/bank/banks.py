"""Partners for tests, and calls signed as the contract says, by code of the tests' own."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from eservices.bank.partners import add_partner

ROOT = "/api/biller/v1"


@dataclass
class Bank:
    """A partner that calls the biller API."""

    code: str
    secret: str
    client: Client = field(default_factory=Client)

    def call(self, method: str, path: str, told: Any = None, **changed: Any) -> Any:
        """Call, signed; `changed` replaces partner, stamp, signature, body or address (`sent`)."""
        address = f"{ROOT}/{path}"
        body = b"" if told is None else json.dumps(told).encode()
        stamp = str(changed.get("stamp", int(time.time())))
        message = "\n".join([method, address, stamp, hashlib.sha256(body).hexdigest()])
        made = hmac.new(self.secret.encode(), message.encode(), hashlib.sha256).hexdigest()
        headers = {
            "X-Biller-Partner": changed.get("partner", self.code),
            "X-Biller-Timestamp": stamp,
            "X-Biller-Signature": changed.get("signature", f"v1={made}"),
        }
        return self.client.generic(
            method,
            changed.get("sent", address),
            changed.get("body", body),
            content_type="application/json",
            headers={name: value for name, value in headers.items() if value is not None},
        )

    def fetch(self, contract: str = "1000001") -> Any:
        """Ask for the bills of a contract."""
        given = {"identifiers": [{"name": "contract", "value": contract}]}
        return self.call("POST", "bills/fetch", given)

    def pay(self, reference: str, *bills: tuple[str, str], **changed: Any) -> Any:
        """Post a payment of bills: (number, amount)."""
        return self.call("POST", "payments", order(reference, *bills), **changed)

    def reverse(self, reference: str, reason: str = "Client parti") -> Any:
        """Take a payment back."""
        return self.call("POST", f"payments/{reference}/reverse", {"reason": reason})

    def settlement(self, day: Any = None) -> Any:
        """Ask for a day's settlement."""
        return self.call("GET", f"settlements/{day or timezone.localdate()}")


def midnight() -> datetime:
    """Return when today began."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def order(reference: str, *bills: tuple[str, str], paid_at: str = "") -> dict[str, Any]:
    """Return the body of a payment, by default one of this midnight: the same body all day."""
    return {
        "reference": reference,
        "bills": [{"number": number, "amount": amount} for number, amount in bills],
        "channel": "mobile",
        "paid_at": paid_at or midnight().isoformat(),
    }


def a_bank(code: str = "BANQUE", **values: Any) -> Bank:
    """Return a new partner."""
    row, secret = add_partner(code, values, by=None)
    return Bank(row.code, secret)
