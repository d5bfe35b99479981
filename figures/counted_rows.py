"""Rows of figures as the database has them: a year has some four hundred, most spreads unasked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from figures.counting import NUMBERS, SPREADS
from figures.models import MonthFigures


class Row(NamedTuple):
    """A counted row: NUMBERS, and SPREADS as the texts that the database has."""

    month: date
    department: str
    kind: str
    channel: str
    numbers: Sequence[int]
    spreads: Sequence[str]


def read_rows(rows: QuerySet[MonthFigures]) -> Iterator[Row]:
    """Yield the rows, their spreads not decoded."""
    texts = [Cast(name, TextField()) for name in SPREADS]
    numbers = 4 + len(NUMBERS)
    for row in rows.values_list("month", "department", "kind", "channel", *NUMBERS, *texts):
        month, department, kind, channel = row[:4]
        yield Row(month, department, kind, channel, row[4:numbers], row[numbers:])
