"""Numbers without gaps and without duplicates."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from registry.book.versions import come_to_be
from registry.models.registers import Register

# One statement: the row stays locked until the caller commits, and a roll-back gives the
# number back. So there is neither a gap nor a duplicate, on SQLite as on PostgreSQL.
_TAKE = """
INSERT INTO registry_numberseries (register_id, year, last, chain_head) VALUES (%s, %s, 1, '')
ON CONFLICT (register_id, year) DO UPDATE SET last = registry_numberseries.last + 1
RETURNING id, last, chain_head
"""


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
    year, pattern = moment.year, come_to_be(register, moment.date()).pattern
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [register.pk, year])
        series_id, serial, head = cursor.fetchone()
    return TakenNumber(
        series_id=series_id,
        year=year,
        serial=serial,
        number=format_number(pattern, year=year, register=register.code, serial=serial),
        chain_head=head,
    )


def format_number(pattern: str, *, year: int, register: str, serial: int) -> str:
    """Fill a number pattern. Raise ValueError when it is not usable or would repeat numbers."""
    try:
        number = pattern.format(year=year, register=register, serial=serial)
        other = pattern.format(year=year, register=register, serial=serial + 1)
        last_year = pattern.format(year=year - 1, register=register, serial=serial)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ValueError(f"unusable number pattern: {pattern!r}") from error
    if number in {other, last_year} or not number.strip() or len(number) > 60:
        raise ValueError(f"a number pattern must hold year and serial: {pattern!r}")
    return number
