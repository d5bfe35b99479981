"""Formats of the office's numbers, for administrators: kept with history, and tried on a number."""

from typing import Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from language.lines import one_line
from language.number_formats import LONGEST, MOST
from org.models import OrgChange
from registry.book.number_formats import (
    COLUMNS,
    LONGEST_DESK,
    OF_REGISTERS,
    save_format,
    try_number,
)
from registry.models.number_formats import KnownFormat
from web.desk.administration.row_page import RowForm, RowPage
from web.shared.guard import StaffRequest, administers, form, page

LONGEST_TRIED: Final = 100


class KnownFormatForm(RowForm):
    """A format, whose numbers it writes, and whether it counts."""

    COLUMNS = COLUMNS

    pattern = forms.CharField(
        label=gettext_lazy("Format"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    desk = forms.CharField(label=gettext_lazy("Whose numbers"), max_length=LONGEST_DESK)
    active = forms.BooleanField(label=gettext_lazy("in use"), required=False, initial=True)


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
    return _FORMAT.answer(request, format_id)


_FORMAT: Final = RowPage(
    KnownFormat,
    KnownFormatForm,
    save_format,
    OrgChange.Noun.NUMBERS,
    "web/administration/number_format.html",
    back="desk:number_formats",
    done=gettext_lazy("The format is kept."),
)
