"""Requesting an export of a list of work or of a register."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from figures.lists import LISTS, total_of
from figures.scope import work_scope
from figures.sheets import address_of_list
from language.numerals import ascii_digits
from registry.book.register_book import BookPeriod, entries
from registry.models.registers import NumberSeries, Register
from search.exports.export_requests import ExportRefusedError, keep_export
from web.desk.exports.contents import PAGES
from web.desk.figures.filter import address_of, list_of
from web.shared.guard import StaffRequest, reads_all, reads_letters, redirect_after, verb


@verb(reads_letters)
def ask_list(request: StaffRequest) -> HttpResponse:
    """Request an export of a list of work: all that its page shows."""
    name = request.POST.get("list", "")
    if name not in LISTS:
        raise BadRequest("no such list")
    given = QueryDict(request.POST.get("address", "")[:2000])
    scope = work_scope(request.user)
    asked = list_of(name, given, scope)
    back = f"{reverse(PAGES[name])}?{address_of(asked)}"
    total = total_of(scope, asked)
    return _keep(request, name, address_of_list(asked), total=total, back=back)


@verb(reads_all)
def ask_book(request: StaffRequest) -> HttpResponse:
    """Request an export of a register's day, month or year."""
    back = f"{reverse('desk:book')}?series={request.POST.get('series', '')[:9]}"
    try:
        asked = _book_period(request.POST)
    except ValueError:
        messages.error(request, _("Choose a day or a month of the register’s year, or neither."))
        return redirect_after(back, request)
    return _keep(request, "book", asked.address(), total=entries(asked).count(), back=back)


def _book_period(given: QueryDict) -> BookPeriod:
    """Return the part of a register that the form names.

    Raise ValueError for an invalid series, month or day.
    """
    series = NumberSeries.objects.select_related("register").exclude(
        register__direction=Register.Direction.MINUTES
    )
    chosen = series.filter(pk=int(given.get("series", "")[:9] or "0")).first()
    if chosen is None:
        raise ValueError("no such series")
    period = given.get("day", "") or given.get("month", "") or f"{chosen.year:04d}"
    return BookPeriod(chosen.register.code, chosen.year, ascii_digits(period.strip()))


def _keep(
    request: StaffRequest, source: str, address: str, *, total: int, back: str
) -> HttpResponse:
    try:
        if not total:
            words = _("Nothing is found, so there is nothing to export.")
            raise ExportRefusedError("nothing", words)
        keep_export(
            person=request.user,
            source=source,
            address=address,
            format=request.POST.get("format", ""),
            language=(get_language() or "fr")[:2],
        )
    except ExportRefusedError as error:
        messages.error(request, str(error))
        return redirect_after(back, request)
    return redirect_after(reverse("desk:exports"), request)
