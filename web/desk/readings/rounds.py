"""Rounds: for which period meters of a sector are read, from when to when, how many have come."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.contracts.models import Service
from eservices.readings.access import reads
from eservices.readings.deciding import decides
from eservices.readings.models import Round
from org.people import permissions_of
from web.shared.guard import StaffRequest, form, redirect_after
from web.shared.paging import page_of
from web.shared.widgets import Day

ROWS = 30


class RoundForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A round; without a sector it is for everywhere else, without a service for all."""

    period = forms.RegexField(
        label=gettext_lazy("Period"),
        regex=r"^\d{4}-(0[1-9]|1[0-2])$",
        help_text=gettext_lazy("As in 2026-11."),
        widget=forms.TextInput({"dir": "ltr", "size": 8}),
    )
    sector = forms.CharField(
        label=gettext_lazy("Sector"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Empty: everywhere else."),
    )
    service = forms.ChoiceField(
        label=gettext_lazy("Service"),
        required=False,
        choices=[("", gettext_lazy("All")), *Service.choices],
    )
    opens_on = forms.DateField(label=gettext_lazy("From"), widget=Day)
    closes_on = forms.DateField(label=gettext_lazy("Until"), widget=Day)

    class Meta:
        model = Round
        fields = ("period", "sector", "service", "opens_on", "closes_on")

    def clean(self) -> dict[str, Any]:
        """Refuse a round that ends before it begins."""
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day is before the first."))
        return given


@form(reads)
def show(request: StaffRequest) -> HttpResponse:
    """Show the rounds; who decides adds one."""
    if request.method != "POST":
        return _page(request, RoundForm())
    return _kept(request, RoundForm(request.POST), None)


@form(reads)
def change(request: StaffRequest, round_id: int) -> HttpResponse:
    """Change a round's days."""
    row = get_object_or_404(Round, pk=round_id)
    if request.method != "POST":
        return _page(request, RoundForm(instance=row), row)
    return _kept(request, RoundForm(request.POST, instance=row), row)


def _kept(request: StaffRequest, filled: RoundForm, row: Round | None) -> HttpResponse:
    if not decides(permissions_of(request.user)):
        raise PermissionDenied
    if filled.is_valid():
        made = filled.save(commit=False)
        made.made_at, made.made_by = timezone.now(), request.user
        if row is None or "closes_on" in filled.changed_data:
            made.reminded_at = None
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            filled.add_error("period", _("There is a round of this period already."))
        else:
            messages.success(request, _("The round is kept."))
            return redirect_after(reverse("desk:reading_rounds"), request)
    return _page(request, filled, row, status=422)


def _page(
    request: StaffRequest, filled: RoundForm, row: Round | None = None, *, status: int = 200
) -> HttpResponse:
    found = page_of(
        Round.objects.all(), order=["-opens_on", "-id"], cursor=request.GET.get("from", ""),
        limit=ROWS,
    )  # fmt: skip
    today = timezone.localdate()
    context = {
        "form": filled,
        "round": row,
        "rows": [(one, one.opens_on <= today <= one.closes_on) for one in found.rows],
        "next": found.next_cursor,
        "decides": decides(permissions_of(request.user)),
        "tab": "rounds",
    }
    return render(request, "web/readings/rounds.html", context, status=status)
