"""The forms of contacts, and the wording of match reasons and events."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.contacts.directory import COLUMNS, ContactData, Point
from registry.models.contacts import NAME, NOTES, VALUE, Contact, ContactPoint
from web.context import LANGUAGES

POINTS: Final = ("email", "phone", "customer", "address")
REASONS: Final[dict[str, Any]] = {
    "customer": _("same customer number"),
    "email": _("same e-mail"),
    "phone": _("same phone"),
    "name": _("same name"),
    "name_near": _("similar name"),
    "name_differs": _("but another name"),
    "name_common": _("a common name"),
    "town": _("same town"),
    "shared": _("shared by several contacts"),
}
EVENTS: Final[dict[str, Any]] = {
    "created": _("Created"),
    "edited": _("Changed"),
    "verified": _("Verified"),
    "forgot": _("Entry removed"),
    "merged": _("Another contact was merged into this one"),
    "became": _("Merged into another contact"),
    "taken_apart": _("A merge was undone"),
    "stands_again": _("Stands for itself again"),
    "told_apart": _("Marked as different from another contact"),
    "proposed_again": _("Proposed as one with another contact again"),
}


def reasons_in_words(reasons: Iterable[str]) -> list[str]:
    """Put the codes of a match into words: why somebody may be this contact."""
    return [str(REASONS.get(code, code)) for code in reasons]


class ContactForm(forms.Form):
    """The columns of a contact."""

    name = forms.CharField(label=_("Name"), max_length=NAME)
    kind = forms.ChoiceField(label=_("Kind of contact"), choices=Contact.Kind.choices)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", "—"), *((code, name) for code, name, _short in LANGUAGES)],
    )
    way = forms.ChoiceField(
        label=_("Preferred way"), required=False, choices=[("", "—"), *Contact.Way.choices]
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def changes(self) -> dict[str, Any]:
        """Return column → checked value."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


class NewContactForm(ContactForm):
    """A contact with the first ways to reach it."""

    email = forms.CharField(label=_("E-mail"), required=False, max_length=VALUE)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=VALUE)
    customer = forms.CharField(label=_("Customer number"), required=False, max_length=VALUE)
    address = forms.CharField(label=_("Address"), required=False, max_length=VALUE)

    def contact_data(self) -> ContactData:
        """Return the valid form as the directory takes it."""
        given = self.cleaned_data
        points = [Point(kind, given[kind]) for kind in POINTS if given[kind]]
        return ContactData(**self.changes(), points=points)


class PointForm(forms.Form):
    """One more way to reach a contact."""

    kind = forms.ChoiceField(label=_("Kind of entry"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(label=_("Value"), max_length=VALUE)
