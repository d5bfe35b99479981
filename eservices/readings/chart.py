"""The use of a meter by months, beside the same months of the year before, as a chart."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from eservices.contracts.models import Meter, Service
from eservices.readings.history import months_of
from figures.drawing import Row, columns
from figures.picture import Picture
from figures.wording import number
from org.written_days import date_format

MONTHS: Final = 12


def use_chart(meter: Meter, *, of_holder: bool = False) -> Picture | None:
    """Return the chart of the last twelve months; None where hardly anything is known.

    `of_holder`: without the use of a holder before the present one.
    """
    today = timezone.localdate()
    found = months_of(meter, until=today, count=2 * MONTHS, of_holder=of_holder)
    before, now = found[:MONTHS], found[MONTHS:]
    if sum(use is not None for _month, use in now) < 2:
        return None
    rows = [
        Row(date_format(month, "F Y"), earlier or 0, use or 0)
        for (month, use), (_ago, earlier) in zip(now, before, strict=True)
    ]
    names = (_("The year before"), _("This year"), "")
    chart = columns(
        rows, ticks=_ticks([month for month, _use in now]), names=names, number=number,
        rtl=get_language_bidi(),
    )  # fmt: skip
    table = [
        [date_format(month, "F Y"), _words(use), _words(earlier)]
        for (month, use), (_ago, earlier) in zip(now, before, strict=True)
    ]
    return Picture(
        f"use-{meter.pk}", _("Use by month"), Service(meter.service).unit, chart,
        [("second", names[1]), ("first", names[0])],
        [_("Month"), names[1], names[0]], table, wide=True,
    )  # fmt: skip


def _ticks(months: Sequence[date]) -> list[str]:
    return [date_format(month, "N") for month in months]


def _words(use: int | None) -> str:
    return "—" if use is None else number(use)
