"""Announcements on the citizens' pages, for administrators: made for some days, withdrawn."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.announcements import announce_to_citizens, withdraw
from org.errors import BadOrganisationError
from org.models import Announcement
from org.models.announcements import MOST_LETTERS
from web.shared.guard import StaffRequest, administers, form, redirect_after, verb
from web.shared.paging import page_of
from web.shared.widgets import Day, set_languages

ROWS: Final = 30


class AnnouncementForm(forms.Form):
    """An announcement to citizens, and its days."""

    words_ar = forms.CharField(label=gettext_lazy("In Arabic"), max_length=MOST_LETTERS)
    words_fr = forms.CharField(label=gettext_lazy("In French"), max_length=MOST_LETTERS)
    words_en = forms.CharField(
        label=gettext_lazy("In English"), max_length=MOST_LETTERS, required=False
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=Day)
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=Day)
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in ("ar", "fr", "en"):
            self.fields[f"words_{code}"].widget = forms.Textarea(attrs={"rows": 3})
        set_languages(self.fields)


@form(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all announcements, the newest first, and make another."""
    if request.method != "POST":
        today = timezone.localdate().isoformat()
        return _page(request, AnnouncementForm(initial={"first_day": today}))
    filled = AnnouncementForm(request.POST)
    if not filled.is_valid():
        return _page(request, filled, status=422)
    values = filled.cleaned_data
    try:
        announce_to_citizens(
            {code: values[f"words_{code}"] for code in ("ar", "fr", "en")},
            first_day=values["first_day"],
            last_day=values["last_day"],
            urgent=values["urgent"],
            actor=request.user,
        )
    except BadOrganisationError as error:
        for name, words in error.problems.items():
            filled.add_error(name or None, words)
        return _page(request, filled, status=422)
    messages.success(request, _("The announcement is made."))
    return redirect_after(reverse("desk:announcements"), request)


@verb(administers)
def take_back(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Show an announcement to citizens no more."""
    if withdraw(announcement_id, actor=request.user):
        messages.success(request, _("The announcement is withdrawn."))
    else:
        messages.warning(request, _("Somebody did that already."))
    return redirect_after(reverse("desk:announcements"), request)


def _page(request: StaffRequest, filled: AnnouncementForm, *, status: int = 200) -> HttpResponse:
    found = page_of(
        Announcement.objects.select_related("made_by"),
        order=["-pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "form": filled,
        "rows": found.rows,
        "next": found.next_cursor,
        "today": timezone.localdate(),
    }
    return render(request, "web/administration/announcements.html", context, status=status)
