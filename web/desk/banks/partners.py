"""Partners of the biller API: how their calls go, what is agreed, their secrets."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.bank.access import keeps_banks, reads_banks
from eservices.bank.keys import MOST_LIVE, NOUN, end_old_secrets, live_secrets, make_secret
from eservices.bank.models import USUAL_CALLS, BankPartner
from eservices.bank.partners import add_partner, change_partner, set_active
from eservices.bank.status import CallStatus, last_days, status_on
from eservices.money import decimal
from org.errors import BadOrganisationError
from web.context import permissions_for
from web.desk.administration.history import history_of
from web.desk.banks.words import CALLS, OUTCOMES
from web.desk.forms import add_problems
from web.shared.guard import StaffRequest, form, page, redirect_after, verb
from web.signin.confirmation import confirms

_AMOUNTS: Final = ("most_a_payment", "most_a_day", "fee_fixed")


class BankForm(forms.Form):
    """What is agreed with a partner; its code stays."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("What the bank sends as X-Biller-Partner."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("Rights"),
        choices=BankPartner.Right.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    most_a_payment = forms.CharField(
        label=gettext_lazy("Most for one payment, in dirhams"), required=False
    )
    most_a_day = forms.CharField(label=gettext_lazy("Most for one day, in dirhams"), required=False)
    calls_a_minute = forms.CharField(label=gettext_lazy("Calls a minute"), required=False)
    fee_fixed = forms.CharField(
        label=gettext_lazy("Fee of each payment, in dirhams"), required=False
    )
    fee_rate = forms.CharField(label=gettext_lazy("Share of the amount, in %"), required=False)

    def __init__(self, *args: Any, row: BankPartner | None = None, **kwargs: Any) -> None:
        known: dict[str, Any] = {"rights": BankPartner.Right.values, "calls_a_minute": USUAL_CALLS}
        if row is not None:
            known = {"name": row.name, "rights": row.rights, "calls_a_minute": row.calls_a_minute}
            known |= {name: _amount(getattr(row, name)) for name in _AMOUNTS}
            known["fee_rate"] = f"{row.fee_rate.normalize():f}" if row.fee_rate else ""
        kwargs.setdefault("initial", known)
        super().__init__(*args, **kwargs)
        self.row = row
        for name in (*_AMOUNTS, "fee_rate", "calls_a_minute"):
            self.fields[name].widget.attrs |= {"dir": "ltr", "inputmode": "decimal"}
        if row is not None:
            del self.fields["code"]
        else:
            self.fields["code"].widget.attrs |= {"dir": "ltr"}


def _amount(centimes: int) -> str:
    """Return an amount as the form shows it, nothing where nothing is agreed."""
    return decimal(centimes) if centimes else ""


@page(reads_banks)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all partners with today's calls, and the calls that nobody known signed."""
    today = status_on(timezone.localdate())
    rows = [
        (row, today.get(row.code, CallStatus())) for row in BankPartner.objects.order_by("code")
    ]
    unsigned = today.get("", CallStatus())
    context = {"rows": rows, "unsigned": unsigned, "keeps": _keeps(request), "at": "partners"}
    return render(request, "web/banks/listed.html", context)


@form(keeps_banks)
@confirms()
def new(request: StaffRequest) -> HttpResponse:
    """Add a partner; its secret is shown this once."""
    if request.method != "POST":
        return _new_page(request, BankForm())
    filled = BankForm(request.POST)
    if filled.is_valid():
        values = filled.cleaned_data
        try:
            row, secret = add_partner(values["code"], values, by=request.user)
        except BadOrganisationError as error:
            add_problems(filled, error.problems)
        else:
            return _page(request, row, secret=secret)
    return _new_page(request, filled, status=422)


def show(request: StaffRequest, bank_id: int) -> HttpResponse:
    """Show a partner; administrators change what is agreed."""
    guarded: Any = _change if request.method == "POST" else _shown
    answer: HttpResponse = guarded(request, bank_id=bank_id)
    return answer


@page(reads_banks)
def _shown(request: StaffRequest, bank_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(BankPartner, pk=bank_id))


@form(keeps_banks)
@confirms()
def _change(request: StaffRequest, bank_id: int) -> HttpResponse:
    row = get_object_or_404(BankPartner, pk=bank_id)
    filled = BankForm(request.POST, row=row)
    if filled.is_valid():
        try:
            change_partner(row, filled.cleaned_data, by=request.user)
        except BadOrganisationError as error:
            add_problems(filled, error.problems)
        else:
            messages.success(request, _("The partner is kept."))
            return redirect_after(reverse("desk:bank", args=[row.pk]), request)
    return _page(request, row, filled=filled, status=422)


@verb(keeps_banks)
@confirms()
def act_on(request: StaffRequest, bank_id: int, act: str) -> HttpResponse:
    """Make a new secret, end the old one, stop a partner or let it in again."""
    row = get_object_or_404(BankPartner, pk=bank_id)
    if act == "secret":
        secret = make_secret(row, by=request.user)
        return _page(request, row, secret=secret)
    if act == "end":
        end_old_secrets(row, by=request.user)
        words = _("The old secret holds no more.")
    elif act in ("stop", "start"):
        set_active(row, active=act == "start", by=request.user)
        words = _("The partner may call.") if act == "start" else _("The partner is stopped.")
    else:
        raise Http404
    messages.success(request, words)
    return redirect_after(reverse("desk:bank", args=[row.pk]), request)


def _page(
    request: StaffRequest,
    row: BankPartner,
    *,
    secret: str = "",
    filled: BankForm | None = None,
    status: int = 200,
) -> HttpResponse:
    held = list(live_secrets().filter(partner=row))
    days = last_days(row)
    context = {
        "bank": row,
        "secret": secret,
        "form": filled or BankForm(row=row),
        "keeps": _keeps(request),
        "rights": [label for name, label in BankPartner.Right.choices if name in row.rights],
        "secrets": held,
        "two": len(held) == MOST_LIVE,
        "today": days[0][1],
        "outcomes": [_outcome(one) for one in days[0][1].outcomes],
        "days": [(day, calls) for day, calls in days if calls.calls],
        **history_of(NOUN, row.code),
    }
    return render(request, "web/banks/partner.html", context, status=status)


def _new_page(request: StaffRequest, filled: BankForm, *, status: int = 200) -> HttpResponse:
    return render(request, "web/banks/new.html", {"form": filled}, status=status)


def _outcome(row: Any) -> dict[str, Any]:
    return {
        "call": CALLS.get(row.call, row.call),
        "outcome": OUTCOMES.get(row.outcome, row.outcome),
        "row": row,
    }


def _keeps(request: StaffRequest) -> bool:
    permissions = permissions_for(request)
    return permissions is not None and keeps_banks(permissions)
