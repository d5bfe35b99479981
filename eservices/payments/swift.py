"""Read MT940, with the reader of `mt-940`; a line that it would pass over refuses the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import mt940
from mt940.processors import transaction_details_post_processor_with_space

from eservices.money import CURRENCY
from eservices.payments.bank_entries import (
    BankFileError,
    Entry,
    Statement,
    account_key,
    centimes_of,
    reference_of,
    statement_of,
)
from language.lines import with_line_feeds

_LINE: Final = re.compile(r"^:61:", re.MULTILINE)
_STATEMENT: Final = re.compile(r"^(?:\{.*)?:20:", re.MULTILINE)
_TEXTS: Final = (
    "purpose", "additional_purpose", "end_to_end_reference", "transaction_details",
    "extra_details",
)  # fmt: skip


def looks_like_mt940(text: str) -> bool:
    """Return whether a text has the marks of an MT940."""
    return ":25:" in text and _STATEMENT.search(text) is not None and ":60" in text


def read_mt940(text: str) -> Statement:
    """Return the entries of a file; raise BankFileError."""
    if "\0" in text:
        raise BankFileError("damaged", "NUL")
    plain = with_line_feeds(text)
    entries = [one for part in _statements(plain) for one in _of_statement(part)]
    if len(entries) != len(_LINE.findall(plain)):
        raise BankFileError("damaged", ":61:")
    return statement_of("mt940", ([one] for one in entries))


def _statements(text: str) -> Iterator[str]:
    """Yield one statement after the other: each begins with its field 20."""
    starts = [found.start() for found in _STATEMENT.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _of_statement(text: str) -> list[Entry]:
    try:
        spaced: Any = {"post_transaction_details": [transaction_details_post_processor_with_space]}
        read = mt940.models.Transactions(processors=spaced, options=mt940.Options.all())
        read.parse(text)
    except Exception as error:  # the reader raises many classes on broken lines
        raise BankFileError("damaged", "MT940") from error
    account = account_key(str(read.data.get("account_identification") or ""))
    return [_entry(one.data, account) for one in read]


def _entry(told: dict[str, Any], account: str) -> Entry:
    amount, day = told.get("amount"), told.get("entry_date") or told.get("date")
    value = getattr(amount, "amount", None)
    if not isinstance(value, Decimal) or day is None:
        raise BankFileError("damaged", ":61:")
    status = str(told.get("status") or "").upper()
    customer = reference_of(str(told.get("customer_reference") or ""))
    text = " ".join(str(told[name]) for name in _TEXTS if told.get(name))
    return Entry(
        amount=abs(centimes_of(value)),
        currency=str(getattr(amount, "currency", "") or told.get("currency") or CURRENCY),
        booked_on=date(day.year, day.month, day.day),
        credit=status in ("C", "RD"),
        reversal=status.startswith("R"),
        account=account,
        entry_reference=reference_of(str(told.get("bank_reference") or ""))[:100],
        entry_amount=abs(centimes_of(value)),
        references=(customer[:140],) if customer else (),
        text=" ".join(text.split())[:500],
        payer=str(told.get("applicant_name") or "")[:200],
        payer_account=account_key(str(told.get("applicant_iban") or "")),
    )
