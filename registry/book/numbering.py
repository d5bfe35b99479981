"""Numbers without gaps and without duplicates."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from registry.book.versions import come_to_be, format_number
from registry.models.registers import Register

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
        come_to_be(register, moment.date())
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
