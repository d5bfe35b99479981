"""Actions on outgoing mail: describe and close the list, acknowledge, return, settle."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from correspondence.dispatch import posting, returns
from correspondence.models.dispatch import Dispatch, PostingLine
from language.bidi import isolate
from language.numerals import ascii_digits, plain_decimal
from registry.access import reads_letter
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from web.desk.files import file_in
from web.shared.days import day_of
from web.shared.files import stored
from web.shared.guard import (
    StaffRequest,
    back_to_letter,
    go_on,
    is_office,
    page,
    reads_letters,
    verb,
)

BACK = "/outgoing/"


def dispatch_of(request: StaffRequest, dispatch_id: UUID) -> Dispatch:
    """Return a dispatch of a letter that the user may read; raise Http404 for any other."""
    rows = Dispatch.objects.filter(reads_letter(request.user))
    return get_object_or_404(
        rows.select_related("letter", "reply__letter", "reply__department", "proof_file"),
        pk=dispatch_id,
    )


@verb(is_office)
def describe(request: StaffRequest, line_id: int) -> HttpResponse:
    """Save tracking number, weight and postage of a letter that waits."""
    line = get_object_or_404(PostingLine, pk=line_id)
    kept = posting.describe_line(
        line,
        actor=request.user,
        tracking_number=request.POST.get("tracking_number", "").strip(),
        weight=_whole(request.POST.get("weight", "")),
        postage=_amount(request.POST.get("postage", "")),
        seen=request.POST.get("seen", ""),
    )
    if posting.s10_is_right(kept.tracking_number):
        messages.success(request, _("Kept."))
    else:
        messages.warning(
            request,
            _("Kept, but the check digit of %(number)s is wrong: please look at it once more.")
            % {"number": kept.tracking_number},
        )
    return go_on(request, otherwise=BACK)


def _whole(text: str) -> int | None:
    """Parse grams; raise NotAllowedError for anything else than a small whole number."""
    text = ascii_digits(text).strip()
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10 and int(text) <= 50_000):
        raise NotAllowedError(_("Give the weight in whole grams, at most 50,000."))
    return int(text)


def _amount(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        amount = Decimal(plain_decimal(text)).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and 0 <= amount < 100_000):
        raise NotAllowedError(_("Give the postage as an amount, as 34.50."))
    return amount


@verb(is_office)
def close_list(request: StaffRequest) -> HttpResponse:
    """Close the list of what is posted now; the letters count as sent once it is drawn."""
    closed = posting.close_posting_list(actor=request.user, way=request.POST.get("way", ""))
    row = closed.posting_list
    words = ngettext(
        "List %(number)s is closed with %(count)d letter and is being drawn.",
        "List %(number)s is closed with %(count)d letters and is being drawn.",
        row.count,
    )
    messages.success(request, words % {"number": isolate(row.number), "count": row.count})
    if closed.left:
        words = ngettext(
            "%(count)d letter stays for the next list: it lacks its tracking number, or is being "
            "drawn.",
            "%(count)d letters stay for the next list: they lack their tracking numbers, or are "
            "being drawn.",
            closed.left,
        )
        messages.warning(request, words % {"count": closed.left})
    return go_on(request, otherwise="/outgoing/lists/")


def _acknowledge(request: StaffRequest, dispatch: Dispatch) -> str:
    day = day_of(request.POST.get("on", ""))
    returns.acknowledge(dispatch, actor=request.user, on=day, scan=file_in(request, "scan"))
    return _("The acknowledgement of receipt is kept.")


def _return(request: StaffRequest, dispatch: Dispatch) -> str:
    reason = request.POST.get("reason", "")
    returns.return_post(dispatch, actor=request.user, reason=reason)
    return _("Noted as returned. The letter stands with its department again.")


def _settle(request: StaffRequest, dispatch: Dispatch) -> str:
    returns.settle(dispatch, actor=request.user, remark=request.POST.get("remark", ""))
    return _("Seen to.")


def _take_back(request: StaffRequest, dispatch: Dispatch) -> str:
    returns.take_back(dispatch, actor=request.user)
    return _("Taken back. The reply can be sent another way.")


ON_DISPATCH: dict[str, Callable[[StaffRequest, Dispatch], str]] = {
    "acknowledge": _acknowledge,
    "return": _return,
    "settle": _settle,
    "take-back": _take_back,
}


@verb(reads_letters)
def on_dispatch(request: StaffRequest, dispatch_id: UUID, what: str) -> HttpResponse:
    """Acknowledge, return, settle or take back."""
    dispatch = dispatch_of(request, dispatch_id)
    do = ON_DISPATCH.get(what)
    if do is None:
        raise Http404
    try:
        messages.success(request, do(request, dispatch))
    except DepositRefusedError as error:
        messages.error(request, " ".join(str(one.words()) for one in error.refusals))
    return back_to_letter(request, dispatch.reply.letter_id, "#replies")


@page(reads_letters)
def proof(request: StaffRequest, dispatch_id: UUID) -> HttpResponseBase:
    """Serve the stored acknowledgement of receipt or signature."""
    dispatch = dispatch_of(request, dispatch_id)
    file = dispatch.proof_file
    if file is None:
        raise Http404
    ending = file.media_type.rpartition("/")[2]
    name = f"{dispatch.letter.number.replace('/', '-')}-proof.{ending}"
    return stored(file, file.media_type, name=name, inline=file.media_type == "image/png")
