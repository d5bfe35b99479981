"""Targets of the figures, for administrators: a list, and a form with history."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.models import Target
from figures.targets import MOST_DAYS, NOUN, in_order, save_target
from figures.wording import target_words
from org.models import User
from web.desk.administration.row_page import RowForm, RowPage
from web.desk.forms import department_choices, kind_choices
from web.shared.guard import StaffRequest, administers, form, page

_MOST_ROWS: Final = 500


class TargetForm(RowForm):
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
        if row is not None:
            for name in ("measure", "department", "kind"):
                del self.fields[name]
            return
        fields: Any = self.fields
        fields["department"].choices = department_choices(empty=_("All"))
        fields["kind"].choices = kind_choices(empty=_("All"))


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all targets, those out of use too."""
    rows = [(row, target_words(row.measure, row.value)) for row in in_order(Target.objects.all())]
    return render(request, "web/administration/targets.html", {"rows": rows[:_MOST_ROWS]})


def _save(values: dict[str, Any], *, actor: User, row: Target | None) -> object:
    return save_target(values, actor=actor, target=row)


_TARGET: Final = RowPage(
    Target,
    TargetForm,
    _save,
    NOUN,
    "web/administration/target.html",
    back="desk:targets",
    done=gettext_lazy("The target is kept."),
    key="code",
)


@form(administers)
def target(request: StaffRequest, target_id: int | None = None) -> HttpResponse:
    """Set a target, or change one."""
    return _TARGET.answer(request, target_id)
