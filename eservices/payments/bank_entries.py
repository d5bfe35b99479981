"""Entries of a bank's file in one form, whatever its format, and why a file is refused."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from eservices.contracts.import_words import words_of

# A bank account of Morocco (RIB): 24 digits; an IBAN has them behind two letters and two digits.
_RIB: Final = re.compile(r"(?<!\d)\d{24}(?!\d)")
_IBAN: Final = re.compile(r"MA\d{2}(\d{24})")
REFERENCES_BETWEEN: Final = "; "  # where several stand in one column
NO_REFERENCES: Final = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED"})


class BankFileError(Exception):
    """A file that is not read: `code` is unknown, hostile, damaged or too_large."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail

    def words(self) -> str:
        """Return the reason in the language of the reader."""
        return words_of(f"bank_{self.code}", {"detail": self.detail})


@dataclass(frozen=True, slots=True)
class Entry:
    """A booked entry, or one of the transactions that it is made of. `amount` is positive.

    A debit with `reversal` takes back a credit of before.

    `own_reference` is the bank's for this transaction, `entry_reference` for the whole entry, of
    `entry_amount`; `whole` means that this is all of it. `references` are the structured ones,
    `text` is free. `key` identifies the same entry in another file; `entry_key` what it is part of.
    """

    amount: int
    currency: str
    booked_on: date
    credit: bool = True
    reversal: bool = False
    account: str = ""
    own_reference: str = ""
    entry_reference: str = ""
    entry_amount: int = 0
    whole: bool = True
    references: tuple[str, ...] = ()
    end_to_end: str = ""
    text: str = ""
    payer: str = ""
    payer_account: str = ""
    position: int = 0
    key: str = ""
    entry_key: str = ""

    @property
    def takes_back(self) -> bool:
        """Whether the bank takes an earlier credit back by it."""
        return self.reversal and not self.credit and self.amount > 0

    @property
    def bank_reference(self) -> str:
        """The bank's own reference, "" for none."""
        return self.own_reference or self.entry_reference


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says: its format, the account, the credits, and the debits."""

    format: str
    account: str
    credits: list[Entry] = field(default_factory=list)
    debits: list[Entry] = field(default_factory=list)


def statement_of(format_: str, entries: Iterable[list[Entry]]) -> Statement:
    """Return the entries, each with its position and keys, an entry that stands twice once.

    `entries` come as the transactions of one entry after the other.
    """
    found: dict[str, Entry] = {}
    unnamed: Counter[str] = Counter()
    for parts in entries:
        for one in _keyed(parts, unnamed):
            found.setdefault(one.key, one)
    numbered = [replace(one, position=at) for at, one in enumerate(found.values(), start=1)]
    account = next((one.account for one in numbered if one.account), "")
    credits = [one for one in numbered if one.credit]
    debits = [one for one in numbered if not one.credit]
    return Statement(format_, account, credits, debits)


def _keyed(parts: list[Entry], unnamed: Counter[str]) -> list[Entry]:
    """Return the transactions of one entry with their keys.

    By the bank's reference where it is of this transaction alone, else by what is said of it;
    the like of one entry are counted, and the like without any reference in the whole file.
    """
    own = Counter(one.own_reference for one in parts)
    counted: Counter[str] = Counter()
    keyed = []
    for one in parts:
        single = one.own_reference and own[one.own_reference] == 1
        named = one.own_reference if single else one.entry_reference if one.whole else ""
        if named:
            key = _hash("named", one.account, named, one.credit, one.amount)
        else:
            said = _said(one)
            counter = counted if one.entry_reference else unnamed
            counter[said] += 1
            key = _hash("said", one.account, one.entry_reference, said, counter[said])
        keyed.append(replace(one, key=key, entry_key=_entry_key(one)))
    return keyed


def _entry_key(one: Entry) -> str:
    return entry_key(one.account, one.entry_reference, credit=one.credit, amount=one.entry_amount)


def entry_key(account: str, reference: str, *, credit: bool, amount: int) -> str:
    """Return what identifies an entry by the bank's reference for it; "" without one."""
    return _hash("entry", account, reference, credit, amount) if reference else ""


def _said(one: Entry) -> str:
    told = (one.booked_on.isoformat(), one.amount, one.credit, one.references, one.end_to_end)
    return repr((*told, " ".join(one.text.split()), one.payer, one.payer_account))


def _hash(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def account_key(text: str) -> str:
    """Return an account in one spelling: the 24 digits of a RIB where there are, else its signs."""
    bare = "".join(sign for sign in text.upper() if sign.isalnum())
    found = _IBAN.search(bare) or _RIB.search(bare)
    return found.group(found.lastindex or 0) if found else bare[:40]


def reference_of(text: str) -> str:
    """Return a reference, "" where the bank writes that there is none."""
    bare = " ".join(text.split())
    return "" if bare.upper() in NO_REFERENCES else bare


def centimes_of(amount: Decimal) -> int:
    """Return a bank's amount in centimes; raise BankFileError for parts of a centime."""
    fits = amount.is_finite() and abs(amount) <= 10**11
    if not fits or amount * 100 != (amount * 100).to_integral_value():
        raise BankFileError("damaged", str(amount)[:40])
    return int(amount * 100)
