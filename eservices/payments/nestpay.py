"""NestPay: a hosted page, a signed call-back (hash ver3), and an interface for programs.

Tested against public known answers and a simulated peer; no bank has been tried.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import requests
from defusedxml import ElementTree
from urllib3.exceptions import NewConnectionError

from eservices.money import AmountError, centimes, decimal
from eservices.payments import nestpay_hash
from eservices.payments.address import Address
from eservices.payments.port import (
    ORDER_ID,
    Form,
    GatewayAnswer,
    GatewayError,
    NotBelievedError,
    Order,
    Outcome,
)
from org.bounded_answers import answer_of

DIRHAM: Final = "504"  # ISO 4217
SESSION_SECONDS: Final = 1800  # that the gateway's page stays open
MOST: Final = 64 * 1024  # bytes of an answer
MOST_FIELDS: Final = 200
# What the gateway sends back as it was sent; another value means that names were exchanged, which
# the hash does not cover.
ECHOED: Final = {"storetype": "3D_PAY_HOSTING", "TranType": "PreAuth", "hashAlgorithm": "ver3"}
_STATES: Final = {"C": Outcome.PAID, "S": Outcome.PAID, "A": Outcome.PAID, "D": Outcome.REFUSED}


class NestPay:
    """The adapter."""

    name = "nestpay"

    def __init__(self, address: Address) -> None:
        self.address = address
        self.origin = address.origin

    def start(self, order: Order) -> Form:
        """Return the form that brings the browser to the hosted page."""
        fields = {
            "clientid": self.address.client,
            "oid": order.oid,
            "amount": decimal(order.amount),
            "currency": DIRHAM,
            "okUrl": f"{order.office}/pay/return/ok/",
            "failUrl": f"{order.office}/pay/return/failed/",
            "shopurl": f"{order.office}/pay/",
            "CallbackURL": f"{order.office}/pay/nestpay/callback/",
            "CallbackResponse": "true",
            **ECHOED,
            "encoding": "UTF-8",
            "lang": order.language,
            "rnd": secrets.token_urlsafe(15),
            "email": order.email,
            "tel": order.phone,
            "BillToName": order.name,
            "AutoRedirect": "true",
            "refreshtime": "5",
            "sessiontimeout": str(SESSION_SECONDS),
        }
        return Form(
            self.address.page, {**fields, "hash": nestpay_hash.hash_of(fields, self.address.key)}
        )

    def handle_return(self, fields: Mapping[str, str]) -> str:
        """Return the order that a browser brings back."""
        return (fields.get("oid") or fields.get("ReturnOid") or "")[:64]

    def handle_callback(self, body: bytes) -> GatewayAnswer:
        """Return what the call-back says. Raise NotBelievedError."""
        fields = _fields(body)
        oid = fields.get("oid", "")
        if not nestpay_hash.is_valid(fields, self.address.key):
            raise NotBelievedError("hash", oid)
        if fields.get("clientid") != self.address.client:
            raise NotBelievedError("client", oid)
        if _has_other_names(fields, oid):
            raise NotBelievedError("names", oid)
        currency = fields.get("currency", "")
        return GatewayAnswer(
            oid=oid,
            outcome=_outcome(fields),
            amount=_amount(fields.get("amount", "")),
            currency="MAD" if currency == DIRHAM else currency if currency.isdecimal() else "",
            code=fields.get("ProcReturnCode", "")[:20],
            transaction=fields.get("TransId", "")[:80],
            raw=body.decode(),
        )

    def reply(self, said: GatewayAnswer | None) -> str:
        """Return the words for the gateway: take the money, seen, or failed."""
        if said is None:
            return "FAILURE"
        return "ACTION=POSTAUTH" if said.outcome is Outcome.PAID else "APPROVED"

    def status(self, oid: str) -> GatewayAnswer:
        """Return the state of an order. Raise GatewayError."""
        told = self._asked(oid, "<Extra><ORDERSTATUS>QUERY</ORDERSTATUS></Extra>")
        line = told.get("ORDERSTATUS", "")
        pairs = dict(re.findall(r"([A-Z_]+):(.*?)(?=\s+[A-Z_]+:|$)", line.strip()))
        known = told.get("ProcReturnCode") == "00" and pairs.get("ORD_ID", oid) == oid
        state = _STATES.get(pairs.get("TRANS_STAT", ""), Outcome.PENDING)
        amount = pairs.get("ORIG_TRANS_AMT", "")
        return GatewayAnswer(
            oid=oid,
            outcome=state if known else Outcome.UNKNOWN,
            amount=int(amount) if amount.isascii() and amount.isdecimal() else None,
            currency="MAD",
            code=told.get("ProcReturnCode", "")[:20],
            transaction=pairs.get("TRANS_ID", "")[:80],
            raw=line,
            reserved=pairs.get("TRANS_STAT") == "A",
        )

    def capture(self, oid: str, amount: int) -> None:
        """Take what is reserved. Raise GatewayError."""
        self._ordered(oid, "PostAuth", amount)

    def refund(self, oid: str, amount: int) -> str:
        """Pay back a part of an order or all of it. Raise GatewayError."""
        return self._ordered(oid, "Credit", amount).get("TransId", "")[:80]

    def _ordered(self, oid: str, kind: str, amount: int) -> dict[str, str]:
        money = f"<Total>{decimal(amount)}</Total><Currency>{DIRHAM}</Currency>"
        told = self._asked(oid, f"<Type>{kind}</Type>{money}")
        if told.get("ProcReturnCode") != "00" or told.get("Response") != "Approved":
            raise GatewayError("refused")
        return told

    def _asked(self, oid: str, what: str) -> dict[str, str]:
        if not self.address.user:
            raise GatewayError("no_programs")
        names = {"Name": self.address.user, "Password": self.address.password}
        names |= {"ClientId": self.address.client, "OrderId": oid}
        head = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in names.items())
        data = f'<?xml version="1.0" encoding="UTF-8"?><CC5Request>{head}{what}</CC5Request>'
        try:
            answer = answer_of("POST", self.address.programs, data={"DATA": data}, most=MOST)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise GatewayError("unreachable" if _never_sent(error) else "no_answer") from error
        return _texts(answer.content)


def _never_sent(error: requests.RequestException) -> bool:
    """Return whether there was no connection at all: the request reached nobody."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form, each of which stands there once."""
    try:
        pairs = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise NotBelievedError("form") from error
    fields = dict(pairs)
    if len({name.lower() for name, _value in pairs}) != len(pairs) or "\0" in "".join(fields):
        raise NotBelievedError("form")
    if any("\0" in value for value in fields.values()):
        raise NotBelievedError("form")
    return fields


def _has_other_names(fields: Mapping[str, str], oid: str) -> bool:
    """Return whether the names cannot be the gateway's own: whoever carries a call may change them.

    Every order id in it, under whatever name, is that of the one order; our own form, which bears
    the same kind of hash, has no return code.
    """
    if any(fields.get(name, one).lower() != one.lower() for name, one in ECHOED.items()):
        return True
    if "ProcReturnCode" not in fields or fields.get("ReturnOid", oid) != oid:
        return True
    return any(value != oid and ORDER_ID.fullmatch(value) for value in fields.values())


def _outcome(fields: Mapping[str, str]) -> Outcome:
    approved = fields.get("Response", "Approved").lower() == "approved"
    paid = fields.get("ProcReturnCode") == "00" and approved
    return Outcome.PAID if paid else Outcome.REFUSED


def _amount(text: str) -> int | None:
    try:
        return centimes(text)
    except AmountError:
        return None


def _texts(body: bytes) -> dict[str, str]:
    try:
        root: Any = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError) as error:
        raise GatewayError("answer") from error
    return {str(one.tag): (one.text or "").strip() for one in root.iter()}
