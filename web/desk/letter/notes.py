"""Notes on a letter: the box on its page, writing, changing, deleting, and being mentioned."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from org.models import Department
from org.people import Permissions, permissions_of
from registry.access import get_letter
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.models.notes import Note
from routing.notes import seeing, writing
from web.shared.guard import StaffRequest, form, reads_letters, redirect_after, verb
from web.shared.once import SentBeforeError, once, row_id
from web.shared.paging import page_of

ROWS = 20
MOST_OFFERED = 60
MOST_NAMED_IN = 30


def notes_box(
    letter: Letter, permissions: Permissions, *, cursor: str = "", units: Mapping[str, str]
) -> dict[str, Any]:
    """Return the notes that the user sees, newest first, and the form's choices.

    `units` maps codes of departments to words, as far as the page has them already. Takes four
    queries.
    """
    rows = seeing.notes_on(letter, permissions)
    found = page_of(rows, order=["-written_at", "-id"], cursor=cursor, limit=ROWS)
    return {
        "notes": found.rows,
        "notes_next": found.next_cursor,
        **_offered(letter, permissions, units),
    }


def named_box(request: StaffRequest) -> dict[str, Any]:
    """Return the newest notes that mention the user and that they have not seen yet."""
    rows = list(seeing.mentions_unseen(request.user)[: MOST_NAMED_IN + 1])
    return {"named": rows[:MOST_NAMED_IN], "named_more": len(rows) > MOST_NAMED_IN}


@verb(reads_letters)
def write(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write a note; a refused one comes back on a page of its own, with all that was typed."""
    letter = get_letter(request.user, letter_id)
    reach, _colon, code = request.POST.get("reach", "").partition(":")
    department = Department.objects.filter(code=code).first() if code else None
    seen_by: dict[str, Any] = {"reach": reach, "department": department}
    pk = row_id(request)
    try:
        with once(Note, pk):
            writing.write_note(letter, author=request.user, **seen_by, **_given(request), pk=pk)
    except NotAllowedError as error:
        return _again(request, letter, refusal=str(error))
    except SentBeforeError:
        pass
    messages.success(request, _("The note is kept."))
    return _back(request, letter)


@form(reads_letters)
def change(request: StaffRequest, letter_id: UUID, note_id: UUID) -> HttpResponse:
    """Let an author edit a note."""
    letter, note = _own(request, letter_id, note_id)
    if request.method != "POST":
        given = {"text": note.text, "named": [m.person.username for m in note.mentions.all()]}
        return _again(request, letter, note=note, given=given)
    try:
        writing.change_note(note, actor=request.user, **_given(request))
    except NotAllowedError as error:
        return _again(request, letter, note=note, refusal=str(error))
    messages.success(request, _("The note is kept."))
    return _back(request, letter)


@verb(reads_letters)
def delete(request: StaffRequest, letter_id: UUID, note_id: UUID) -> HttpResponse:
    """Delete a note of the author's own."""
    letter, note = _own(request, letter_id, note_id)
    writing.delete_note(note, actor=request.user)
    messages.success(request, _("The note is deleted."))
    return _back(request, letter)


@verb(reads_letters)
def seen(request: StaffRequest, mention_id: UUID) -> HttpResponse:
    """Mark a mention of the user as seen."""
    mention = get_object_or_404(seeing.mentions_unseen(request.user), pk=mention_id)
    mention.seen_at = timezone.now()
    mention.save(update_fields=["seen_at"])
    return redirect_after(reverse("desk:reminders"), request)


def _given(request: StaffRequest) -> dict[str, Any]:
    return {"text": request.POST.get("text", ""), "named": request.POST.getlist("named")[:100]}


def _own(request: StaffRequest, letter_id: UUID, note_id: UUID) -> tuple[Letter, Note]:
    """Return the letter, and a note on it that the user wrote; raise Http404 for any other."""
    letter = get_letter(request.user, letter_id)
    rows = seeing.notes_on(letter, permissions_of(request.user))
    note = get_object_or_404(rows, pk=note_id, author=request.user)
    note.letter = letter
    return letter, note


def _offered(
    letter: Letter, permissions: Permissions, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Return who may see a note, as (value, words), and who may be mentioned in one."""
    if permissions.departments.keys() <= known.keys():
        mine = [(code, words) for code, words in known.items() if code in permissions.departments]
    else:
        rows = Department.objects.filter(code__in=list(permissions.departments))
        mine = [(row.code, f"{row.code} · {row}") for row in rows]
    units = [(f"department:{code}", words) for code, words in mine]
    reach = Note.Reach
    return {
        "note_reaches": [
            (reach.MINE.value, reach.MINE.label),
            *units,
            (reach.READERS.value, reach.READERS.label),
        ],
        "note_people": seeing.readers_of(letter).exclude(pk=permissions.user_id)[:MOST_OFFERED],
    }


def _again(
    request: StaffRequest,
    letter: Letter,
    *,
    note: Note | None = None,
    given: dict[str, Any] | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Show the page of one note, filled with its present content or what was typed."""
    context = {
        "letter": letter,
        "note": note,
        "given": given or {**_given(request), "reach": request.POST.get("reach", "")},
        "refusals": [refusal] if refusal else [],
        **_offered(letter, permissions_of(request.user)),
    }
    return render(request, "web/note.html", context, status=422 if refusal else 200)


def _back(request: StaffRequest, letter: Letter) -> HttpResponse:
    return redirect_after(f"{reverse('desk:letter', args=[letter.pk])}#notes", request)
