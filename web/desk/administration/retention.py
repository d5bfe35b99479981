"""How long letters are kept, for administrators: the texts that citizens read, with history."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.errors import BadOrganisationError
from org.models import LetterKind, OrgChange, RetentionText
from org.retention import COLUMNS, LONGEST, MOST_YEARS, save_retention
from web.desk.administration.history import history_of
from web.desk.guard import StaffRequest, administers, form, page, redirect_after

AREA = forms.Textarea(attrs={"rows": 3})


class RetentionForm(forms.Form):
    """A text in three languages, for a kind of letter or for all others."""

    kind = forms.ModelChoiceField(
        label=gettext_lazy("Kind"),
        queryset=LetterKind.objects.none(),
        required=False,
        empty_label=gettext_lazy("all other letters"),
    )
    years = forms.IntegerField(
        label=gettext_lazy("Years (empty: for good)"),
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

    def __init__(self, *args: Any, row: RetentionText | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs.setdefault("initial", {name: getattr(row, name) for name in COLUMNS})
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].queryset = LetterKind.objects.all()
        fields["text_ar"].widget.attrs |= {"dir": "rtl", "lang": "ar"}
        fields["text_fr"].widget.attrs |= {"dir": "ltr", "lang": "fr"}
        fields["text_en"].widget.attrs |= {"dir": "ltr", "lang": "en"}


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all texts, those that citizens do not see too; as many as there are kinds."""
    rows = RetentionText.objects.select_related("kind").order_by("kind__position", "pk")
    return render(request, "web/administration/retention.html", {"rows": rows})


@form(administers)
def text(request: StaffRequest, text_id: int | None = None) -> HttpResponse:
    """Write a text, or change one."""
    row = get_object_or_404(RetentionText, pk=text_id) if text_id is not None else None
    if request.method != "POST":
        return _page(request, row, RetentionForm(row=row))
    filled = RetentionForm(request.POST, row=row)
    if not filled.is_valid():
        return _page(request, row, filled, status=422)
    try:
        save_retention(filled.cleaned_data, actor=request.user, row=row)
    except BadOrganisationError as error:
        for name, words in error.problems.items():
            filled.add_error(name if name in filled.fields else None, words)
        return _page(request, row, filled, status=422)
    messages.success(request, _("The text is kept."))
    return redirect_after(reverse("desk:retention"), request)


def _page(
    request: StaffRequest, row: RetentionText | None, filled: RetentionForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": filled, "row": row}
    if row:
        context |= history_of(OrgChange.Noun.RETENTION, row.pk)
    return render(request, "web/administration/retention_text.html", context, status=status)
