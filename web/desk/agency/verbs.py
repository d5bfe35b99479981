"""What staff do for a request of the digital agency, from its letter's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from eservices.agency.automatic_moves import resume_work
from eservices.agency.charging import drop_charge, write_charge
from eservices.agency.delivering import deliver
from eservices.agency.final import meters_to_read, name_final_bill, write_final_index
from eservices.agency.meters import USUAL_DIGITS, set_meter
from eservices.agency.plans import make_plan
from eservices.money import AmountError, typed_centimes
from language.numerals import LONGEST_TYPED, ascii_digits
from routing.acting.errors import NotAllowedError
from web.desk.agency.box import TYPED, TYPED_CHARGE
from web.desk.requests.given import needed_day, text_in, whole_in
from web.desk.requests.verbs import back, row_of
from web.shared.guard import StaffRequest, reads_letters, verb

PART = "#agency"


def _amount(text: str) -> int:
    try:
        return typed_centimes(text)
    except AmountError as error:
        words = _("This is no amount: “%(amount)s”.") % {"amount": text.strip()[:40]}
        raise NotAllowedError(words) from error


def _seen(request: StaffRequest) -> int | None:
    """Return how many charges the form's page showed; None where it does not say."""
    return whole_in(request, "seen") if "seen" in request.POST else None


@verb(reads_letters)
def charge(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write what is to be paid; what was typed stays where it is refused."""
    row = row_of(request, letter_id)
    subject, typed = text_in(request, "subject"), text_in(request, "amount", 40)
    try:
        amount, seen = _amount(typed), _seen(request)
        write_charge(row, subject=subject, amount=amount, actor=request.user, seen=seen)
    except NotAllowedError as error:
        kept = {"letter": str(letter_id), "subject": subject[:200], "amount": typed}
        request.session[TYPED_CHARGE] = kept
        messages.error(request, str(error))
        return back(request, row.letter, PART)
    messages.success(request, _("What is to be paid is written down."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def uncharge(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Take back what was written and is no bill yet."""
    row = row_of(request, letter_id)
    drop_charge(row, whole_in(request, "charge"), actor=request.user)
    messages.success(request, _("It is not to be paid any more."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def meter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write down the meter that was set."""
    row = row_of(request, letter_id)
    set_meter(
        row,
        serial=text_in(request, "serial", 40),
        service=text_in(request, "service", 12),
        index=ascii_digits(text_in(request, "index", 16)),
        digits=whole_in(request, "digits", USUAL_DIGITS),
        actor=request.user,
    )
    messages.success(request, _("The meter is written down."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def last_index(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write down the last index of a meter."""
    row = row_of(request, letter_id)
    wanted = whole_in(request, "meter")
    found = next((one for one in meters_to_read(row) if one.pk == wanted), None)
    if found is None:
        raise NotAllowedError(_("You may not do this with this request."))
    write_final_index(row, found, index=text_in(request, "index", 16), actor=request.user)
    messages.success(request, _("The last index is written down."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def final_bill(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Say which bill is the final one; the request goes on by what remains."""
    row = row_of(request, letter_id)
    name_final_bill(row, text_in(request, "bill", 40), actor=request.user)
    messages.success(request, _("The final bill is linked."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def look(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Go on with a request whose payment, refund or final bill is there."""
    row = row_of(request, letter_id)
    if resume_work(str(row.pk), None):
        messages.success(request, _("The request has moved on."))
    else:
        messages.info(request, _("Nothing has come yet."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def plan(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write the schedule; what was typed stays where it is refused."""
    row = row_of(request, letter_id)
    days, amounts = request.POST.getlist("day")[:40], request.POST.getlist("amount")[:40]
    rows = [
        {"day": day[:10], "amount": amount[:LONGEST_TYPED]}
        for day, amount in zip(days, amounts, strict=False)
        if day.strip() or amount.strip()
    ]
    bills = request.POST.getlist("bill")[:20]
    try:
        parts = [(needed_day(each["day"]), _amount(each["amount"])) for each in rows]
        make_plan(row, bills=bills, parts=parts, actor=request.user)
    except NotAllowedError as error:
        request.session[TYPED] = {"letter": str(letter_id), "rows": rows, "bills": bills}
        messages.error(request, str(error))
        return back(request, row.letter, PART)
    messages.success(request, _("The schedule is written down."))
    return back(request, row.letter, PART)


@verb(reads_letters)
def send_paper(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Draw the statement or duplicate and send it as the answer."""
    row = row_of(request, letter_id)
    outgoing = deliver(row, actor=request.user)
    number = outgoing.number if outgoing else ""
    messages.success(request, _("Delivered as answer no. %(number)s.") % {"number": number})
    return back(request, row.letter, PART)
