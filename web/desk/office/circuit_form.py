"""The form of a circuit: its names, whom it is for, and its steps as rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from correspondence.models.steps import Act, Circuit, Who
from correspondence.replies.editing import MOST_STEPS, CircuitData, StepData
from org.models import Department, LetterKind, User
from web.shared.widgets import set_languages

BLANK_ROWS = 2


class CircuitForm(forms.Form):
    """What a circuit is called and whom it is for."""

    name_ar = forms.CharField(label=_("Name in Arabic"), max_length=200)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    department = forms.ModelChoiceField(
        label=_("For replies of"), queryset=Department.objects.none(), required=False
    )
    kind = forms.ModelChoiceField(
        label=_("To letters of the kind"), queryset=LetterKind.objects.none(), required=False
    )
    active = forms.BooleanField(label=_("in use"), required=False, initial=True)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["department"].queryset = Department.objects.filter(active=True)
        fields["department"].empty_label = _("All departments")
        fields["kind"].queryset = LetterKind.objects.filter(active=True)
        fields["kind"].empty_label = _("All kinds")
        set_languages(self.fields)

    @classmethod
    def of(cls, circuit: Circuit | None) -> "CircuitForm":
        """Return a form filled with the circuit as it stands; empty for a new one."""
        if circuit is None:
            return cls()
        names = ("name_ar", "name_fr", "name_en", "department", "kind", "active")
        initial = {name: getattr(circuit, name) for name in names}
        return cls(initial={**initial, "seen": circuit.version})


class StepRow(forms.Form):
    """One step; a row without an act is ignored."""

    rank = forms.IntegerField(label=_("Place"), min_value=1, max_value=99, required=False)
    act = forms.ChoiceField(label=_("What"), choices=[("", "—"), *Act.choices], required=False)
    who = forms.ChoiceField(label=_("By whom"), choices=Who.choices, required=False)
    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Choose a person"),
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("Choose a department"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "pk")
        fields["person"].queryset = people
        fields["person"].label_from_instance = lambda person: person.shown_name
        fields["department"].queryset = Department.objects.filter(active=True)


def steps_form(*, circuit: Circuit | None = None, data: Any = None, more: int = 0) -> Any:
    """Return the rows: those sent (and `more` empty ones), those of the circuit, or empty ones."""
    made = forms.formset_factory(StepRow, extra=BLANK_ROWS, max_num=MOST_STEPS, absolute_max=40)
    if data is not None:
        if not more:
            return made(data, prefix="step")
        grown = data.copy()
        count = grown.get("step-TOTAL_FORMS", "")
        count = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0
        grown["step-TOTAL_FORMS"] = str(min(count + more, MOST_STEPS))
        return made(grown, prefix="step")
    if circuit is None:
        return made(initial=[{"rank": 1, "act": "visa", "who": "head"}], prefix="step")
    names = ("rank", "act", "who", "person", "department")
    steps = [{name: getattr(step, name) for name in names} for step in circuit.steps.all()]
    return made(initial=steps, prefix="step")


def data_of(filled: CircuitForm, rows: Any) -> CircuitData:
    """Return what the two valid forms say; a step without a place follows the one before it."""
    steps, last = [], 0
    for row in rows.cleaned_data:
        if not row.get("act"):
            continue
        last = row["rank"] or last + 1
        steps.append(
            StepData(last, row["act"], row["who"] or Who.HEAD, row["person"], row["department"])
        )
    values = filled.cleaned_data
    return CircuitData(
        name_ar=values["name_ar"],
        name_fr=values["name_fr"],
        name_en=values["name_en"],
        steps=steps,
        department=values["department"],
        kind=values["kind"],
        active=values["active"],
    )
