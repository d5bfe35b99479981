"""What staff do with a request from its letter's page: actions, messages, requests for trades."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from eservices.requests.acting import take_action
from eservices.requests.children import open_children
from eservices.requests.messages import write_message
from eservices.requests.models import Request
from eservices.requests.moving import request_of
from language.bidi import isolate
from registry.access import get_letter
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.desk.requests.panel import seen_of
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, back_to_letter, reads_letters, redirect_after, verb
from web.uploads import arrived, takes_uploads


def row_of(request: StaffRequest, letter_id: UUID) -> Request:
    """Return the request of a letter that the user may read. Raise Http404 where there is none."""
    found = request_of(get_letter(request.user, letter_id))
    if found is None:
        raise Http404
    return found


@takes_uploads
@verb(reads_letters)
def act(request: StaffRequest, letter_id: UUID, name: str) -> HttpResponse:
    """Take one action of the request's type."""
    row = row_of(request, letter_id)
    if request.POST.get("seen") != seen_of(row):
        raise ConflictError
    try:
        take_action(
            row,
            name,
            actor=request.user,
            comment=request.POST.get("comment", ""),
            outcome=request.POST.get("outcome", ""),
            reason=request.POST.get("reason", ""),
            files=arrived(request),
        )
    except DepositRefusedError as error:
        return _refused(request, row.letter, error)
    messages.success(request, _("The request has moved on."))
    return back(request, row.letter)


@takes_uploads
@verb(reads_letters)
def write(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write a message to the citizen, with files; where these are refused, the text stays."""
    row, text = row_of(request, letter_id), request.POST.get("text", "")
    try:
        write_message(row, text=text, actor=request.user, files=arrived(request))
    except DepositRefusedError as error:
        refusals = [refusal.words() for refusal in error.refusals]
        context = {"letter": row.letter, "text": text, "refusals": refusals}
        again = render(request, "web/message.html", context, status=422)
        return later_where_it_passes(again, error.refusals)
    messages.success(request, _("The message is sent."))
    return back(request, row.letter)


@verb(reads_letters)
def open_trade(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Open the requests for the trades that were chosen, each with a number of its own."""
    row = row_of(request, letter_id)
    trades = request.POST.getlist("trade")
    if not trades:
        raise NotAllowedError(_("Choose a trade."))
    opened = open_children(row, trades, actor=request.user)
    words = _("The request for the trade is opened as %(number)s.")
    for one in opened:
        messages.success(request, words % {"number": isolate(one.request.letter.number)})
    return back(request, row.letter)


def _refused(request: StaffRequest, letter: Letter, error: DepositRefusedError) -> HttpResponse:
    for refusal in error.refusals:
        messages.error(request, refusal.words())
    return back_to_letter(request, letter.pk, "#request")


def back(request: StaffRequest, letter: Letter, part: str = "#request") -> HttpResponse:
    """Return to the letter, or to the list where the user may read it no more."""
    if not Letter.objects.visible_to(request.user).filter(pk=letter.pk).exists():
        return redirect_after("/requests/", request)
    return back_to_letter(request, letter.pk, part)
