"""Values of imported lines: each read by one rule, or refused with the column's name."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from eservices.contracts.import_words import SEVERAL
from eservices.contracts.importing import LineRefusedError
from eservices.money import AmountError, centimes
from language.numerals import ascii_digits
from language.reach import email_key, number_key, phone_keys

MOST_NUMBER: Final = 40
_SHOWN: Final = 60  # characters of a wrong value that are told

Values = Mapping[str, str]


def all_of(**rules: Callable[[], Any]) -> dict[str, Any]:
    """Return what each rule gives. Raise LineRefusedError with all that is refused, not the first.

    Rules that need what others give are called afterwards.
    """
    given: dict[str, Any] = {}
    refused: list[LineRefusedError] = []
    for name, rule in rules.items():
        try:
            given[name] = rule()
        except LineRefusedError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        reasons = [reason for error in refused for reason in _reasons(error)]
        raise LineRefusedError(SEVERAL, reasons=reasons)
    return given


def _reasons(error: LineRefusedError) -> list[list[Any]]:
    if error.code == SEVERAL:
        found: list[list[Any]] = error.data["reasons"]
        return found
    return [[error.code, error.data]]


def span(values: Values, earlier: str, later: str) -> tuple[date | None, date | None]:
    """Return two days of which the second does not lie before the first."""
    days = all_of(first=lambda: day(values, earlier), second=lambda: day(values, later))
    in_order(days["first"], days["second"], earlier=earlier, later=later)
    return days["first"], days["second"]


def text(values: Values, column: str, *, most: int, needed: bool = False) -> str:
    """Return a text of at most `most` characters."""
    value = values[column]
    if needed and not value:
        raise LineRefusedError("missing", column=column)
    if len(value) > most:
        raise LineRefusedError("too_long", column=column, most=most)
    return value


def choice(values: Values, column: str, choices: Sequence[str], *, default: str = "") -> str:
    """Return one of the choices, however it is capitalised; the default where nothing stands."""
    value = values[column].lower() or default
    if not value:
        raise LineRefusedError("missing", column=column)
    if value not in choices:
        told = {"value": values[column][:_SHOWN], "choices": ", ".join(choices)}
        raise LineRefusedError("bad_choice", column=column, **told)
    return value


def day(values: Values, column: str, *, needed: bool = False) -> date | None:
    """Return a day written as ISO 8601 (2026-11-27); None where nothing stands."""
    value = text(values, column, most=MOST_NUMBER, needed=needed)
    if not value:
        return None
    try:
        found = date.fromisoformat(ascii_digits(value))
    except ValueError:
        found = None
    if found is None or len(value) != 10:
        raise LineRefusedError("bad_date", column=column, value=value)
    return found


def in_order(first: date | None, second: date | None, *, earlier: str, later: str) -> None:
    """Refuse a line whose second day lies before its first."""
    if first and second and second < first:
        raise LineRefusedError("before", earlier=earlier, later=later)


def whole(
    values: Values, column: str, *, least: int = 0, most: int = 10**12, default: int | None = None
) -> int | None:
    """Return a whole number; the default where nothing stands."""
    value = ascii_digits(values[column])
    if not value:
        return default
    if not (value.isdecimal() and len(value) <= MOST_NUMBER and least <= int(value) <= most):
        told = {"value": value[:_SHOWN], "least": least, "most": most}
        raise LineRefusedError("bad_number", column=column, **told)
    return int(value)


def amount(values: Values, column: str) -> int:
    """Return an amount in centimes."""
    value = text(values, column, most=MOST_NUMBER, needed=True)
    try:
        return centimes(value)
    except AmountError as error:
        raise LineRefusedError("bad_amount", column=column, value=value) from error


def contract_key(values: Values, column: str) -> str:
    """Return the key of a contract number, under which `Contract.number_key` finds it."""
    value = text(values, column, most=MOST_NUMBER, needed=True)
    key = number_key(value)
    if not key or len(key) > MOST_NUMBER:
        raise LineRefusedError("bad_contract_number", column=column, value=value)
    return key


def email(values: Values, column: str) -> tuple[str, str]:
    """Return an address and its key, both "" where nothing stands."""
    value = text(values, column, most=254)
    key = email_key(value)
    if value and not key:
        raise LineRefusedError("bad_email", column=column, value=value[:_SHOWN])
    return value, key


def phone(values: Values, column: str) -> tuple[str, str]:
    """Return a telephone number and its key, the first where there are several."""
    value = text(values, column, most=MOST_NUMBER)
    keys = phone_keys(value)
    if value and not keys:
        raise LineRefusedError("bad_phone", column=column, value=value[:_SHOWN])
    return value, keys[0] if keys else ""
