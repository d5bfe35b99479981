"""The form of a person: names in both scripts, duty, clearance, and a role in each department."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from identity.staff import COLUMNS, roles_of
from org.models import Department, Level, OrgChange, User
from web.desk.administration.seen import SeenForm
from web.shared.widgets import set_languages

ROLES = (("", "—"), ("member", _("Member")), ("head", _("Head")))


class PersonForm(SeenForm):
    """A person as an administrator writes them; the rules check the values."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("Two to forty small letters, digits, dots or hyphens, as in “a.benali”."),
    )
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    name_ar = forms.CharField(label=_("Name in Arabic"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    duty = forms.ChoiceField(label=_("Duty"), choices=User.Duty.choices)
    clearance = forms.TypedChoiceField(
        label=_("Clearance"), choices=Level.choices, coerce=int, initial=Level.ORDINARY
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="fr")

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.watch(person, OrgChange.Noun.PERSON, getattr(person, "username", ""))
        if person:
            del self.fields["username"]
        for name in ("username", "email"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"dir": "ltr", "autocapitalize": "none"}
        set_languages(self.fields)

    @classmethod
    def of(cls, person: User | None) -> "PersonForm":
        """Return a form filled with the person as they are; empty for a new one."""
        known = {name: getattr(person, name) for name in COLUMNS} if person else {}
        return cls(initial=known, person=person)

    @property
    def units(self) -> list[tuple[Department, str]]:
        """The departments, each with the role that is chosen or held."""
        held = roles_of(self.person) if self.person else {}
        rows = Department.objects.filter(active=True)
        if self.is_bound:
            return [(row, str(self.data.get(f"role_{row.code}", ""))) for row in rows]
        return [(row, held.get(row.code, "")) for row in rows]

    def values(self) -> dict[str, Any]:
        """Return what the valid form says, as `save_person` takes it."""
        roles = {row.code: role for row, role in self.units if role}
        active = self.person.is_active if self.person else True
        return {**self.cleaned_data, "departments": roles, "is_active": active}
