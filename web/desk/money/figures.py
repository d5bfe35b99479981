"""What came by channel and day."""

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from eservices.bills.templatetags.money import money
from eservices.payments.listing import MOST_DAYS, sums, totals
from eservices.payments.rights import reads_accounts
from figures.drawing import Chart, heat
from org.written_days import date_format
from web.desk.money.tabs import money_page
from web.shared.days import day_of
from web.shared.guard import StaffRequest, page
from web.shared.quantities import quantity

DAYS: Final = 30


@page(reads_accounts)
def show(request: StaffRequest) -> HttpResponse:
    """Show counts and sums by channel, and a chart by day."""
    until = day_of(request.GET.get("until", "")) or timezone.localdate()
    since = day_of(request.GET.get("since", "")) or until - timedelta(days=DAYS - 1)
    since = max(since, until - timedelta(days=MOST_DAYS - 1))
    found = sums(since, until)
    channels = totals(found)
    days = [since + timedelta(days=at) for at in range((until - since).days + 1)]
    context: dict[str, Any] = {
        "since": since,
        "until": until,
        "channels": channels,
        "count": sum(count for _code, _name, count, _total in channels),
        "total": sum(total for _code, _name, _count, total in channels),
        "chart": _chart(days, channels, found) if channels else None,
        "days": [
            (day, [found.get((day, code), (0, 0))[1] for code, *_rest in channels])
            for day in days
            if any((day, code) in found for code, *_rest in channels)
        ],
    }
    return money_page(request, "web/money/figures.html", context, at="figures")


def _chart(
    days: list[date],
    channels: list[tuple[str, str, int, int]],
    found: dict[tuple[date, str], tuple[int, int]],
) -> Chart:
    """Return a row for each channel and a column for each day, the darker the more came."""
    names = [name for _code, name, _count, _total in channels]
    values = {
        (row, column): -(-found[day, code][1] // 100)
        for row, (code, *_rest) in enumerate(channels)
        for column, day in enumerate(days)
        if (day, code) in found
    }
    every = max(1, -(-len(days) // 8))
    ticks = [date_format(day, "j N") if at % every == 0 else "" for at, day in enumerate(days)]

    def title(row: int, column: int, _value: int) -> str:
        _count, total = found[days[column], channels[row][0]]
        day = date_format(days[column], "j F")
        return _("%(channel)s, %(day)s: %(amount)s DH") % {
            "channel": names[row],
            "day": day,
            "amount": money(total),
        }

    return heat(
        names, ticks, values, title=title, number=quantity, rtl=get_language_bidi(), room=150
    )
