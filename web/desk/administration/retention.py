"""The schedule of retention: years, what then, and what citizens read.

Administrators write it; whoever sees disposal lists reads it, since lists follow from it.
"""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from org.models import LetterKind, OrgChange, RetentionText
from org.people import permissions_of
from org.retention import COLUMNS, LONGEST, MOST_YEARS, save_retention
from org.usual_retention import add_usual
from registry.disposal.rights import reads_schedule
from web.desk.administration.row_page import RowForm, RowPage
from web.shared.guard import StaffRequest, administers, form, page, redirect_after, verb
from web.shared.widgets import set_languages

AREA = forms.Textarea(attrs={"rows": 3})


class RetentionForm(RowForm):
    """A text in three languages, for a kind of letter or for all others."""

    COLUMNS = COLUMNS

    kind = forms.ModelChoiceField(
        label=gettext_lazy("Kind"),
        queryset=LetterKind.objects.none(),
        required=False,
        empty_label=gettext_lazy("all other letters"),
    )
    current_years = forms.IntegerField(
        label=gettext_lazy("Years with the department"),
        min_value=1,
        max_value=MOST_YEARS,
        required=False,
    )
    fate = forms.ChoiceField(
        label=gettext_lazy("What then"),
        choices=[("", gettext_lazy("not decided: kept")), *RetentionText.Fate.choices],
        required=False,
    )
    years = forms.IntegerField(
        label=gettext_lazy("Years from closing (empty: for good)"),
        min_value=1,
        max_value=MOST_YEARS,
        required=False,
    )
    text_ar = forms.CharField(label=gettext_lazy("In Arabic"), max_length=LONGEST, widget=AREA)
    text_fr = forms.CharField(label=gettext_lazy("In French"), max_length=LONGEST, widget=AREA)
    text_en = forms.CharField(
        label=gettext_lazy("In English"), max_length=LONGEST, required=False, widget=AREA
    )
    active = forms.BooleanField(
        label=gettext_lazy("shown to citizens"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].queryset = LetterKind.objects.all()
        set_languages(self.fields)


@page(reads_schedule)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all texts, those that citizens do not see too; as many as there are kinds."""
    rows = RetentionText.objects.select_related("kind").order_by("kind__position", "pk")
    context = {"rows": rows, "may_edit": administers(permissions_of(request.user))}
    return render(request, "web/administration/retention.html", context)


@verb(administers)
def usual(request: StaffRequest) -> HttpResponse:
    """Take the usual schedule for kinds that have no row yet; those that have one stay."""
    made = add_usual(actor=request.user)
    words = ngettext("%(n)d row was added.", "%(n)d rows were added.", made) % {"n": made}
    messages.success(request, words)
    return redirect_after(reverse("desk:retention"), request)


@form(administers)
def text(request: StaffRequest, text_id: int | None = None) -> HttpResponse:
    """Write a text, or change one."""
    return _TEXT.answer(request, text_id)


_TEXT: Final = RowPage(
    RetentionText,
    RetentionForm,
    save_retention,
    OrgChange.Noun.RETENTION,
    "web/administration/retention_text.html",
    back="desk:retention",
    done=gettext_lazy("The text is kept."),
)
