"""Targets of the figures, for administrators: a list, and a form with history."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.models import Target
from figures.targets import MOST_DAYS, NOUN, in_order, save_target
from figures.wording import target_words
from org.errors import BadOrganisationError
from org.models import Department, LetterKind
from web.desk.administration.history import history_of
from web.desk.guard import StaffRequest, administers, form, page, redirect_after

_MOST_ROWS: Final = 500


class TargetForm(forms.Form):
    """A target; what it is of is said once, its value can change."""

    measure = forms.ChoiceField(label=gettext_lazy("Figure"), choices=Target.Measure.choices)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    value = forms.IntegerField(
        label=gettext_lazy("Target, per cent or days"), min_value=0, max_value=MOST_DAYS
    )
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)

    def __init__(self, *args: Any, row: Target | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs.setdefault("initial", {"value": row.value, "active": row.active})
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            for name in ("measure", "department", "kind"):
                del self.fields[name]
            return
        everything = [("", _("All"))]
        units = Department.objects.filter(active=True)
        departments: Any = self.fields["department"]
        departments.choices = everything + [(d.code, f"{d.code} · {d.name}") for d in units]
        kinds: Any = self.fields["kind"]
        rows = LetterKind.objects.filter(active=True)
        kinds.choices = everything + [(row.code, row.name) for row in rows]


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all targets, those out of use too."""
    rows = [(row, target_words(row.measure, row.value)) for row in in_order(Target.objects.all())]
    return render(request, "web/administration/targets.html", {"rows": rows[:_MOST_ROWS]})


@form(administers)
def target(request: StaffRequest, target_id: int | None = None) -> HttpResponse:
    """Set a target, or change one."""
    row = None
    if target_id is not None:
        row = get_object_or_404(Target.objects.select_related("department", "kind"), pk=target_id)
    if request.method != "POST":
        return _page(request, TargetForm(row=row))
    filled = TargetForm(request.POST, row=row)
    if filled.is_valid():
        try:
            save_target(filled.cleaned_data, actor=request.user, target=row)
        except BadOrganisationError as error:
            for name, words in error.problems.items():
                filled.add_error(name if name in filled.fields else None, words)
        else:
            messages.success(request, _("The target is kept."))
            return redirect_after(reverse("desk:targets"), request)
    return _page(request, filled, status=422)


def _page(request: StaffRequest, filled: TargetForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": filled, "row": filled.row}
    if filled.row is not None:
        context |= history_of(NOUN, filled.row.code)
    return render(request, "web/administration/target.html", context, status=status)
