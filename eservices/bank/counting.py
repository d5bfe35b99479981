"""Counts of calls by day, kind and outcome: what the status page shows."""

import logging
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

log = logging.getLogger(__name__)
_COUNT: Final = """
INSERT INTO bank_partnercount (code, "on", "call", outcome, count, spent, slowest, last_at)
VALUES (%s, %s, %s, %s, 1, %s, %s, %s)
ON CONFLICT (code, "on", "call", outcome) DO UPDATE SET
    count = bank_partnercount.count + 1,
    spent = bank_partnercount.spent + excluded.spent,
    slowest = CASE WHEN excluded.slowest > bank_partnercount.slowest
                   THEN excluded.slowest ELSE bank_partnercount.slowest END,
    last_at = excluded.last_at
"""


def count_call(code: str, call: str, outcome: str, *, milliseconds: int) -> None:
    """Count a call. One that cannot be counted is answered all the same."""
    now: datetime = timezone.now()
    day = timezone.localdate(now)
    row: list[Any] = [code, day, call, outcome, milliseconds, milliseconds, now]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNT, row)
    except DatabaseError:
        log.exception("a call of a bank could not be counted")
