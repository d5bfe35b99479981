"""The register as a book: every number in its place, closings, gaps and anomalies, voiding."""

from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import Lag
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from jobs.models import Job
from language.numerals import ascii_digits
from registry.access import reads_letter
from registry.models.closings import DailyClosing
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from registry.models.voiding import VoidRequest
from web.shared.files import stored
from web.shared.guard import StaffRequest, page, reads_all
from web.shared.paging import page_of

ROWS = 50
MOST_GAPS = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the book; one above the reader's clearance shows its number and day only."""

    letter: Letter
    readable: bool


@page(reads_all)
def book(request: StaffRequest) -> HttpResponse:
    """Show the entries of a register's year, newest first; `?serial=` opens at a number."""
    series = _series()
    chosen = _chosen(request, series)
    context: dict[str, Any] = {"series": series, "chosen": chosen, "entries": [], "next": ""}
    if chosen:
        letters = Letter.objects.filter(register=chosen.register_id, year=chosen.year)
        serial = ascii_digits(request.GET.get("serial", "").strip())
        if serial.isascii() and serial.isdecimal() and len(serial) < 10:
            letters = letters.filter(serial__lte=int(serial))
        found = page_of(
            letters.for_lists(), order=["-serial"], cursor=request.GET.get("from", ""), limit=ROWS
        )
        context |= {"entries": _entries(request, found.rows), "next": found.next_cursor}
    return render(request, "web/book.html", context)


def _series() -> list[NumberSeries]:
    rows = NumberSeries.objects.select_related("register").order_by("-year", "register__id")
    return list(rows.exclude(register__direction=Register.Direction.MINUTES))


def _chosen(request: StaffRequest, series: list[NumberSeries]) -> NumberSeries | None:
    wanted = request.GET.get("series", "")
    return next((row for row in series if str(row.pk) == wanted), series[0] if series else None)


def _entries(request: StaffRequest, letters: list[Letter]) -> list[Entry]:
    ids = [letter.pk for letter in letters]
    visible = set(
        Letter.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True)
    )
    return [Entry(letter, letter.pk in visible) for letter in letters]


@page(reads_all)
def closings(request: StaffRequest) -> HttpResponse:
    """Show the daily closings, newest first, each with its page as PDF."""
    rows: QuerySet[DailyClosing] = DailyClosing.objects.defer("heads").select_related(
        "series__register", "page"
    )
    found = page_of(
        rows, order=["-closed_at", "-pk"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    return render(request, "web/closings.html", {"rows": found.rows, "next": found.next_cursor})


@page(reads_all)
def closing_page(request: StaffRequest, closing_id: int) -> HttpResponseBase:
    """Serve the day's page of the book, in which confidential entries are masked."""
    row = get_object_or_404(DailyClosing.objects.select_related("series__register"), pk=closing_id)
    if row.page is None:
        raise Http404
    name = f"{row.series.register.code}-{row.day}-{row.sequence}.pdf"
    return stored(row.page, "application/pdf", name=name)


@dataclass(frozen=True, slots=True)
class SeriesCheck:
    """Whether a number series is complete: the `missing` serials, at most 200 of them."""

    series: NumberSeries
    count: int
    missing: list[int]

    @property
    def whole(self) -> bool:
        """Whether every number from the first to the last exists exactly once."""
        return not self.missing and self.count == self.series.last - self.series.first + 1


@page(reads_all)
def anomalies(request: StaffRequest) -> HttpResponse:
    """Show the permanent page of gaps and anomalies, of which there should be none."""
    context = {
        "checks": _checks(),
        "unread": _unread(request),
        "parked": Job.objects.filter(state=Job.State.PARKED).count(),
        "undrawn": DailyClosing.objects.filter(page=None).count(),
        "voided": _voided(request),
    }
    return render(request, "web/anomalies.html", context)


def _checks() -> list[SeriesCheck]:
    """Check each series by counts of the database, naming numbers only where they do not add up."""
    # Of nothing but serials: an index has those, and not the ids.
    rows = Letter.objects.order_by().values_list("register", "year")
    counted = {row[:2]: row[2:] for row in rows.annotate(n=Count("*"), top=Max("serial"))}
    checks = []
    for series in _series():
        begun = (0, series.first - 1)
        count, top = counted.get((series.register_id, series.year), begun)
        whole = count + series.first - 1 == top == series.last
        checks.append(SeriesCheck(series, count, [] if whole else _missing(series, top)))
    return checks


def _missing(series: NumberSeries, top: int) -> list[int]:
    """Return serials that no letter has, of those up to the last given or found (`top`)."""
    letters = Letter.objects.filter(register=series.register_id, year=series.year)
    before = Window(Lag("serial", default=series.first - 1), order_by="serial")
    after_gaps = letters.annotate(before=before).filter(serial__gt=F("before") + 1)
    edges = after_gaps.order_by("serial").values_list("before", "serial")[:MOST_GAPS]
    gaps = (range(before + 1, serial) for before, serial in (*edges, (top, series.last + 1)))
    return list(islice(chain.from_iterable(gaps), MOST_GAPS))


def _unread(request: StaffRequest) -> list[Letter]:
    """Return letters with a document that no reader can open, as far as this user may read them."""
    locked = Document.objects.exclude(problem="").values("letter")
    rows = Letter.objects.visible_to(request.user).filter(pk__in=locked)
    return list(rows.for_lists().order_by("-registered_at")[:20])


def _voided(request: StaffRequest) -> list[VoidRequest]:
    rows = VoidRequest.objects.filter(reads_letter(request.user))
    rows = rows.filter(decision=VoidRequest.Decision.APPROVED)
    rows = rows.select_related("letter", "asked_by", "decided_by")
    return list(rows.order_by("-decided_at")[:50])


@page(reads_all)
def voids(request: StaffRequest) -> HttpResponse:
    """Show requests to void that wait for another person's decision."""
    rows = VoidRequest.objects.filter(
        reads_letter(request.user), decision=VoidRequest.Decision.PENDING
    ).select_related("letter__register", "asked_by")
    return render(request, "web/voids.html", {"rows": list(rows.order_by("asked_at")[:100])})
