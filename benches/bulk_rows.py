"""New bills in batches, by Django's `bulk_create` and by `insert_rows`, in turn and rolled back."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from benches._office import quiet_office

COLUMNS = (
    *("number", "kind", "contract_id", "service", "period_from", "period_to", "issued_on"),
    *("due_on", "previous_index", "index", "estimated", "total", "billed", "remaining"),
    *("line_hash", "made_at", "changed_at", "told_at"),
)


def main(arguments: Sequence[str]) -> None:
    """Print the processor's and the wall's time of a row, both ways."""
    parser = argparse.ArgumentParser(prog="sijill bench bulk_rows", description=__doc__)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    asked = parser.parse_args(arguments)
    with quiet_office(postgres=asked.postgres):
        _compare(asked.batch, asked.rounds)


def _compare(batch: int, rounds: int) -> None:
    from eservices.bills.models import Bill
    from eservices.contracts.bulk_rows import insert_rows

    rows = _rows(batch)

    def plainly() -> None:
        Bill.objects.bulk_create(Bill(**dict(zip(COLUMNS, row, strict=True))) for row in rows)

    ways = {"bulk_create": plainly, "insert_rows": lambda: insert_rows(Bill, COLUMNS, rows)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            times[name].append(_timed(way))
    print(f"{batch} bills a batch, {rounds} rounds\n{'':<14}{'CPU µs/row':>12}{'wall µs/row':>12}")
    for name, found in times.items():
        cpu, wall = (statistics.median(one) / batch * 1e6 for one in zip(*found, strict=True))
        print(f"{name:<14}{cpu:>12.1f}{wall:>12.1f}")


def _rows(batch: int) -> list[tuple[Any, ...]]:
    from django.utils import timezone

    from eservices.contracts.models import Contract

    now, day = timezone.now(), date(2026, 11, 1)
    contract = Contract.objects.create(
        number="1", number_key="1", customer_name="Bennis", made_at=now, changed_at=now
    )
    return [
        (
            *(f"B{at}", "invoice", contract.pk, "water", day, day, day, day, at, at + 9, False),
            *(12840, 0, 0, f"{at:064x}", now, now, now),
        )
        for at in range(batch)
    ]


def _timed(way: Callable[[], None]) -> tuple[float, float]:
    from django.db import transaction

    with transaction.atomic():
        cpu, wall = time.process_time(), time.perf_counter()
        way()
        spent = time.process_time() - cpu, time.perf_counter() - wall
        transaction.set_rollback(True)
    return spent


if __name__ == "__main__":
    main(sys.argv[1:])
