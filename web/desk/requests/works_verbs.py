"""What staff do with a file: quotations, meetings, acceptances, reserves, requests for trades."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from eservices.requests import quotations
from eservices.requests.acceptances import Left, lift_reserve, record_acceptance
from eservices.requests.amounts import AmountError
from eservices.requests.meetings import hold_meeting, minutes_file
from eservices.requests.models import Quotation
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.desk.requests.given import needed_day, whole_in
from web.desk.requests.panel import seen_of
from web.desk.requests.verbs import back, row_of
from web.desk.requests.works import RESERVES, TYPED
from web.shared.files import stored
from web.shared.guard import StaffRequest, page, reads_letters, verb

PART = "#works"
_FIELDS = ("what", "quantity", "unit", "price", "rate")


@verb(reads_letters)
def quote(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Make a quotation and send it; what was typed stays where it is refused."""
    row = row_of(request, letter_id)
    if request.POST.get("seen") != seen_of(row):
        raise ConflictError
    columns = [request.POST.getlist(name) for name in _FIELDS]
    rows = [dict(zip(_FIELDS, cells, strict=True)) for cells in zip(*columns, strict=False)]
    until = request.POST.get("valid_until", "")
    try:
        made = quotations.make_quotation(
            row, actor=request.user, lines=rows, valid_until=needed_day(until)
        )
    except (AmountError, NotAllowedError) as error:
        typed = [each for each in rows if any(each[name] for name in ("what", "quantity", "price"))]
        request.session[TYPED] = {
            "letter": str(letter_id),
            "rows": typed[:60],
            "valid_until": until[:10],
        }
        messages.error(request, str(error))
        return back(request, row.letter, PART)
    words = _("Quotation no. %(number)s is sent.") % {"number": made.number}
    messages.success(request, words)
    return back(request, row.letter, PART)


@verb(reads_letters)
def decide_quotation(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Record what the citizen said at the counter or on paper about the open quotation."""
    row = row_of(request, letter_id)
    if request.POST.get("seen") != seen_of(row):
        raise ConflictError
    number, remark = whole_in(request, "quotation"), request.POST.get("remark", "")
    if not remark.strip():
        raise NotAllowedError(_("Say how the citizen told you: a letter, at the counter."))
    if request.POST.get("decision") == "accept":
        quotations.accept(row, number, actor=request.user, comment=remark)
    else:
        quotations.decline(row, number, actor=request.user, reason=remark)
    messages.success(request, _("What the citizen decided is recorded."))
    return back(request, row.letter, PART)


@page(reads_letters)
def quotation_file(request: StaffRequest, letter_id: UUID, number: int) -> HttpResponseBase:
    """Return a quotation as PDF."""
    row = row_of(request, letter_id)
    found = Quotation.objects.filter(request=row.pk, number=number, file__isnull=False)
    quotation = found.select_related("file").first()
    if quotation is None or quotation.file is None:
        raise Http404
    name = f"{row.letter.number.replace('/', '-')}-quotation-{number}.pdf"
    return stored(quotation.file, "application/pdf", name=name)


@page(reads_letters)
def minutes(request: StaffRequest, letter_id: UUID, number: int) -> HttpResponseBase:
    """Return the minutes of a meeting as PDF."""
    row = row_of(request, letter_id)
    file = minutes_file(row, number)
    if file is None:
        raise Http404
    name = f"{row.letter.number.replace('/', '-')}-minutes-{number}.pdf"
    return stored(file, "application/pdf", name=name)


@verb(reads_letters)
def meet(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write down a meeting on site with its minutes."""
    row = row_of(request, letter_id)
    hold_meeting(
        row,
        actor=request.user,
        held_on=needed_day(request.POST.get("held_on", "")),
        minutes=request.POST.get("minutes", ""),
        place=request.POST.get("place", ""),
        present=request.POST.get("present", ""),
    )
    messages.success(request, _("The minutes are kept; the citizen can read them."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def accept_works(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Record an acceptance with its reserves."""
    row = row_of(request, letter_id)
    record_acceptance(
        row,
        actor=request.user,
        kind=request.POST.get("kind", ""),
        on=needed_day(request.POST.get("on", "")),
        minutes=request.POST.get("minutes", ""),
        reserves=_reserves(request),
    )
    messages.success(request, _("The acceptance is recorded."))
    return back(request, row.letter, PART)


def _reserves(request: StaffRequest) -> list[Left]:
    """Return the reserves of the form's rows; those without words are left out."""
    found = []
    for number in range(1, RESERVES + 1):
        text = request.POST.get(f"reserve-{number}", "").strip()
        due = request.POST.get(f"due-{number}", "")
        if text:
            trade = request.POST.get(f"trade-{number}", "")
            found.append(Left(text, trade, needed_day(due) if due else None))
    return found


@verb(reads_letters)
def lift(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Lift one reserve."""
    row = row_of(request, letter_id)
    number = whole_in(request, "reserve")
    lift_reserve(row, number, actor=request.user, remark=request.POST.get("remark", ""))
    messages.success(request, _("The reserve is lifted."))
    return back(request, row.letter, PART)
