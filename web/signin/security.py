"""The record of security events, for auditors and administrators."""

import csv
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from identity import events
from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.models import User
from registry.models.letters import Letter
from registry.sheets.cells import defused
from web.addresses import plain_address
from web.shared.guard import StaffRequest, page, watches_models
from web.shared.paging import page_of
from web.shared.widgets import Day
from web.signin.security_words import coded, detail_words

ROWS: Final = 50
MOST_EXPORTED: Final = 200_000
COLUMNS: Final = ("id", "at", "kind", "person", "subject", "letter", "address", "detail")


class Filters(forms.Form):
    """What kind of event, of whom, of which letter, between which days."""

    kind = forms.ChoiceField(label=_("What happened"), required=False)
    person = forms.CharField(label=_("User name"), required=False, max_length=150)
    letter = forms.CharField(label=_("Letter number"), required=False, max_length=60)
    first = forms.DateField(label=_("From"), required=False, widget=Day)
    last = forms.DateField(label=_("Until"), required=False, widget=Day)

    def __init__(self, *args: Any, readings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {k: words for k, words in events.KINDS.items() if readings or k != events.READ}
        fields: Any = self.fields
        fields["kind"].choices = [("", _("Everything")), *shown.items()]
        fields["person"].widget.attrs["dir"] = fields["letter"].widget.attrs["dir"] = "ltr"

    def clean_person(self) -> int | None:
        """Return the id of the person; an unknown name is an error."""
        name = self.cleaned_data["person"].strip()
        if not name:
            return None
        found = User.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody of this name."))
        return int(found)

    def clean(self) -> dict[str, Any]:
        """Refuse days that end before they begin."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return given

    def clean_letter(self) -> UUID | None:
        """Return the id of the letter; an unknown number is an error."""
        number = self.cleaned_data["letter"].strip()
        if not number:
            return None
        found: UUID | None = (
            Letter.objects.filter(number=number).values_list("pk", flat=True).first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no letter of this number."))
        return found


def _asked(request: StaffRequest) -> tuple[Filters, Any]:
    """Return the form and the events that fit; with errors, none."""
    readings = _is_auditor(request)
    form = Filters(request.GET, readings=readings)
    if not form.is_valid():
        return form, SecurityEvent.objects.none()
    given = form.cleaned_data
    found = events.events(
        kind=given["kind"],
        person_id=given["person"],
        letter_id=given["letter"],
        first=given["first"],
        last=given["last"],
        readings=readings,
    )
    return form, found


def _is_auditor(request: StaffRequest) -> bool:
    """Return whether the person sees who read which letter; administrators do not."""
    return request.user.duty == User.Duty.AUDITOR


@page(watches_models)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the events, the newest first."""
    form, found = _asked(request)
    here = page_of(found, order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS)
    numbers = _numbers(here.rows)
    rows = [
        (row, events.words_of(row.kind), numbers.get(row.letter_id), detail_words(row))
        for row in here.rows
    ]
    query = {k: str(value) for k, value in request.GET.items() if value and k != "from"}
    context = {
        "form": form,
        "rows": rows,
        "next": here.next_cursor,
        "query": urlencode(query),
        "exports": _is_auditor(request),
    }
    return render(
        request, "web/signin/security.html", context, status=200 if form.is_valid() else 422
    )


def _numbers(rows: list[SecurityEvent]) -> dict[UUID | None, str]:
    wanted = {row.letter_id for row in rows if row.letter_id}
    return {one.pk: one.number for one in Letter.objects.filter(pk__in=wanted)} if wanted else {}


@page(watches_models)
def export(request: StaffRequest) -> HttpResponseBase:
    """Serve the events that the filters leave as CSV, to auditors; the export is an event too."""
    if not _is_auditor(request):
        raise PermissionDenied
    form, found = _asked(request)
    if not form.is_valid():
        return listed(request)
    rows = list(found.order_by("-id").values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    whole = len(rows) <= MOST_EXPORTED
    upto, least = (rows[0], rows[:MOST_EXPORTED][-1]) if rows else (0, 0)
    address = plain_address(request)
    events.record(
        SecurityKind.RECORD_EXPORTED,
        person=request.user,
        address=address,
        rows=len(rows),
    )
    lines = _lines(found.filter(pk__gte=least, pk__lte=upto), whole=whole)
    name = f"security-{timezone.localdate():%Y-%m-%d}.csv"
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """A file whose writing is handed on."""

    def write(self, line: str) -> str:
        return line


def _lines(found: Any, *, whole: bool) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for row in found.order_by("-id").iterator(chunk_size=2000):
        yield writer.writerow(
            [
                row.pk,
                timezone.localtime(row.at).isoformat(),
                row.kind,
                defused(row.person.username if row.person else ""),
                defused(row.subject.username if row.subject else ""),
                row.letter_id or "",
                row.address,
                defused(coded(row)),
            ]
        )
    if not whole:
        yield writer.writerow(["", "", "more: narrow the filters"])
