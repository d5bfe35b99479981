"""The form of a rule: its conditions as rows, its effects, its position, and its dry run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from org.models import Level
from routing.models.rules import RoutingRule
from routing.rules.fields import FIELDS
from routing.rules.fitting import MOST_CONDITIONS
from routing.rules.format import BadRuleError, Lists
from routing.rules.trials import MOST_LETTERS
from web.shared.widgets import Day

GROUPS: Final = (
    (_("What it says"), ("words", "subject", "sender", "sender_email", "recipient", "enclosure")),
    (
        _("What is known of it"),
        (
            *("kind", "language", "channel", "register", "confidentiality"),
            *("customer_number", "external_reference"),
        ),
    ),
    (
        _("What it wants"),
        ("amount", "deadline", "urgent", "quoted_number", "quoted_department"),
    ),
    (_("What the machine believes"), ("score", "kind_score")),
)


class RuleForm(forms.Form):
    """All fields of a rule but the conditions."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    department = forms.ChoiceField(label=_("Department for action"), required=False)
    same_department = forms.BooleanField(
        label=_("To the department that has the letter of ours which it quotes"), required=False
    )
    person = forms.ChoiceField(label=_("Person in charge"), required=False)
    copies = forms.MultipleChoiceField(
        label=_("Copies to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    gives_kind = forms.ChoiceField(label=_("Kind, where none is known"), required=False)
    confidentiality = forms.TypedChoiceField(
        label=_("Confidentiality of at least"), choices=Level.choices, coerce=int, required=False
    )
    automatic = forms.BooleanField(label=_("At once, without asking a person"), required=False)
    go_on = forms.BooleanField(label=_("Ask the rules below as well"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    valid_from = forms.DateField(label=_("For letters received from"), required=False, widget=Day)
    valid_until = forms.DateField(label=_("until"), required=False, widget=Day)
    place = forms.TypedChoiceField(label=_("Place in the order"), coerce=int, required=False)
    newest = forms.IntegerField(
        label=_("Newest letters"), min_value=1, max_value=MOST_LETTERS, initial=500, required=False
    )
    since = forms.DateField(label=_("Received from"), required=False, widget=Day)
    until = forms.DateField(label=_("until"), required=False, widget=Day)

    def __init__(self, *args: Any, lists: Lists, others: list[RoutingRule], **kwargs: Any) -> None:
        """Fill the choices; `others` are all rules but this one, in their order."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        departments = [(code, f"{code} · {row.name}") for code, row in lists.departments.items()]
        fields["department"].choices = [("", "—"), *departments]
        fields["copies"].choices = departments
        fields["gives_kind"].choices = [("", "—"), *lists.names("kind").items()]
        people = {name: user.shown_name for name, user in sorted(lists.people.items())}
        fields["person"].choices = [("", "—"), *people.items()]
        after = [
            (number, _("below “%(title)s”") % {"title": rule.title})
            for number, rule in enumerate(others, start=1)
        ]
        fields["place"].choices = [(0, _("first of all")), *after]

    def plain(self, conditions: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the rule as routing.rules.format reads it; valid forms only."""
        given = self.cleaned_data
        names = (
            *("title", "department", "same_department", "person", "copies", "gives_kind"),
            *("automatic", "go_on", "active"),
        )
        return {
            **{name: given[name] for name in names},
            "confidentiality": given["confidentiality"] or 0,
            "valid_from": _iso(given["valid_from"]),
            "valid_until": _iso(given["valid_until"]),
            "conditions": conditions,
        }


class ConditionForm(forms.Form):
    """One condition; a row without a field is ignored."""

    field = forms.ChoiceField(
        label=_("Condition"), required=False, choices=[("", "—"), *((n, n) for n in FIELDS)]
    )
    negated = forms.BooleanField(label=_("not"), required=False)
    value = forms.CharField(
        label=_("Value"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


_Rows: Any = formset_factory(
    ConditionForm, extra=0, max_num=MOST_CONDITIONS, absolute_max=MOST_CONDITIONS
)
Rows: TypeAlias = "BaseFormSet[ConditionForm]"


def filled_form(
    data: Mapping[str, Any], *, lists: Lists, others: list[RoutingRule], more: int = 0
) -> tuple[RuleForm, Rows]:
    """Return the form as it was sent, with `more` empty rows."""
    sent = dict(data.items()) | {"copies": data.getlist("copies")}  # type: ignore[attr-defined]
    try:
        total = int(str(sent.get("c-TOTAL_FORMS", "0")))
    except ValueError:
        total = 0
    sent |= {"c-TOTAL_FORMS": min(total + more, MOST_CONDITIONS), "c-INITIAL_FORMS": 0}
    form = RuleForm(_Multi(sent), lists=lists, others=others)
    return form, _Rows(sent, prefix="c")


class _Multi(dict[str, Any]):
    """A plain dict with the one list that the form has."""

    def getlist(self, name: str) -> list[Any]:
        """Return what was ticked."""
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def fresh_form(
    given: Mapping[str, Any],
    *,
    lists: Lists,
    others: list[RoutingRule],
    place: int,
    version: int = 0,
) -> tuple[RuleForm, Rows]:
    """Return the form for a rule as plain values, with two empty rows below its conditions."""
    conditions = [dict(one) for one in given.get("conditions", []) if isinstance(one, Mapping)]
    rows = [*conditions, {}, {}][:MOST_CONDITIONS]
    initial = {**given, "version": version, "place": place}
    form = RuleForm(initial=initial, lists=lists, others=others)
    return form, _Rows(initial=rows, prefix="c")


def conditions_of(rows: Rows) -> list[dict[str, Any]]:
    """Return the filled rows of a valid formset."""
    return [
        {"field": one["field"], "value": one["value"], "negated": one["negated"]}
        for one in (row.cleaned_data for row in rows.forms)
        if one.get("field")
    ]


def add_errors(form: RuleForm, rows: Rows, error: BadRuleError) -> None:
    """Add the errors of an invalid rule to the fields that they are about."""
    filled = [row for row in rows.forms if row.cleaned_data.get("field")]
    for name, said in error.fields.items():
        head, _dot, number = name.partition(".")
        if head == "conditions" and number.isdecimal() and int(number) < len(filled):
            filled[int(number)].add_error("value", said)
        else:
            form.add_error(name if name in form.fields else None, said)


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
