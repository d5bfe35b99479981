"""Values of answers: each type of field checked, and brought into the one form that is kept."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import regex
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from eservices.catalogue.definition import Field
from eservices.money import without_currency
from eservices.phone_words import phone_problem
from language.lines import one_line, printable_lines
from language.numerals import ascii_digits, plain_decimal, ungrouped
from language.reach import email_key, phone_key

MOST_TEXT: Final = 300  # characters, where the type says nothing else
MOST_LONG_TEXT: Final = 4000
MOST_PATTERN: Final = 200  # characters that a pattern is tried on
_PATTERN_SECONDS: Final = 0.5  # that it may take; one that fits takes less than a millisecond
_MOST_NUMBER: Final = 10**15
_NUMBER: Final = re.compile(r"[+-]?\d{1,16}(\.\d{1,9})?([eE][+-]?\d{1,2})?", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_FROM_TODAY: Final = re.compile(r"today([+-]\d{1,5})?", re.ASCII)
_CONTRACT: Final = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 ./-]{1,38}[A-Z0-9]", re.ASCII)
_INDEX: Final = re.compile(r"\d{1,9}", re.ASCII)
_YES: Final = frozenset({"yes", "true", "on", "1"})
_NO: Final = frozenset({"no", "false", "off", "0"})


class BadAnswerError(Exception):
    """An answer that cannot be taken; its text is for the person who gave it."""


def is_given(value: Any) -> bool:
    """Return whether somebody has answered at all."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, Mapping):
        return any(one not in (None, "") for one in value.values())
    return value is not None and value != [] and value != ()


def checked_value(field: Field, value: Any) -> Any:
    """Return a given value as it is kept. Raise BadAnswerError with what is wrong with it."""
    return _CHECKS[field.type](field, value)


