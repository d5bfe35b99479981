"""The forms of the desk, checked field by field before a rule is applied."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, LetterKind, Level
from registry.book.versions import faces_on
from registry.intake import LetterData, PartyData
from registry.models.letters import Channel, Party
from registry.models.registers import Register
from registry.plausible_days import receipt_problem, writing_problem
from web.shared.widgets import Day, Moment

SENDER = ("name", "organisation", "address", "email", "phone")
# What a clerk takes in; the citizen's page and partner systems write their own.
DESK_CHANNELS = (
    Channel.COUNTER,
    Channel.POST,
    Channel.SCAN,
    Channel.EMAIL,
    Channel.PHONE,
    Channel.INTERNAL,
)


def add_problems(filled: forms.Form, problems: Mapping[str, str]) -> None:
    """Put the problems of a refused change beside the form's fields, others above the form."""
    for name, words in problems.items():
        filled.add_error(name if name in filled.fields else None, words)


def sender_in(filled: forms.Form) -> PartyData | None:
    """Return the sender that a valid form gives, empty where each field was emptied.

    None where the form was sent without these fields.
    """
    given = {name: f"sender_{name}" for name in SENDER}
    if not any(field in filled.data for field in given.values()):
        return None
    parts = {name: one_line(filled.cleaned_data[field]) for name, field in given.items()}
    return PartyData(Party.Role.SENDER, **parts)


def kind_choices(*, empty: str = "—") -> list[tuple[str, str]]:
    """Return the kinds that letters may have, with an empty first choice."""
    rows = LetterKind.objects.filter(active=True)
    return [("", empty), *((row.code, row.name) for row in rows)]


def all_kinds() -> list[tuple[str, str]]:
    """Return (code, name) of all kinds of letters, also of those that are in use no more."""
    return [(row.code, row.name) for row in LetterKind.objects.all()]


def register_choices() -> list[tuple[str, str]]:
    """Return the registers that a deposit goes into, those of incoming letters first."""
    rows = Register.objects.filter(direction__in=Register.DEPOSITED).order_by("direction", "pk")
    faces = faces_on(rows)
    found = [(row.code, f"{faces[row.pk].name} ({row.code})") for row in rows]
    return found or [("IN", str(_("Incoming")))]  # before the first run


def department_choices(*, empty: str = "—") -> list[tuple[str, str]]:
    """Return the departments that letters may go to, with an empty first choice."""
    rows = Department.objects.filter(active=True)
    return [("", empty), *((row.code, f"{row.code} · {row.name}") for row in rows)]


class DepositForm(forms.Form):
    """A letter as a clerk enters it; all but the channel may be left to the reading."""

    subject = forms.CharField(label=_("Subject"), required=False, max_length=500)
    sender_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    sender_organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
    sender_address = forms.CharField(label=_("Address"), required=False, max_length=400)
    sender_email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    sender_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    channel = forms.ChoiceField(label=_("Channel"), initial=Channel.COUNTER)
    register = forms.ChoiceField(label=_("Register"), initial="IN")
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    department = forms.ChoiceField(label=_("Responsible unit"), required=False)
    received_at = forms.DateTimeField(
        label=_("Received"), required=False, widget=Moment, input_formats=["%Y-%m-%dT%H:%M"]
    )
    document_date = forms.DateField(label=_("Date of the letter"), required=False, widget=Day)
    external_reference = forms.CharField(
        label=_("Reference of the sender"), required=False, max_length=120
    )
    confidentiality = forms.TypedChoiceField(
        label=_("Confidentiality"), choices=Level.choices, coerce=int, initial=0
    )
    message = forms.CharField(
        label=_("Message in place of a file"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    each = forms.BooleanField(label=_("Each file is a letter of its own"), required=False)
    deposit_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {str(value): label for value, label in Channel.choices}
        choose: Any = self.fields
        choose["channel"].choices = [(c.value, labels[c.value]) for c in DESK_CHANNELS]
        choose["register"].choices = register_choices()
        choose["kind"].choices = kind_choices()
        choose["department"].choices = department_choices(empty=str(_("Let the reading propose")))

    def clean_received_at(self) -> datetime | None:
        """Reject a moment at which no letter came in."""
        value: datetime | None = self.cleaned_data["received_at"]
        if value and (problem := receipt_problem(value)):
            raise forms.ValidationError(problem)
        return value

    def clean_document_date(self) -> date | None:
        """Reject a day on which no letter was written."""
        value: date | None = self.cleaned_data["document_date"]
        if value and (problem := writing_problem(value)):
            raise forms.ValidationError(problem)
        return value

    def clean(self) -> dict[str, Any]:
        """Reject a message beside files that are letters of their own: it would be none of them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("each") and given.get("message", "").strip():
            self.add_error("message", _("With a message, the files are one letter."))
        return given

    def key(self) -> str:
        """Return the deposit's key, also of an invalid form."""
        return str(self.cleaned_data.get("deposit_key") or secrets.token_urlsafe(24))

    def letter_data(self) -> LetterData:
        """Return the valid form as the register takes it."""
        given = self.cleaned_data
        sender = {name: given[f"sender_{name}"] for name in SENDER}
        return LetterData(
            channel=given["channel"],
            register=given["register"],
            subject=given["subject"],
            kind=LetterKind.objects.filter(code=given["kind"]).first(),
            department=Department.objects.filter(code=given["department"]).first(),
            parties=[PartyData(Party.Role.SENDER, **sender)] if any(sender.values()) else [],
            document_date=given["document_date"],
            received_at=given["received_at"],
            external_reference=given["external_reference"],
            confidentiality=given["confidentiality"],
        )
