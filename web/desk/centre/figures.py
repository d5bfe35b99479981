"""The centre's figures: contacts, waiting, solution, call-backs, satisfaction; with complaints."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from eservices.relations.callbacks import callbacks_for, counts_of
from eservices.relations.figures import CentreFigures, centre_figures, period_of, table
from eservices.relations.models import ContactMoment
from figures.drawing import Chart, Row, columns, lying
from figures.picture import Picture
from figures.wording import DASH, days, number, share
from org.written_days import date_format
from registry.sheets.cells import defused
from web.desk.centre.guard import reads_centre
from web.desk.figures.tiles import Tile
from web.shared import files
from web.shared.days import day_of
from web.shared.guard import StaffRequest, page

_BY_WEEK: Final = 45  # more days than these are drawn by weeks
_BY_MONTH: Final = 200
DEFINITIONS: Final[dict[str, Any]] = {
    "incoming": gettext_lazy("Calls, visits, mails and messages that came in and were logged."),
    "solved": gettext_lazy(
        "Contacts answered at once whose caller did not come back within seven days, of all that "
        "came in."
    ),
    "waiting": gettext_lazy(
        "How long callers waited until an agent answered: half of them at most so long, and nine "
        "in ten. Only contacts whose waiting was measured."
    ),
    "talk": gettext_lazy("The mean length of a contact, as the agents’ pages measured it."),
    "kept": gettext_lazy(
        "Call-backs with a try by the time that was promised, of those whose time has come."
    ),
    "satisfaction": gettext_lazy(
        "Ratings of four or five of five, of all ratings of requests given in this time."
    ),
    "reopened": gettext_lazy("Requests that were opened again because they were not solved."),
    "complaints": gettext_lazy(
        "Complaints of these months, whole months, counted as the office’s figures count them."
    ),
}


@page(reads_centre)
def show(request: StaffRequest) -> HttpResponse:
    """Show the figures of some days, of the last thirty unless said."""
    found = _asked(request)
    context = {
        "found": found,
        "tiles": _tiles(found),
        "complaints": _complaints(found),
        "pictures": _pictures(found),
        "counts": counts_of(callbacks_for(request.user), user=request.user),
        "at": "figures",
    }
    return render(request, "web/centre/figures.html", context)


@page(reads_centre)
def as_table(request: StaffRequest) -> HttpResponse:
    """Send the figures of the same days as CSV."""
    found = _asked(request)
    rows = ([defused(part), defused(name), value] for part, name, value in table(found))
    head = [_("Part"), _("Name"), _("Number")]
    return files.table(head, rows, name=f"sijill-centre-{found.since}-{found.until}.csv")


def _asked(request: StaffRequest) -> CentreFigures:
    since, until = period_of(
        day_of(request.GET.get("since", "")), day_of(request.GET.get("until", ""))
    )
    return centre_figures(since=since, until=until)


def _tiles(found: CentreFigures) -> list[Tile]:
    rows = [
        (_("Contacts that came in"), number(found.incoming), "incoming"),
        (_("Solved at the first contact"), share(found.solved, found.incoming), "solved"),
        (_("Waiting, median"), _clock(found.median_wait), "waiting"),
        (_("Talking, mean"), _clock(None if found.talk is None else round(found.talk)), "talk"),
        (_("Call-backs kept in time"), share(found.kept, found.promised), "kept"),
        (_("Satisfied"), share(found.pleased, found.rated), "satisfaction"),
        (_("Opened again"), number(found.reopened), "reopened"),
    ]
    ninetieth = _("Nine in ten: %(time)s") % {"time": _clock(found.ninetieth_wait)}
    was = {"waiting": (ninetieth,)} if found.ninetieth_wait is not None else {}
    return [
        Tile(name, value, DEFINITIONS[code], was=was.get(code, ())) for name, value, code in rows
    ]


def _complaints(found: CentreFigures) -> list[Tile]:
    of = found.complaints
    rows = [
        (_("Came in"), number(of.received)),
        (_("Treated"), number(of.treated)),
        (_("Positive"), number(of.positive)),
        (_("Opened again"), number(of.numbers["reopened"])),
        (_("Mean delay"), days(of.mean)),
    ]
    return [Tile(name, value, DEFINITIONS["complaints"]) for name, value in rows]


def _clock(seconds: int | None) -> str:
    """Return a time as minutes and seconds; a dash for none."""
    return DASH if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def _pictures(found: CentreFigures) -> list[Picture]:
    if not found.calls:
        return []
    labels = ContactMoment.Channel.choices, ContactMoment.Result.choices
    return [
        _lying("channels", _("By channel"), found.channels, labels[0]),
        _lying("results", _("By result"), found.results, labels[1]),
        _by_day(found),
    ]


def _by_day(found: CentreFigures) -> Picture:
    names = _("Came in"), _("We called"), ""
    rows = [Row(name, came, went) for name, (came, went) in _steps(found)]
    chart = columns(
        rows, ticks=_ticks([row.name for row in rows]), names=names, number=number,
        rtl=get_language_bidi(),
    )  # fmt: skip
    cells = [[row.name, number(row.first), number(row.second)] for row in rows]
    return Picture(
        "days", _("Contacts over time"), _("contacts"), chart,
        [("first", names[0]), ("second", names[1])], [_("Time"), names[0], names[1]], cells,
        wide=True,
    )  # fmt: skip


def _steps(found: CentreFigures) -> list[tuple[str, tuple[int, int]]]:
    """Return the days, weeks or months of the time, each with what came in and went out."""
    length = (found.until - found.since).days + 1
    steps: dict[str, tuple[int, int]] = {}
    for at in range(length):
        day = found.since + timedelta(days=at)
        name = _step_of(day, length)
        came, went = steps.get(name, (0, 0))
        more = found.days.get(day, (0, 0))
        steps[name] = (came + more[0], went + more[1])
    return list(steps.items())


def _step_of(day: date, length: int) -> str:
    if length > _BY_MONTH:
        return date_format(day, "F Y")
    if length > _BY_WEEK:
        return date_format(day - timedelta(days=day.weekday()), "j N")
    return date_format(day, "j N")


def _ticks(names: list[str]) -> list[str]:
    every = max(1, -(-len(names) // 8))
    return [name if at % every == 0 else "" for at, name in enumerate(names)]


def _lying(code: str, title: str, counted: Counter[str], labels: Any) -> Picture:
    rows = [(str(words), counted[value]) for value, words in labels]
    chart = _bars(rows)
    legend = [("first", _("contacts"))]
    cells = [[name, number(value)] for name, value in rows]
    return Picture(code, title, _("contacts"), chart, legend, [title, _("Number")], cells)


def _bars(rows: list[tuple[str, int]]) -> Chart:
    """Return lying bars of one series, of which the second one is not drawn."""
    drawn = [Row(name, value, 0) for name, value in rows]
    chart = lying(drawn, names=("", "", ""), number=number, rtl=get_language_bidi())
    bars = [bar for bar in chart.bars if bar.look == "first"]
    values = [one for one in chart.labels if one.look != "value"]
    firsts = [one for one in chart.labels if one.look == "value"][::2]
    return Chart(chart.height, bars, values + firsts, chart.lines)
