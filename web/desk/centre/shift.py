"""The shift on duty and the notes that shifts leave to each other."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.relations import shifts
from eservices.relations.callbacks import callbacks_for, counts_of
from eservices.relations.errors import BadContactError
from web.context import permissions_for
from web.desk.centre.guard import reads_centre, works_in_centre
from web.shared.guard import StaffRequest, form, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 15
LEFT: Final[dict[str, Any]] = {
    "calls": gettext_lazy("Contacts in the shift"),
    "callbacks": gettext_lazy("Call-backs open"),
    "callbacks_late": gettext_lazy("Call-backs late"),
    "requests_late": gettext_lazy("Requests late"),
    "dangers": gettext_lazy("of them dangerous"),
}


class NoteForm(forms.Form):
    """What the next shift must know."""

    text = forms.CharField(
        label=gettext_lazy("What the next shift must know"), max_length=shifts.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip


@page(reads_centre)
def show(request: StaffRequest) -> HttpResponse:
    """Show the shift on duty, what is open now, and the notes, the newest first."""
    return _page(request, NoteForm())


def _page(request: StaffRequest, note: NoteForm, status: int = 200) -> HttpResponse:
    duty = shifts.shift_at()
    found = page_of(
        shifts.notes(), order=["-pk"], cursor=request.GET.get("from", ""), limit=ROWS
    )  # fmt: skip
    context = {
        "duty": duty,
        "left": _in_words(shifts.state_now(duty)),
        "notes": [
            {
                "row": row,
                "shift": shifts.shift_name(row.shift),
                "left": _in_words(row.left),
                "may_take": row.taken_at is None and row.written_by_id != request.user.pk,
            }
            for row in found.rows
        ],
        "next": found.next_cursor,
        "form": note,
        "works": works_in_centre(permissions_for(request)),  # type: ignore[arg-type]
        "counts": counts_of(callbacks_for(request.user), user=request.user),
        "at": "shift",
    }
    return render(request, "web/centre/shift.html", context, status=status)


def _in_words(left: dict[str, int]) -> list[tuple[Any, int]]:
    return [(LEFT[name], int(left[name])) for name in LEFT if name in left]


@form(works_in_centre)
def write(request: StaffRequest) -> HttpResponse:
    """Write a note for the next shift."""
    note = NoteForm(request.POST or None)
    if request.method == "POST" and note.is_valid():
        try:
            shifts.write_note(note.cleaned_data["text"], actor=request.user)
        except BadContactError as error:
            note.add_error("text", str(error))
        else:
            messages.success(request, _("The note is kept for the next shift."))
            return redirect_after(reverse("desk:centre_shift"), request)
    return _page(request, note, status=422 if note.is_bound else 200)


@verb(works_in_centre)
def take(request: StaffRequest, shift_note_id: int) -> HttpResponse:
    """Take a note over."""
    row = shifts.notes().filter(pk=shift_note_id).first()
    if row is None:
        raise Http404
    shifts.take_over(row, actor=request.user)
    messages.success(request, _("The note is taken over."))
    return redirect_after(reverse("desk:centre_shift"), request)
