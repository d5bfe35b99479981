"""Search among contracts: number, meter, telephone, mail or name, each by an index."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from eservices.contracts.models import Contract, ContractName, Meter
from language.fold import fold
from language.names import name_keys
from language.numerals import ascii_digits
from language.reach import email_key, number_key, phone_key

MOST_KEYS: Final = 8
_KEY: Final = 40


def keys_of_name(name: str) -> list[str]:
    """Return the words under which a name is found, as both scripts' spellings share them."""
    keys = sorted(name_keys(name)) or fold(name).split()
    return list(dict.fromkeys(key[:_KEY] for key in keys))[:MOST_KEYS]


def contract_numbered(number: str) -> Contract | None:
    """Return the contract of a number, however it is written; None where there is none."""
    key = number_key(number)
    return Contract.objects.filter(number_key=key).first() if key else None


def serial_key(serial: str) -> str:
    """Return a meter's serial number in one spelling."""
    return number_key(serial)[:_KEY]


def contracts_found(words: str) -> QuerySet[Contract]:
    """Return the contracts that are meant; none for words that say nothing."""
    text = words.replace("\0", "").strip()[:200]
    if "@" in text:
        key = email_key(text)
        rows = Contract.objects.filter(pk__in=reached("email_key", [key]))
        return rows if key else Contract.objects.none()
    if any(sign.isdigit() for sign in ascii_digits(text)):
        return Contract.objects.filter(_numbered(text))
    return _named(text)


def _numbered(text: str) -> Q:
    key, phone = number_key(text), phone_key(text)
    if not key:
        return Q(pk__in=[])
    found = [
        Contract.objects.filter(number_key=key).values("pk"),
        Meter.objects.filter(serial_key=serial_key(text)).values("contract"),
    ]
    return any_of(*found, *([reached("phone_key", [phone])] if phone else []))


def any_of(*found: QuerySet[Any, Any]) -> Q:
    """Return what finds the contracts whose keys any of the queries gives, each by its index.

    Joined by OR, PostgreSQL reads all contracts for them.
    """
    first, *others = found
    return Q(pk__in=first.union(*others, all=True) if others else first)


def reached(column: str, keys: Collection[str]) -> QuerySet[Any, Any]:
    """Return the keys of the contracts with these values in a column that many leave empty.

    The condition of the index is written out: SQLite uses it for no comparison with a parameter.
    """
    filled = RawSQL(f"""NOT ("{column}" = '')""", (), BooleanField())  # noqa: S611
    return Contract.objects.filter(filled, **{f"{column}__in": list(keys)}).values("pk")


def _named(text: str) -> QuerySet[Contract]:
    """Return the contracts whose name has all words."""
    keys = keys_of_name(text)
    if not keys:
        return Contract.objects.none()
    rows = Contract.objects.all()
    for key in keys:
        rows = rows.filter(pk__in=ContractName.objects.filter(key=key).values("contract"))
    return rows
