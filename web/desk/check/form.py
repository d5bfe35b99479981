"""The form of the check page: a letter's facts, filled with the proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind
from registry.intake import PartyData
from registry.models.letters import Letter
from registry.plausible_days import writing_problem
from routing.check.filling import is_email
from routing.models.suggestions import Suggestion
from web.desk.forms import SENDER, department_choices, kind_choices, sender_in
from web.shared.widgets import Day

LIKELY: Final = 0.5  # below it a code is not filled in: the user chooses
# Field of the form -> the fact that is proposed for it.
FACT_OF: Final = {
    "department": "department",
    "kind": "kind",
    "subject": "subject",
    "sender_name": "sender",
    "sender_organisation": "sender_organisation",
    "sender_email": "sender_email",
    "sender_phone": "sender_phone",
    "sender_address": "sender_address",
    "document_date": "document_date",
    "external_reference": "external_reference",
    "recipient": "recipient",
    "place": "place",
    "sender_role": "sender_role",
    "customer_number": "customer_number",
}
# Facts that no column of the register keeps.
OTHERS: Final = ("recipient", "place", "sender_role", "customer_number")


class FactsForm(forms.Form):
    """All facts of a letter that are one value each."""

    department = forms.ChoiceField(label=_("Responsible unit"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=500)
    sender_name = forms.CharField(label=_("Sender"), required=False, max_length=200)
    sender_organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    sender_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    sender_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    sender_address = forms.CharField(label=_("Address"), required=False, max_length=400)
    document_date = forms.DateField(label=_("Date of the letter"), required=False, widget=Day)
    external_reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    recipient = forms.CharField(
        label=_("Addressed to"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"data-contact": "name"}),
    )
    place = forms.CharField(label=_("Place of writing"), required=False, max_length=500)
    sender_role = forms.CharField(label=_("Role of the sender"), required=False, max_length=500)
    customer_number = forms.CharField(
        label=_("Customer or contract number"), required=False, max_length=500
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose: Any = self.fields
        choose["kind"].choices = kind_choices()
        choose["department"].choices = department_choices(empty=str(_("Leave it in the tray")))
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if isinstance(field.widget, forms.TextInput) and name != "document_date":
                field.widget.attrs["dir"] = "auto"

    def clean_document_date(self) -> date | None:
        """Reject a day on which no letter was written."""
        value: date | None = self.cleaned_data["document_date"]
        if value and (problem := writing_problem(value)):
            raise forms.ValidationError(problem)
        return value

    def changes(self) -> dict[str, Any]:
        """Return the letter's columns with their new values, None or "" for unknown ones."""
        given = self.cleaned_data
        return {
            "subject": given["subject"],
            "kind": LetterKind.objects.filter(code=given["kind"]).first()
            if given["kind"]
            else None,
            "document_date": given["document_date"],
            "external_reference": given["external_reference"],
        }

    def sender(self) -> PartyData | None:
        """Return the sender as given, named by the e-mail address where nothing else names them."""
        given = sender_in(self)
        if given and not (given.name or given.organisation):
            return replace(given, name=given.email)
        return given

    def others(self) -> dict[str, str]:
        """Return the facts that no column keeps."""
        return {name: self.cleaned_data[name] for name in OTHERS}

    def chosen_department(self) -> Department | None:
        """Return the department that the letter is to be given to."""
        code = self.cleaned_data["department"]
        return Department.objects.filter(code=code, active=True).first() if code else None


def initial_of(letter: Letter, best: Mapping[str, Suggestion]) -> dict[str, Any]:
    """Return the initial values of the form: what counts already, else what is likely."""
    sender = letter.sender
    known: dict[str, Any] = {
        "kind": letter.kind.code if letter.kind else "",
        "subject": letter.subject,
        "document_date": letter.document_date.isoformat() if letter.document_date else "",
        "external_reference": letter.external_reference,
        **{f"sender_{name}": getattr(sender, name) if sender else "" for name in SENDER},
    }
    if sender and (sender.name or sender.organisation):  # one of the two names is enough
        best = {k: v for k, v in best.items() if k not in {"sender", "sender_organisation"}}
    return {name: known.get(name) or _likely(best.get(fact)) for name, fact in FACT_OF.items()}


def _likely(row: Suggestion | None) -> str:
    if row is None or (row.score < LIKELY and row.field != "subject"):
        return ""
    if row.field == "sender_email" and not is_email(row.value):
        return ""
    limit = FactsForm.base_fields[_FIELD_OF[row.field]]
    return row.value[: getattr(limit, "max_length", None) or len(row.value)]


_FIELD_OF: Final = {fact: name for name, fact in FACT_OF.items()}


def wrong_lines(given: Any) -> set[UUID]:
    """Return the rows that were shown with a tick and came back without one."""
    return _ids(given.getlist("line")) - _ids(given.getlist("right"))


def _ids(texts: Sequence[str]) -> set[UUID]:
    found = set()
    for text in texts[:200]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
