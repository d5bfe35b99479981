"""Absences: one's own, those of one's staff, and those one is the delegate for."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.absences import STAND_INS, AbsenceError, people_of
from org.models import Absence, User
from registry.stand_ins import appoint, dismiss
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of
from web.shared.widgets import Day

ROWS: Final = 30


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who stands in."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who is away"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
    )
    delegate = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=Day)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=Day)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def __init__(self, actor: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        mine = people_of(actor)
        others = User.objects.filter(is_active=True, duty__in=STAND_INS)
        if not mine.exclude(pk=actor.pk).exists():
            others = others.exclude(pk=actor.pk)  # nobody else's absence is theirs to announce
        fields["person"].queryset = mine
        fields["delegate"].queryset = others.order_by("last_name", "first_name", "pk")
        for name in ("person", "delegate"):
            fields[name].label_from_instance = lambda user: user.shown_name


@page()
def listed(request: StaffRequest) -> HttpResponse:
    """Show absences that are not over, the nearest first, and a form for another."""
    today = timezone.localdate()
    return _page(request, AbsenceForm(request.user, initial={
        "person": request.user.pk, "starts_on": today, "ends_on": today
    }))  # fmt: skip


def _page(request: StaffRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    mine = people_of(request.user)
    rows = Absence.objects.filter(
        Q(person__in=mine) | Q(delegate=request.user),
        ends_on__gte=timezone.localdate(),
        ended_at__isnull=True,
    ).select_related("person", "delegate", "made_by")
    found = page_of(rows, order=["starts_on", "pk"], cursor=request.GET.get("from", ""), limit=ROWS)
    context = {
        "form": form,
        "rows": found.rows,
        "next": found.next_cursor,
        "mine": set(mine.filter(absences__in=found.rows).values_list("pk", flat=True)),
        "today": timezone.localdate(),
    }
    return render(request, "web/absences.html", context, status=status)


@verb()
def new(request: StaffRequest) -> HttpResponse:
    """Announce an absence; refusals are shown beside the form, and nothing is lost."""
    form = AbsenceForm(request.user, request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            row = appoint(given.pop("person"), actor=request.user, **given)
        except AbsenceError as error:
            form.add_error(None, str(error))
        else:
            words = _("%(who)s stands in for %(absent)s.") % {
                "who": row.delegate.shown_name,
                "absent": row.person.shown_name,
            }
            messages.success(request, words)
            return redirect_after(reverse("desk:absences"), request)
    return _page(request, form, status=422)


@verb()
def end(request: StaffRequest, absence_id: int) -> HttpResponse:
    """End an absence early; the delegate's rights end at once."""
    rows = Absence.objects.filter(person__in=people_of(request.user))
    try:
        dismiss(get_object_or_404(rows, pk=absence_id), actor=request.user)
        messages.success(request, _("The absence is over. Nobody stands in any more."))
    except AbsenceError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:absences"), request)
