"""The office's calendar: its days off by year, and each change shown with its effects."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.models import Holiday, OrgChange
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.clocks.calendar_edits import YEARS, DayEdit, apply_edit, foresee_edit
from routing.clocks.reminding import hours_of
from web.desk.administration.history import history_of
from web.desk.office.months import months_of, week_names
from web.desk.rules.pages import edits_rules, may_edit, sees_rules
from web.shared.days import day_of
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.widgets import Day

WHAT = {
    "add": gettext_lazy("A day off is added"),
    "confirm": gettext_lazy("The day is confirmed"),
    "move": gettext_lazy("The day moves"),
    "remove": gettext_lazy("The day is taken away"),
    "propose": gettext_lazy("The public holidays of the year are added"),
}


class EditForm(forms.Form):
    """One change of the calendar; the rule decides which fields it needs."""

    what = forms.ChoiceField(choices=list(WHAT.items()))
    holiday = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )
    seen = forms.DateField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=Day)
    name_ar = forms.CharField(required=False, max_length=200)
    name_fr = forms.CharField(required=False, max_length=200)
    name_en = forms.CharField(required=False, max_length=200)
    exceptional = forms.BooleanField(required=False)
    provisional = forms.BooleanField(required=False)
    year = forms.IntegerField(required=False, min_value=1, max_value=9999, widget=forms.HiddenInput)

    def edit(self) -> DayEdit:
        """Return the valid form as the rule takes it."""
        given = self.cleaned_data
        return DayEdit(
            given["what"],
            holiday_id=given["holiday"],
            day=given["day"],
            seen=given["seen"],
            names={key: given[f"name_{key}"] for key in ("ar", "fr", "en")},
            exceptional=given["exceptional"],
            confirmed=not given["provisional"],
            year=given["year"] or 0,
        )


@page(sees_rules)
def show(request: StaffRequest) -> HttpResponse:
    """Show a year in twelve months, with the day that was clicked, and its days off in order."""
    chosen = _day(request.GET.get("day", ""))
    return _page(request, chosen.year if chosen else _year(request.GET.get("year", "")), chosen)


def _page(
    request: StaffRequest,
    year: int,
    chosen: date | None = None,
    *,
    typed: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer the page of a year; `typed` is a day off that was refused, to be put right."""
    rows = list(Holiday.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31))))
    weekdays = hours_of(settings.OFFICE_HOURS).weekdays
    context = {
        "year": year,
        "rows": rows,
        "months": months_of(
            year, rows, weekdays=weekdays, today=timezone.localdate(), chosen=chosen
        ),
        "week": week_names(),
        "chosen": chosen,
        "chosen_rows": [row for row in rows if row.day == chosen],
        "chosen_closed": bool(chosen and chosen.isoweekday() not in weekdays),
        "provisional": sum(not row.confirmed for row in rows),
        "proposed": any(row.proposed for row in rows),
        "may_edit": may_edit(request),
        "typed": typed,
        "before": year - 1 if year - 1 in YEARS else None,
        "after": year + 1 if year + 1 in YEARS else None,
        **history_of(OrgChange.Noun.HOLIDAY, year),
    }
    return render(request, "web/calendar.html", context, status=status)


def _day(text: str) -> date | None:
    day = day_of(text)
    return day if day and day.year in YEARS else None


@verb(edits_rules)
def edit(request: StaffRequest) -> HttpResponse:
    """Show a change with the open letters that it would move; apply it with `sure`."""
    filled = EditForm(request.POST)
    day = _day(request.POST.get("day", ""))
    year = _year(request.POST.get("year") or (str(day.year) if day else ""))
    back = f"{reverse('desk:calendar')}?year={year}"
    try:
        if not filled.is_valid():
            raise NotAllowedError(_("Some fields need a look."))
        change = filled.edit()
        if request.POST.get("sure"):
            apply_edit(change, actor=request.user)
            messages.success(
                request, _("The calendar is changed. Open letters are being counted again.")
            )
            return redirect_after(back, request)
        return render(request, "web/calendar_edit.html", _foreseen(request, filled, change, back))
    except NotAllowedError as error:
        messages.error(request, str(error))
    except ConflictError:
        messages.warning(request, _("Somebody changed this day meanwhile. Please look again."))
    if request.POST.get("what") == "add":
        return _page(request, year, typed=request.POST, status=422)
    return redirect_after(back, request)


def _foreseen(
    request: StaffRequest, filled: EditForm, change: DayEdit, back: str
) -> dict[str, Any]:
    row = Holiday.objects.filter(pk=change.holiday_id or 0).first()
    return {
        "title": WHAT[change.what],
        "row": row,
        "change": change,
        "foreseen": foresee_edit(change),
        "sent": [(name, request.POST[name]) for name in filled.fields if request.POST.get(name)],
        "action": reverse("desk:calendar_edit"),
        "back": back,
    }


def _year(text: str) -> int:
    known = text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in YEARS
    return int(text) if known else timezone.localdate().year