def _written(value: Any) -> str:
    """Return what somebody wrote; a number counts as its digits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_NUMBER:
        return str(value)
    if not isinstance(value, str):
        raise BadAnswerError(_("Write a text here."))
    return value.encode("utf-8", "replace").decode()


def _text(field: Field, value: Any) -> str:
    text = one_line(_written(value), 100_000)
    _fits_length(field, text, MOST_TEXT)
    return text


def _long_text(field: Field, value: Any) -> str:
    text = printable_lines(_written(value))
    _fits_length(field, text, MOST_LONG_TEXT)
    return text


def _fits_length(field: Field, text: str, usual: int) -> None:
    most, least = _whole(field.most) or usual, _whole(field.least) or 0
    if len(text) > most:
        raise BadAnswerError(_too_long(most, len(text)))
    if len(text) < least:
        words = ngettext(
            "Write at least %(least)d character.", "Write at least %(least)d characters.", least
        )
        raise BadAnswerError(words % {"least": least})
    if field.pattern and not _fits_pattern(field.pattern, text):
        raise BadAnswerError(_("This is not written as asked for. Look at the example."))


def _fits_pattern(pattern: str, text: str) -> bool:
    """Return whether the whole text is of the pattern; not where there is no end of trying."""
    if len(text) > MOST_PATTERN:
        return False
    try:
        return bool(regex.fullmatch(pattern, ascii_digits(text), timeout=_PATTERN_SECONDS))
    except TimeoutError:
        return False
    except (regex.error, OverflowError, RecursionError):
        return True  # the type is at fault, not the person


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _decimal(value: Any) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < _MOST_NUMBER:  # nor is "not a number"
            raise BadAnswerError(_("This number is too large."))
        return Decimal(repr(value))
    text = plain_decimal(_written(value).strip())
    if not _NUMBER.fullmatch(text):
        raise BadAnswerError(_("Give a number, such as 12 or 12.5."))
    found = Decimal(text)
    if abs(found) >= _MOST_NUMBER:
        raise BadAnswerError(_("This number is too large."))
    return found


def _number(field: Field, value: Any) -> int | float:
    found = _decimal(value)
    _fits_limits(field, found)
    return int(found) if found == found.to_integral_value() else float(found)


def _money(field: Field, value: Any) -> str:
    found = _decimal(without_currency(value) if isinstance(value, str) else value)
    if found != found.quantize(Decimal("0.01")):
        raise BadAnswerError(_("Give an amount with two digits after the point at most."))
    if found < 0 and not field.least:
        raise BadAnswerError(_("Give an amount that is not negative."))
    _fits_limits(field, found)
    return str(found.quantize(Decimal("0.01")) + 0)


def _meter_index(field: Field, value: Any) -> int:
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**9:
        value = int(value)
    text = ungrouped(_written(value))
    if not _INDEX.fullmatch(text):
        words = _("Give the whole number of the meter, without the digits after the comma.")
        raise BadAnswerError(words)
    _fits_limits(field, Decimal(text))
    return int(text)


def _fits_limits(field: Field, found: Decimal) -> None:
    least, most = _limit(field.least), _limit(field.most)
    if least is not None and found < least:
        raise BadAnswerError(_("Give %(least)s or more.") % {"least": field.least})
    if most is not None and found > most:
        raise BadAnswerError(_("Give %(most)s or less.") % {"most": field.most})


def _limit(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _date(field: Field, value: Any) -> str:
    found = _day(_written(value))
    least, most = day_limit(field.least), day_limit(field.most)
    if least and found < least:
        raise BadAnswerError(_("Give %(day)s or a later day.") % {"day": f"{least:%d/%m/%Y}"})
    if most and found > most:
        raise BadAnswerError(_("Give %(day)s or an earlier day.") % {"day": f"{most:%d/%m/%Y}"})
    return found.isoformat()


def _day(text: str) -> date:
    plain = ascii_digits(text).strip()
    if iso := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in iso.groups())
    elif first := _DAY_FIRST.fullmatch(plain):
        day, month, year = (int(part) for part in first.groups())
    else:
        raise BadAnswerError(_("Give a day, such as 31/12/2026."))
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise BadAnswerError(_("There is no such day.")) from error
    if not 1900 <= year <= 2200:
        raise BadAnswerError(_("There is no such day."))
    return found


def day_limit(text: str) -> date | None:
    """Return the day of a limit: an ISO day, or `today`, `today-30`, `today+365`; else None."""
    if near := _FROM_TODAY.fullmatch(text):
        return timezone.localdate() + timedelta(days=int(near.group(1) or 0))
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _choice(field: Field, value: Any) -> str:
    text = _written(value).strip()
    if text not in {option.value for option in field.options}:
        raise BadAnswerError(_("Choose one of the answers."))
    return text


def _several(field: Field, value: Any) -> list[str]:
    given = list(value) if isinstance(value, list | tuple) else [value]
    chosen = {_written(one).strip() for one in given}
    known = [option.value for option in field.options]
    if not chosen <= set(known):
        raise BadAnswerError(_("Choose among the answers."))
    return [one for one in known if one in chosen]


def _yes_no(_field: Field, value: Any) -> bool:
    text = str(value).lower() if isinstance(value, bool) else _written(value).strip().lower()
    if text not in _YES | _NO:
        raise BadAnswerError(_("Answer yes or no."))
    return text in _YES


def _contract(field: Field, value: Any) -> str:
    text = one_line(ascii_digits(_written(value)), 60).upper()
    fits = not field.pattern or _fits_pattern(field.pattern, text)
    if not (_CONTRACT.fullmatch(text) and fits):
        raise BadAnswerError(_("Give the number of the contract as it stands on your bill."))
    return text


def _too_long(most: int, count: int) -> str:
    return ngettext(
        "Write at most %(most)d character; there are %(count)d.",
        "Write at most %(most)d characters; there are %(count)d.",
        most,
    ) % {"most": most, "count": count}


def _address(field: Field, value: Any) -> dict[str, Any]:
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {"text": value}
    text = given.get("text")
    found: dict[str, Any] = {"text": one_line(_written("" if text is None else text), 100_000)}
    if len(found["text"]) > 400:
        raise BadAnswerError(_too_long(400, len(found["text"])))
    place = [given.get(name) for name in ("latitude", "longitude")]
    if any(is_given(one) for one in place):
        found |= _point(*place)
    if field.required and not found["text"]:
        raise BadAnswerError(_("Write the address, or describe how the place is found."))
    return found


def _point(latitude: Any, longitude: Any) -> dict[str, float]:
    wrong = _("The point on the map cannot be used. Take it again, or leave it out.")
    try:
        north, east = _decimal(latitude), _decimal(longitude)
    except BadAnswerError as error:
        raise BadAnswerError(wrong) from error
    if abs(north) > 90 or abs(east) > 180:
        raise BadAnswerError(wrong)
    return {"latitude": round(float(north), 6), "longitude": round(float(east), 6)}


def _phone(_field: Field, value: Any) -> str:
    key = phone_key(_written(value))
    while key and (again := phone_key(key)) != key:
        key = again
    if problem := phone_problem(key):
        raise BadAnswerError(problem)
    return key


def _email(_field: Field, value: Any) -> str:
    text = _written(value).strip().lower()
    if not text or email_key(text) != text or len(text) > 190:
        raise BadAnswerError(_("Give an e-mail address, such as name@example.ma."))
    return text


def _declaration(field: Field, value: Any) -> bool:
    agreed = _yes_no(field, value)
    if field.required and not agreed:
        raise BadAnswerError(_("Tick the box to go on."))
    return agreed


_CHECKS: Final[Mapping[str, Callable[[Field, Any], Any]]] = {
    "text": _text,
    "long_text": _long_text,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "several": _several,
    "yes_no": _yes_no,
    "contract": _contract,
    "meter_index": _meter_index,
    "address": _address,
    "phone": _phone,
    "email": _email,
    "declaration": _declaration,
}
