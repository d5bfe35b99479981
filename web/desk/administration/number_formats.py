"""Formats of the office's numbers, for administrators: kept with history, and tried on a number."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from language.lines import one_line
from language.number_formats import LONGEST, MOST
from org.errors import BadOrganisationError
from org.models import OrgChange
from registry.book.number_formats import (
    COLUMNS,
    LONGEST_DESK,
    OF_REGISTERS,
    save_format,
    try_number,
)
from registry.models.number_formats import KnownFormat
from web.desk.administration.history import history_of
from web.desk.guard import StaffRequest, administers, form, page, redirect_after

LONGEST_TRIED: Final = 100


class KnownFormatForm(forms.Form):
    """A format, whose numbers it writes, and whether it counts."""

    pattern = forms.CharField(
        label=gettext_lazy("Format"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    desk = forms.CharField(label=gettext_lazy("Whose numbers"), max_length=LONGEST_DESK)
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)

    def __init__(self, *args: Any, row: KnownFormat | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs.setdefault("initial", {name: getattr(row, name) for name in COLUMNS})
        super().__init__(*args, **kwargs)


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all formats, and what a number that is tried is by them."""
    tried = one_line(request.GET.get("number", ""), LONGEST_TRIED)
    found = try_number(tried) if tried else None
    context = {
        "rows": KnownFormat.objects.order_by("-active", "pattern")[:MOST],
        "tried": tried,
        "found": found,
        "of_register": bool(found and found.format.pattern == OF_REGISTERS),
        "longest": LONGEST_TRIED,
    }
    return render(request, "web/administration/number_formats.html", context)


@form(administers)
def change(request: StaffRequest, format_id: int | None = None) -> HttpResponse:
    """Add a format, or change or retire one."""
    row = get_object_or_404(KnownFormat, pk=format_id) if format_id is not None else None
    if request.method != "POST":
        return _page(request, row, KnownFormatForm(row=row))
    filled = KnownFormatForm(request.POST, row=row)
    if not filled.is_valid():
        return _page(request, row, filled, status=422)
    try:
        save_format(filled.cleaned_data, actor=request.user, row=row)
    except BadOrganisationError as error:
        for name, words in error.problems.items():
            filled.add_error(name if name in filled.fields else None, words)
        return _page(request, row, filled, status=422)
    messages.success(request, _("The format is kept."))
    return redirect_after(reverse("desk:number_formats"), request)


def _page(
    request: StaffRequest, row: KnownFormat | None, filled: KnownFormatForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": filled, "row": row}
    if row:
        context |= history_of(OrgChange.Noun.NUMBERS, row.pk)
    return render(request, "web/administration/number_format.html", context, status=status)
