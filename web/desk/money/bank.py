"""Bank transfers: files taken, and credits that wait, with the bills that they may be for."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.money import centimes
from eservices.payments.bank_entries import BankFileError
from eservices.payments.bank_import import take_bank_file
from eservices.payments.bank_lines import (
    WAITING,
    ForeignMoneyError,
    match_again,
    set_aside,
    take_bills,
    take_proposal,
)
from eservices.payments.models import BankFile, BankLine
from eservices.payments.posting import PostingError
from eservices.payments.returned import with_gone
from eservices.payments.rights import decides_refunds, keeps_accounts, reads_accounts
from web.desk.money.forms import BankFileForm
from web.desk.money.tabs import money_page, permissions
from web.desk.money.words import LINE_TAGS, line_words, posting_words, proposal_words
from web.shared.guard import StaffRequest, go_on, page, redirect_after, upload_form, verb
from web.shared.paging import page_of
from web.uploads import takes_uploads

ROWS: Final = 30
SHOWN: Final = {
    "waiting": (*WAITING, BankLine.State.RETURNED),
    "returned": (BankLine.State.RETURNED, BankLine.State.TAKEN_BACK),
    "matched": (BankLine.State.MATCHED,),
    "aside": (BankLine.State.ASIDE,),
}


@page(reads_accounts)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the credits that wait, the oldest first, or those that are done."""
    return _page(request, BankFileForm())


def _page(request: StaffRequest, form: BankFileForm, status: int = 200) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "waiting"
    rows = (
        with_gone(BankLine.objects.filter(state__in=SHOWN[show]))
        .select_related("payment", "file", "returns__payment", "refund")
        .annotate(credits=Count("batch"))
    )
    order = ["booked_on", "id"] if show == "waiting" else ["-booked_on", "-id"]
    found = page_of(rows, order=order, cursor=request.GET.get("from", ""), limit=ROWS)
    context: dict[str, Any] = {
        "rows": [(row, LINE_TAGS[row.state], _why(row), _proposals(row)) for row in found.rows],
        "next": found.next_cursor,
        "show": show,
        "form": form,
        "keeps": keeps_accounts(permissions(request)),
        "decides": decides_refunds(permissions(request)),
        "files": BankFile.objects.order_by("-pk")[:5],
    }
    return money_page(request, "web/money/bank.html", context, at="bank", status=status)


def _why(line: Any) -> str:
    return line_words("returned" if line.gone else line.why)


def _proposals(line: BankLine) -> list[tuple[int, str, list[dict[str, Any]]]]:
    return [
        (place, proposal_words(one["why"]), [_priced(bill) for bill in one["bills"]])
        for place, one in enumerate(line.proposals)
    ]


def _priced(bill: dict[str, str]) -> dict[str, Any]:
    """Return a bill of a proposal with its amount in centimes, for the filters of money."""
    return {"number": bill["number"], "amount": centimes(bill["amount"])}


@upload_form(keeps_accounts)
@takes_uploads
def take(request: StaffRequest) -> HttpResponse:
    """Take a file of the bank: its credits, and the bills that they match."""
    if request.method != "POST":
        return redirect_after(reverse("desk:bank_lines"), request)
    filled = BankFileForm(request.POST, request.FILES)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    file = filled.cleaned_data["file"]
    try:
        taken = take_bank_file(file.read(), name=file.name, by=request.user)
    except BankFileError as error:
        filled.add_error("file", error.words())
        return _page(request, filled, status=422)
    told = {"lines": taken.lines, "matched": taken.matched, "new": taken.new}
    messages.success(
        request,
        _("Credits: %(lines)s (new: %(new)s, matched with bills: %(matched)s).") % told,
    )
    if taken.returned:
        messages.warning(request, _("The bank took credits back: decide on them here."))
    return redirect_after(reverse("desk:bank_lines"), request)


@verb(keeps_accounts)
def act(request: StaffRequest, line_id: int, what: str) -> HttpResponse:
    """Take a proposal, name bills, set a credit aside, or match its bills anew."""
    if what not in _VERBS or not BankLine.objects.filter(pk=line_id).exists():
        raise Http404
    try:
        _VERBS[what](request, line_id)
    except PostingError as error:
        messages.error(request, posting_words(error))
    except ForeignMoneyError:
        messages.error(request, _("Another currency is never set against bills."))
    return go_on(request, otherwise=reverse("desk:bank_lines"))


def _take_proposal(request: StaffRequest, line_id: int) -> None:
    place = request.POST.get("place", "")
    plain = place.isdecimal() and len(place) < 4
    payment = take_proposal(line_id, int(place) if plain else -1, by=request.user)
    _matched(request, payment.receipt)


def _take_bills(request: StaffRequest, line_id: int) -> None:
    numbers = request.POST.get("bills", "").replace(",", " ").replace(";", " ").split()
    payment = take_bills(line_id, list(dict.fromkeys(numbers)), by=request.user)
    _matched(request, payment.receipt)


def _set_aside(request: StaffRequest, line_id: int) -> None:
    remark = request.POST.get("remark", "").strip()
    if not remark:
        messages.error(request, _("Say why the credit is set aside."))
        return
    set_aside(line_id, remark=remark, by=request.user)
    messages.success(request, _("The credit is set aside."))


def _look_again(request: StaffRequest, line_id: int) -> None:
    line = match_again(line_id, by=request.user)
    if line.payment is not None:
        _matched(request, line.payment.receipt)
    else:
        messages.info(
            request, _("It was looked for anew: %(why)s.") % {"why": line_words(line.why)}
        )


def _matched(request: StaffRequest, receipt: str) -> None:
    said = _("The credit is matched; receipt %(receipt)s.") % {"receipt": receipt}
    messages.success(request, said)


_VERBS: Final[dict[str, Callable[[StaffRequest, int], None]]] = {
    "take": _take_proposal,
    "bills": _take_bills,
    "aside": _set_aside,
    "again": _look_again,
}
