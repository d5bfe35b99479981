"""One action on several letters, chosen in the tray or the inbox, with the outcome of each."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from registry.access import reads_letter
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.assigning import bulk, giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from web.desk.letter.slips import slips_of
from web.desk.letter.verbs import targets_named
from web.shared.guard import StaffRequest, in_department, page_named, routes, verb

MOST_READ: Final = 101  # one above the limit, so that too many are refused, not cut
ON_INBOX: Final[dict[str, tuple[Any, Callable[..., object]]]] = {
    "accept": (_("Accepted"), lambda row, actor: assignments.accept(row, actor=actor)),
    "noted": (
        _("Signed off as noted"),
        lambda row, actor: assignments.sign_off(row, actor=actor, method=Assignment.Method.NOTED),
    ),
}


@verb(routes)
def bulk_tray(request: StaffRequest) -> HttpResponse:
    """Assign the chosen letters by list or department, or print their routing slips."""
    letters = list(
        Letter.objects.visible_to(request.user)
        .for_lists()
        .filter(pk__in=_chosen(request, "letters"))
        .order_by("registered_at", "pk")
    )
    what = request.POST.get("what", "")
    if what == "slips":
        return slips_of(letters)
    if what != "assign":
        raise Http404
    targets, by_list = targets_named(request)

    def action(letter: Letter) -> object:
        return giving.assign_all(
            letter, targets, actor=request.user, skip_present=by_list, of_tray=True
        )

    done = bulk.each(((letter, letter) for letter in letters), action)
    return _result_page(request, _("Assigned"), done, back=page_named(request, otherwise="/tray/"))


@verb(in_department)
def bulk_inbox(request: StaffRequest) -> HttpResponse:
    """Accept the chosen assignments, sign them off as noted, or print their routing slips."""
    rows = list(
        Assignment.objects.filter(
            reads_letter(request.user), pk__in=_chosen(request, "assignments")
        )
        .select_related("department", "letter__register")
        .order_by("assigned_at", "pk")
    )
    what = request.POST.get("what", "")
    if what == "slips":
        return slips_of(list({row.letter_id: row.letter for row in rows}.values()))
    if what not in ON_INBOX:
        raise Http404
    title, action = ON_INBOX[what]
    done = bulk.each(((row.letter, row) for row in rows), lambda row: action(row, request.user))
    return _result_page(request, title, done, back=page_named(request, otherwise="/inbox/"))


def _chosen(request: StaffRequest, name: str) -> list[UUID]:
    """Return the ids that the form names; raise NotAllowedError where none is valid."""
    found = []
    for text in request.POST.getlist(name)[:MOST_READ]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    if not found:
        raise NotAllowedError(_("Choose from one to 100 letters."))
    return found


def _result_page(
    request: StaffRequest, title: Any, done: list[bulk.Outcome], *, back: str
) -> HttpResponse:
    context = {
        "title": title,
        "went": [one for one in done if not one.reason],
        "stayed": [one for one in done if one.reason],
        "back": back,
    }
    return render(request, "web/bulk_done.html", context)
