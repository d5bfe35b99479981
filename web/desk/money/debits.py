"""Direct debits: mandates, files for the bank, what was collected and sent back."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.contracts.finding import contract_numbered
from eservices.payments.debits import DebitError, end_mandate, make_mandate, make_run, send_back
from eservices.payments.models import DebitLine, DebitMandate, DebitRun
from eservices.payments.posting import TakenBackError
from eservices.payments.rights import keeps_accounts, reads_accounts
from language.reach import number_key
from web.desk.money.forms import MandateForm, RunForm
from web.desk.money.tabs import money_page, permissions
from web.desk.money.words import DEBIT_TAGS, debit_words, refund_words
from web.shared.files import stored
from web.shared.guard import StaffRequest, form, go_on, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 50


@page(reads_accounts)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the runs and the mandates, the newest first."""
    return _page(request)


def _page(
    request: StaffRequest,
    *,
    mandate: MandateForm | None = None,
    run: RunForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = DebitMandate.objects.select_related("contract")
    wanted = request.GET.get("q", "")[:40]
    if wanted:
        rows = rows.filter(contract__number_key=number_key(wanted))
    found = page_of(rows, order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS)
    context: dict[str, Any] = {
        "mandates": found.rows,
        "next": found.next_cursor,
        "q": wanted,
        "runs": DebitRun.objects.order_by("-pk")[:10],
        "mandate_form": mandate or MandateForm(),
        "run_form": run or RunForm(),
        "keeps": keeps_accounts(permissions(request)),
    }
    return money_page(request, "web/money/debits.html", context, at="debits", status=status)


@form(keeps_accounts)
def mandate(request: StaffRequest) -> HttpResponse:
    """Keep a mandate."""
    if request.method != "POST":
        return redirect_after(reverse("desk:debits"), request)
    filled = MandateForm(request.POST)
    if filled.is_valid():
        given = filled.cleaned_data
        contract = contract_numbered(given.pop("contract"))
        if contract is None:
            filled.add_error("contract", debit_words("contract"))
        else:
            try:
                made = make_mandate(contract, by=request.user, **given)
            except DebitError as error:
                name = error.code if error.code in filled.fields else None
                filled.add_error(name, debit_words(error.code))
            else:
                said = _("Mandate %(number)s is kept.") % {"number": made.reference}
                messages.success(request, said)
                return redirect_after(reverse("desk:debits"), request)
    return _page(request, mandate=filled, status=422)


@verb(keeps_accounts)
def end(request: StaffRequest, mandate_id: int) -> HttpResponse:
    """End a mandate today."""
    end_mandate(get_object_or_404(DebitMandate, pk=mandate_id), by=request.user)
    messages.success(request, _("The mandate has ended."))
    return go_on(request, otherwise=reverse("desk:debits"))


@form(keeps_accounts)
def run(request: StaffRequest) -> HttpResponse:
    """Make the file of what is due."""
    if request.method != "POST":
        return redirect_after(reverse("desk:debits"), request)
    filled = RunForm(request.POST)
    if filled.is_valid():
        try:
            made = make_run(by=request.user, **filled.cleaned_data)
        except DebitError as error:
            name = error.code if error.code in filled.fields else None
            filled.add_error(name, debit_words(error.code))
        else:
            return redirect_after(reverse("desk:debit_run", args=[made.pk]), request)
    return _page(request, run=filled, status=422)


@page(reads_accounts)
def shown(request: StaffRequest, debit_run_id: int) -> HttpResponse:
    """Show what a file holds, and what became of it."""
    made = get_object_or_404(DebitRun, pk=debit_run_id)
    rows = made.lines.select_related("mandate", "bill__contract")
    found = page_of(rows, order=["id"], cursor=request.GET.get("from", ""), limit=ROWS)
    context = {
        "run": made,
        "rows": [(row, DEBIT_TAGS[row.state]) for row in found.rows],
        "next": found.next_cursor,
        "keeps": keeps_accounts(permissions(request)),
    }
    return money_page(request, "web/money/debit_run.html", context, at="debits")


@page(reads_accounts)
def file(request: StaffRequest, debit_run_id: int) -> HttpResponseBase:
    """Give the file for the bank."""
    made = get_object_or_404(DebitRun, pk=debit_run_id)
    if made.file is None:
        raise Http404
    return stored(made.file, "application/xml", name=f"{made.number}.xml")


@verb(keeps_accounts)
def back(request: StaffRequest, line_id: int) -> HttpResponse:
    """Note that the bank sent a debit back: the bill is owed again."""
    line = get_object_or_404(DebitLine, pk=line_id)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Say why the bank sent it back."))
    else:
        try:
            send_back(line, reason=reason, by=request.user)
        except TakenBackError:
            messages.error(request, refund_words("refund_there"))
        else:
            messages.success(request, _("The debit is marked as sent back."))
    return go_on(request, otherwise=reverse("desk:debit_run", args=[line.run_id]))
