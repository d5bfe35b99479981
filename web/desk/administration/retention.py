"""How long letters are kept, for administrators: the texts that citizens read, with history."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from org.models import LetterKind, OrgChange, RetentionText
from org.retention import COLUMNS, LONGEST, MOST_YEARS, save_retention
from web.desk.administration.kept import RowForm, RowPage
from web.desk.guard import StaffRequest, administers, form, page

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
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
