"""Field teams, for administrators: a list, and a form with history."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.relations.models import Team
from eservices.relations.teams import COLUMNS, NOUN, save_team
from org.errors import BadOrganisationError
from org.models import User
from web.desk.administration.history import history_of
from web.desk.forms import department_choices
from web.desk.guard import StaffRequest, administers, form, page, redirect_after


class TeamForm(forms.Form):
    """A team; its code stays."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Capital letters, digits and hyphens, as in “EAU-1”."),
    )
    name_ar = forms.CharField(label=gettext_lazy("Name in Arabic"), max_length=120)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)

    def __init__(self, *args: Any, row: Team | None = None, **kwargs: Any) -> None:
        if row is not None:
            known: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
            known["department"] = row.department.code
            known["members"] = list(row.members.values_list("username", flat=True))
            kwargs.setdefault("initial", known)
        super().__init__(*args, **kwargs)
        self.row = row
        fields: Any = self.fields
        fields["department"].choices = department_choices()
        people = User.objects.filter(is_active=True).exclude(duty=User.Duty.ADMINISTRATOR)
        people = people.order_by("last_name", "first_name", "pk")
        fields["members"].choices = [(user.username, user.shown_name) for user in people]
        if row is not None:
            del fields["code"]
        else:
            fields["code"].widget.attrs |= {"dir": "ltr", "autocapitalize": "characters"}
        fields["name_ar"].widget.attrs |= {"dir": "rtl", "lang": "ar"}


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all teams, those out of use too."""
    rows = Team.objects.select_related("department").prefetch_related("members")
    return render(request, "web/administration/teams.html", {"rows": rows})


@form(administers)
def team(request: StaffRequest, team_id: int | None = None) -> HttpResponse:
    """Create or change a team."""
    rows = Team.objects.select_related("department")
    row = get_object_or_404(rows, pk=team_id) if team_id is not None else None
    if request.method != "POST":
        return _page(request, TeamForm(row=row))
    filled = TeamForm(request.POST, row=row)
    if filled.is_valid():
        try:
            save_team(filled.cleaned_data, actor=request.user, team=row)
        except BadOrganisationError as error:
            for name, words in error.problems.items():
                filled.add_error(name if name in filled.fields else None, words)
        else:
            messages.success(request, _("The team is kept."))
            return redirect_after(reverse("desk:teams"), request)
    return _page(request, filled, status=422)


def _page(request: StaffRequest, filled: TeamForm, *, status: int = 200) -> HttpResponse:
    row = filled.row
    context: dict[str, Any] = {"form": filled, "row": row}
    if row is not None:
        context |= history_of(NOUN, row.code)
    return render(request, "web/administration/team.html", context, status=status)
