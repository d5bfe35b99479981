"""Field teams, for administrators: a list, and a form with history."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from eservices.relations.models import Team
from eservices.relations.teams import COLUMNS, NOUN, save_team
from org.models import User
from web.desk.administration.row_page import RowForm, RowPage
from web.desk.forms import department_choices
from web.shared.guard import StaffRequest, administers, form, page
from web.shared.widgets import set_languages


class TeamForm(RowForm):
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
        fields: Any = self.fields
        fields["department"].choices = department_choices()
        people = User.objects.filter(is_active=True).exclude(duty=User.Duty.ADMINISTRATOR)
        people = people.order_by("last_name", "first_name", "pk")
        fields["members"].choices = [(user.username, user.shown_name) for user in people]
        if row is not None:
            del fields["code"]
        else:
            fields["code"].widget.attrs |= {"dir": "ltr", "autocapitalize": "characters"}
        set_languages(self.fields)


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all teams, those out of use too."""
    rows = Team.objects.select_related("department").prefetch_related("members")
    return render(request, "web/administration/teams.html", {"rows": rows})


def _save(values: dict[str, Any], *, actor: User, row: Team | None) -> object:
    return save_team(values, actor=actor, team=row)


_TEAM: Final = RowPage(
    Team,
    TeamForm,
    _save,
    NOUN,
    "web/administration/team.html",
    back="desk:teams",
    done=gettext_lazy("The team is kept."),
    key="code",
)


@form(administers)
def team(request: StaffRequest, team_id: int | None = None) -> HttpResponse:
    """Create or change a team."""
    return _TEAM.answer(request, team_id)
