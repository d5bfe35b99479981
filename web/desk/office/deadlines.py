"""The deadline rules, and each change shown with its effects."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.models import Department, LetterKind, OrgChange
from registry.models.letters import Channel
from registry.states import ConflictError
from routing.clocks.reminding import DIRECTOR, HEAD, PERSON, steps_of
from routing.clocks.rule_edits import foresee_rule, save_rule, seal_of
from routing.models.clocks import DeadlineRule
from web.desk.administration.history import history_of
from web.desk.rules.pages import edits_rules, may_edit, sees_rules
from web.shared.guard import StaffRequest, form, page, redirect_after
from web.shared.widgets import set_languages

MOST_DAYS = 3660
MONDAY_FIRST = [(str(day + 1), name) for day, name in WEEKDAYS.items()]


INCOMING = [(value, label) for value, label in Channel.choices if value != Channel.INTERNAL]
# The form's groups: a heading, and the fields below it.
GROUPS: Final[tuple[tuple[Any, tuple[str, ...]], ...]] = (
    (gettext_lazy("Which letters"), ("kind", "department", "channel")),
    (
        gettext_lazy("How the days are counted"),
        ("days", "unit", "clock", "start_from", "weekdays", "first_day_counts", "moves"),
    ),
    (
        gettext_lazy("When the term stops, is extended, or is over"),
        ("extension_days", "silence", "stop_ends_count"),
    ),
    (gettext_lazy("Legal basis, as receipts quote it"), ("basis_ar", "basis_fr", "basis_en")),
    (
        gettext_lazy("Ways of appeal, as receipts quote them"),
        ("appeal_ar", "appeal_fr", "appeal_en"),
    ),
    (gettext_lazy("In use"), ("active",)),
)
HELP: Final[dict[str, Any]] = {
    "channel": gettext_lazy("How the letter came in; usually all ways have one term."),
    "clock": gettext_lazy(
        "The legal term is the letter’s and stands on the receipt; the internal one is what the "
        "department asks of itself."
    ),
    "start_from": gettext_lazy("Assignment only for the internal clock."),
    "extension_days": gettext_lazy("A department may extend once, with a reason that is told."),
    "silence": gettext_lazy("Only where the law says so; only for the legal clock."),
    "moves": gettext_lazy("A term that ends on a closed day ends on the next open one."),
}


class WeekdaysField(forms.MultipleChoiceField):
    """Days of the week as checkboxes, from Monday; the rule keeps them as "12345"."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """Return one tick for each digit."""
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Return the digits in order, each once."""
        return "".join(sorted(set(super().clean(value))))


class DeadlineForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule, as an administrator writes it."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=MOST_DAYS)
    extension_days = forms.IntegerField(
        label=gettext_lazy("One extension adds (0: there is none)"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=0,
    )
    weekdays = WeekdaysField(
        label=gettext_lazy("Working days of the week"), choices=MONDAY_FIRST, initial="12345"
    )

    class Meta:
        model = DeadlineRule
        fields = (
            *(
                "kind",
                "department",
                "channel",
                "clock",
                "days",
                "unit",
                "start_from",
                "extension_days",
            ),
            *("silence", "weekdays", "first_day_counts", "moves", "stop_ends_count"),
            *("basis_ar", "basis_fr", "basis_en", "appeal_ar", "appeal_fr", "appeal_en", "active"),
        )

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        return [(words, [self[name] for name in names]) for words, names in GROUPS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].queryset = LetterKind.objects.filter(active=True)
        fields["department"].queryset = Department.objects.filter(active=True)
        set_languages(self.fields)
        fields["kind"].empty_label = "—"
        fields["department"].empty_label = _("All departments")
        fields["channel"].choices = [("", _("All ways in")), *INCOMING]
        for name, words in HELP.items():
            fields[name].help_text = words
        if self.instance.pk:
            fields["seen"].initial = seal_of(self.instance)


@page(sees_rules)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all rules, by kind; some dozens."""
    rows = DeadlineRule.objects.select_related("kind", "department")
    ordered = rows.order_by("kind__position", "-clock", "department__position", "channel")
    context = {"rows": ordered, "may_edit": may_edit(request)}
    return render(request, "web/deadlines.html", context)


@form(edits_rules)
def new(request: StaffRequest) -> HttpResponse:
    """Create a rule."""
    return _form(request, DeadlineRule())


@form(edits_rules)
def change(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    return _form(request, get_object_or_404(DeadlineRule, pk=rule_id))


def _form(request: StaffRequest, rule: DeadlineRule) -> HttpResponse:
    if request.method != "POST":
        return _page(request, DeadlineForm(instance=rule))
    filled = DeadlineForm(request.POST, instance=rule)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    if not request.POST.get("sure"):
        context = {
            "rule": filled.instance,
            "foreseen": foresee_rule(filled.instance),
            "sent": [(n, value) for n in filled.fields for value in request.POST.getlist(n)],
            "action": request.path,
            "back": reverse("desk:deadlines"),
        }
        return render(request, "web/deadline_edit.html", context)
    try:
        save_rule(filled.instance, actor=request.user, seen=filled.cleaned_data["seen"])
    except ConflictError:
        messages.warning(request, _("Somebody changed this rule meanwhile. Please look again."))
    else:
        messages.success(request, _("The rule is kept. Open letters are being counted again."))
    return redirect_after(reverse("desk:deadlines"), request)


def _page(request: StaffRequest, filled: DeadlineForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": filled,
        "kept": DeadlineRule.objects.filter(pk=filled.instance.pk).select_related("kind").first(),
        "reminders": _reminders(),
    }
    if filled.instance.pk:
        context |= history_of(OrgChange.Noun.DEADLINE, filled.instance.pk)
    return render(request, "web/deadline.html", context, status=status)


def _reminders() -> list[tuple[int, int, list[str]]]:
    """Return when the office reminds of every term, and whom; set by the machine's keeper."""
    roles = {PERSON: _("the person"), HEAD: _("the head"), DIRECTOR: _("the director")}
    steps = steps_of(settings.REMINDERS)
    return [
        (days, abs(days), [str(words) for role, words in roles.items() if role in steps[days]])
        for days in sorted(steps, reverse=True)
    ]
