"""Search among contracts: number, meter, telephone, mail or name, each by an index."""

from collections.abc import Collection
from typing import Final

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
        rows = Contract.objects.filter(reached("email_key", [key]))
        return rows if key else Contract.objects.none()
    if any(sign.isdigit() for sign in ascii_digits(text)):
        return Contract.objects.filter(_numbered(text))
    return _named(text)


def _numbered(text: str) -> Q:
    key, phone = number_key(text), phone_key(text)
    meters = Meter.objects.filter(serial_key=serial_key(text)).values("contract") if key else []
    found = Q(number_key=key) | Q(pk__in=meters)
    return found | reached("phone_key", [phone]) if phone else found


def reached(column: str, keys: Collection[str]) -> Q:
    """Return what finds contracts by keys of a kind that many lack.

    The condition of the index is written out: SQLite uses it for no comparison with a parameter.
    """
    filled = RawSQL(f"""NOT ("{column}" = '')""", (), BooleanField())  # noqa: S611
    return Q(pk__in=Contract.objects.filter(filled, **{f"{column}__in": list(keys)}).values("pk"))


def _named(text: str) -> QuerySet[Contract]:
    """Return the contracts whose name has all words."""
    keys = keys_of_name(text)
    if not keys:
        return Contract.objects.none()
    rows = Contract.objects.all()
    for key in keys:
        rows = rows.filter(pk__in=ContractName.objects.filter(key=key).values("contract"))
    return rows
