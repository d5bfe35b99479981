"""The chart of what was used, drawn by the server: each month beside the one of the year before."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from eservices.bills.consumption import Use
from figures.drawing import Chart, Row, columns


def chart_of(uses: Sequence[Use]) -> Chart | None:
    """Return the chart of some uses, None for fewer than two."""
    if len(uses) < 2:
        return None
    rows = [Row(date_format(one.period_to, "F Y"), one.year_before or 0, one.used) for one in uses]
    return columns(
        rows,
        ticks=[date_format(one.period_to, "M") for one in uses],
        names=(_("Year before"), _("Used"), ""),
        number=lambda value: f"{value:g}",
        rtl=get_language_bidi(),
    )
