"""Bodies of the biller API: JSON that is read strictly; amounts are decimal strings."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from eservices.bank.errors import BillerError
from eservices.bank.postings import Order
from eservices.money import AmountError, centimes
from web.shared.strict_json import read_json

MOST_IDENTIFIERS: Final = 10
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][!-~]{0,79}")
_AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_LONGEST: Final = 40
_LONGEST_REASON: Final = 500


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a call. Raise BillerError."""
    try:
        value = read_json(request.body)
    except ValueError as error:
        raise BillerError("malformed") from error
    if not isinstance(value, dict) or _has_nul(value):
        raise BillerError("malformed")
    return value


def identifiers_of(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the identifiers by which bills are asked for. Raise BillerError."""
    rows = _rows(body, "identifiers")
    if len(rows) > MOST_IDENTIFIERS:
        raise BillerError("malformed", field="identifiers")
    return [(_text(row, "name"), _text(row, "value", most=200)) for row in rows]


def reference_of(text: Any) -> str:
    """Return a partner's reference: 1 to 80 visible ASCII signs, the first a letter or digit.

    Raise BillerError for anything else, and for one that ends as the address of a reversal does.
    """
    fits = isinstance(text, str) and _REFERENCE.fullmatch(text)
    if not fits or text.endswith(("/", "/reverse")):
        raise BillerError("malformed", field="reference")
    return str(text)


def order_of(body: dict[str, Any]) -> Order:
    """Return the payment of a body. Raise BillerError."""
    lines = [
        (_text(row, "number"), _amount(row, number=str(row.get("number"))))
        for row in _rows(body, "bills")
    ]
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Order(
        reference=reference_of(body.get("reference")),
        lines=lines,
        channel=_text(body, "channel"),
        paid_at=_moment(body.get("paid_at")),
        body_hash=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def reason_of(body: dict[str, Any]) -> str:
    """Return why a payment is taken back. Raise BillerError."""
    return _text(body, "reason", most=_LONGEST_REASON)


def _rows(body: dict[str, Any], name: str) -> Sequence[dict[str, Any]]:
    rows = body.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BillerError("malformed", field=name)
    return rows


def _text(row: dict[str, Any], name: str, *, most: int = _LONGEST) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value.strip()) > most:
        raise BillerError("malformed", field=name)
    return value.strip()


def _amount(row: dict[str, Any], *, number: str) -> int:
    """Return an amount in centimes; 0, which no bill has, for a text that is none."""
    value = row.get("amount")
    if not isinstance(value, str):
        raise BillerError("malformed", field="amount")
    try:
        return centimes(value) if _AMOUNT.fullmatch(value) else 0
    except AmountError:
        return 0


def _moment(value: Any) -> datetime:
    """Return when a payment was made; a time without zone is the office's own."""
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise BillerError("malformed", field="paid_at")
    try:
        found = found if timezone.is_aware(found) else timezone.make_aware(found)
        found.astimezone(tz=timezone.get_fixed_timezone(0))
    except (OverflowError, ValueError) as error:
        raise BillerError("malformed", field="paid_at") from error
    return found


def _has_nul(value: Any) -> bool:
    return "\\u0000" in json.dumps(value)
