"""Numbers without gaps and without duplicates, and how a pattern writes them."""

import re
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Final

from django.db import connection
from django.utils import timezone

from registry.book.versions import apply_version_of
from registry.models.registers import Register

LONGEST: Final = 60  # characters of a number, as the letters' table holds it
# One statement: the row stays locked until the caller commits, and a roll-back gives the
# number back. So there is neither a gap nor a duplicate, on SQLite as on PostgreSQL.
_TAKE = """
INSERT INTO registry_numberseries (register_id, year, last, chain_head) VALUES (%s, %s, 1, '')
ON CONFLICT (register_id, year) DO UPDATE SET last = registry_numberseries.last + 1
RETURNING id, last, chain_head,
          EXISTS (SELECT 1 FROM registry_registerversion WHERE register_id = %s)
"""

_HEAD = "UPDATE registry_numberseries SET chain_head = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """A number that holds if the transaction commits. `chain_head` is the head before it."""

    series_id: int
    year: int
    serial: int
    number: str
    chain_head: str


def take_number(register: Register, *, at: datetime) -> TakenNumber:
    """Take the register's next number of the office's year at `at`. Only inside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    moment = timezone.localtime(at, timezone.get_default_timezone())
    year = moment.year
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [register.pk, year, register.pk])
        series_id, serial, head, has_versions = cursor.fetchone()
    if has_versions:  # few registers ever do
        apply_version_of(register, moment.date())
    return TakenNumber(
        series_id=series_id,
        year=year,
        serial=serial,
        number=format_number(register.pattern, year=year, register=register.code, serial=serial),
        chain_head=head,
    )


def keep_head(number: TakenNumber, head: str) -> None:
    """Write the register's new head, of the event of a number just taken."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [head, number.series_id])


def format_number(pattern: str, *, year: int, register: str, serial: int) -> str:
    """Fill a number pattern. Raise ValueError when it is not usable or would repeat numbers."""
    try:
        _check_widths(pattern)
        number = pattern.format(year=year, register=register, serial=serial)
        other = pattern.format(year=year, register=register, serial=serial + 1)
        last_year = pattern.format(year=year - 1, register=register, serial=serial)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ValueError(f"unusable number pattern: {pattern!r}") from error
    if number in {other, last_year} or not number.strip() or len(number) > LONGEST:
        raise ValueError(f"a number pattern must hold year and serial: {pattern!r}")
    return number


def _check_widths(pattern: str) -> None:
    """Raise ValueError where a filled pattern could be long beyond measure: before it is filled."""
    for _text, name, spec, _conversion in Formatter().parse(pattern):
        numbers = re.findall(r"\d+", f"{name or ''} {spec or ''}")
        if "{" in (spec or "") or any(len(one) > 4 or int(one) > LONGEST for one in numbers):
            raise ValueError(f"a width beyond {LONGEST}")
