"""The clerk's check page: a page's picture beside the facts, to be confirmed letter by letter."""

import math
import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from correspondence.acting.rights import actions_for
from language.bidi import isolate
from registry.access import get_letter
from registry.corrections import BadCorrectionError
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.check import checking, times
from web.desk.check.contact import keep_contact
from web.desk.check.facts import Sheet, sheet_of
from web.desk.check.form import FactsForm, wrong_lines
from web.desk.check.pictures import paper_of
from web.desk.contacts.box import box_of
from web.desk.letter.facts import names_for, proposals_by_field
from web.desk.reading.viewer import has_picture, shown_number
from web.shared.guard import StaffRequest, form, is_office, page, redirect_after
from web.shared.paging import page_of
from web.shared.reading import read_letter

ROWS = 25


@page(is_office)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the letters that wait for a check: urgent ones first, then the longest waiting."""
    waiting = checking.check_queue(request.user)
    found = page_of(waiting, order=checking.ORDER, cursor=request.GET.get("from", ""), limit=ROWS)
    suggested: dict[Any, Any] = {row.pk: list(row.suggestions.all()) for row in found.rows}
    names = names_for(row for rows in suggested.values() for row in rows)
    first = checking.next_to_check(request.user)
    context = {
        "rows": [
            (row, {f: p[0] for f, p in proposals_by_field(suggested[row.pk], names=names).items()})
            for row in found.rows
        ],
        "next": found.next_cursor,
        "total": waiting.count(),
        "first": first,
        "now": timezone.now(),
    }
    return render(request, "web/checks.html", context)


@form(is_office)
def check_page(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Show one letter's check; on POST decide (`do`: accept, later, unsure) and go to the next."""
    letter = read_letter(request.user, letter_id)
    can = actions_for(request.user, letter)
    if "correct" not in can or "assign" not in can:  # outgoing or voided letters
        messages.info(request, _("There is nothing to check in this letter."))
        return redirect("desk:letter", letter.pk)
    if request.method != "POST":
        return _shown(request, letter)
    turn = checking.turn_of(letter)
    if request.POST.get("do") == "later":
        return _onward(request, letter, turn)
    if request.POST.get("do") == "unsure":
        checking.leave_unsure(letter, actor=request.user)
        words = _("%(number)s is left to a colleague.") % {"number": isolate(letter.number)}
        messages.info(request, words)
        return _onward(request, letter, turn)
    return _decided(request, letter, turn)


def _decided(request: StaffRequest, letter: Letter, turn: int) -> HttpResponse:
    sheet = sheet_of(request.user, letter, given=request.POST)
    filled = sheet.form
    if not filled.is_valid():
        return _shown(request, letter, sheet=sheet, status=400)
    try:
        _keep(request, letter, filled, sheet)
    except ConflictError:
        letter = get_letter(request.user, letter.pk)
        return _shown(request, letter, own=_own(filled), status=409)
    except (BadCorrectionError, NotAllowedError) as error:
        messages.error(request, str(error))
        return _shown(request, letter, sheet=sheet, status=400)
    keep_contact(request, letter, filled)
    times.keep_time(
        seconds=_since(request, letter),
        visible_seconds=_number(request.POST.get("visible", "")),
        corrected=_corrected(filled, request),
    )
    return _onward(request, letter, turn)


def _keep(request: StaffRequest, letter: Letter, filled: FactsForm, sheet: Sheet) -> None:
    wrong = wrong_lines(request.POST)
    if "document_date" in filled.changed_data:
        wrong |= sheet.hijri
    department = None if sheet.given else filled.chosen_department()
    seen = request.POST.get("seen", "")
    checking.check_letter(
        letter,
        actor=request.user,
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1,
        changes=filled.changes(),
        sender=filled.sender(),
        others=filled.others(),
        wrong=wrong,
        department=department,
    )
    if department:
        said = {"number": isolate(letter.number), "department": department.name}
        messages.success(request, _("%(number)s goes to %(department)s.") % said)
    else:
        messages.success(request, _("%(number)s is checked.") % {"number": isolate(letter.number)})


def _onward(request: StaffRequest, letter: Letter, turn: int) -> HttpResponse:
    """Redirect to the next letter, or to the queue where none waits."""
    following = checking.next_to_check(request.user, after=letter, turn=turn)
    target = (
        reverse("desk:check_page", args=[following.pk]) if following else reverse("desk:checks")
    )
    return redirect_after(target, request)


def _shown(
    request: StaffRequest,
    letter: Letter,
    *,
    sheet: Sheet | None = None,
    own: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = sheet or sheet_of(request.user, letter)
    other = checking.claim(letter, actor=request.user)
    following = checking.next_to_check(request.user, after=letter, turn=checking.turn_of(letter))
    paper = paper_of(
        letter,
        wanted=request.GET.get("document", "") or sheet.first_document,
        number=shown_number(request.GET.get("page", "1")),
    )
    context = {
        "letter": letter,
        "sheet": sheet,
        "form": sheet.form,
        "paper": paper,
        "box": box_of(letter, {"correct"}),
        "total": checking.check_queue(request.user).count(),
        "following": following,
        "following_document": _first_picture(following),
        "other": other,
        "faster": _who_was_faster(letter) if own is not None else "",
        "own": own,
        "shown": request.POST.get("shown") if own is None and request.POST else _now_signed(letter),
    }
    return render(request, "web/check.html", context, status=status)


def _first_picture(letter: Letter | None) -> Document | None:
    """Return the document whose first page is drawn in advance."""
    first = letter.documents.order_by("position").first() if letter else None
    return first if first and has_picture(first) else None


def _who_was_faster(letter: Letter) -> str:
    """Return the author of the letter's newest change; "" for the system itself."""
    newest = LetterEvent.objects.filter(letter=letter).select_related("actor").last()
    return newest.actor.shown_name if newest and newest.actor else ""


def _own(filled: FactsForm) -> list[tuple[str, str]]:
    """Return what the clerk had changed, to be shown again where it was not saved."""
    return [
        (str(filled[name].label), str(filled.cleaned_data.get(name) or ""))
        for name in filled.changed_data
    ]


def _corrected(filled: FactsForm, request: StaffRequest) -> int:
    return len(filled.changed_data) + len(wrong_lines(request.POST))


def _now_signed(letter: Letter) -> str:
    """Return the time at which the page is sent, signed by this server."""
    return signing.dumps([str(letter.pk), time.time()], salt="check")


def _since(request: StaffRequest, letter: Letter) -> float:
    """Return the seconds since the page was sent; -1 where the form has no valid signature."""
    try:
        pk, sent = signing.loads(request.POST.get("shown", ""), salt="check")
    except (signing.BadSignature, ValueError, TypeError):
        return -1.0
    return max(0.0, time.time() - float(sent)) if pk == str(letter.pk) else -1.0


def _number(text: str) -> float | None:
    """Return a count of seconds from a form; None for anything else."""
    try:
        value = float(text[:20])
    except ValueError:
        return None
    return value if math.isfinite(value) else None
