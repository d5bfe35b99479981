"""One action on several letters, chosen in the tray or the inbox, with the outcome of each.

The page of the outcome offers what takes the action back, for all of them, as far as the history
of letters knows such a step: giving them to another department, or reopening them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from registry.access import reads_letter
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.errors import NotAllowedError
from routing.assigning import bulk, giving
from routing.closing.reopening import reopen
from routing.inbox import assignments
from routing.models.assignments import Assignment
from web.desk.forms import department_choices
from web.desk.letter.slips import slips_of
from web.desk.letter.verbs import department_of, targets_named
from web.shared.guard import StaffRequest, in_department, page_named, routes, verb

MOST_READ: Final = 101  # one above the limit, so that too many are refused, not cut
ON_INBOX: Final[dict[str, tuple[Any, Callable[..., object]]]] = {
    "accept": (_("Letters accepted"), lambda row, actor: assignments.accept(row, actor=actor)),
    "noted": (
        _("Signed off as noted"),
        lambda row, actor: assignments.sign_off(row, actor=actor, method=Assignment.Method.NOTED),
    ),
}


MOVE, REOPEN = "move", "reopen"


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What takes the action back for these assignments: `move` or `reopen`, sent to `address`."""

    what: str
    address: str
    rows: list[Assignment]


@verb(routes)
def bulk_tray(request: StaffRequest) -> HttpResponse:
    """Assign the chosen letters by list or department, or print their routing slips.

    `move` gives assignments that were just made to another department instead.
    """
    what = request.POST.get("what", "")
    if what == MOVE:
        return _move(request)
    letters = list(
        Letter.objects.visible_to(request.user)
        .for_lists()
        .filter(pk__in=_chosen(request, "letters"))
        .order_by("registered_at", "pk")
    )
    if what == "slips":
        return slips_of(letters)
    if what != "assign":
        raise Http404
    targets, by_list = targets_named(request)
    made: list[Assignment] = []

    def action(letter: Letter) -> None:
        made.extend(
            giving.assign_all(
                letter, targets, actor=request.user, skip_present=by_list, of_tray=True
            )
        )

    done = bulk.each(((letter, letter) for letter in letters), action)
    back = page_named(request, otherwise="/tray/")
    if by_list or len(targets) > 1:
        return _result_page(request, _("Letters assigned to several departments"), done, back=back)
    name = {"department": targets[0].department.name}
    title = _("Letters assigned to %(department)s") % name
    taking_back = TakingBack(MOVE, request.path, made)
    return _result_page(request, title, done, back=back, taking_back=taking_back)


def _move(request: StaffRequest) -> HttpResponse:
    department, reason = department_of(request), _reason(request)
    made: list[Assignment] = []

    def action(row: Assignment) -> None:
        made.append(
            assignments.transfer(row, actor=request.user, department=department, reason=reason)
        )

    done = bulk.each(((row.letter, row) for row in _rows_chosen(request)), action)
    return _result_page(
        request,
        _("Letters transferred to %(department)s") % {"department": department.name},
        done,
        back=page_named(request, otherwise="/tray/"),
        taking_back=TakingBack(MOVE, request.path, made),
    )


@verb(in_department)
def bulk_inbox(request: StaffRequest) -> HttpResponse:
    """Accept the chosen assignments, sign them off as noted, or print their routing slips.

    `reopen` takes up letters again that were just closed.
    """
    rows = _rows_chosen(request)
    what = request.POST.get("what", "")
    if what == "slips":
        return slips_of(list({row.letter_id: row.letter for row in rows}.values()))
    back = page_named(request, otherwise="/inbox/")
    if what == REOPEN:
        reason = _reason(request)
        letters = {row.letter_id: row.letter for row in rows}.values()
        done = bulk.each(
            ((letter, letter) for letter in letters),
            lambda letter: reopen(letter, actor=request.user, reason=reason),
        )
        return _result_page(request, _("Letters reopened"), done, back=back)
    if what not in ON_INBOX:
        raise Http404
    title, action = ON_INBOX[what]
    done = bulk.each(((row.letter, row) for row in rows), lambda row: action(row, request.user))
    closed = _closed(rows, done) if what == "noted" else []
    taking_back = TakingBack(REOPEN, request.path, closed)
    return _result_page(request, title, done, back=back, taking_back=taking_back)


def _rows_chosen(request: StaffRequest) -> list[Assignment]:
    """Return the assignments that the form names, of letters that this user may read."""
    rows = Assignment.objects.filter(
        reads_letter(request.user), pk__in=_chosen(request, "assignments")
    )
    rows = rows.select_related("department", "letter__register")
    return list(rows.order_by("assigned_at", "pk"))


def _closed(rows: Iterable[Assignment], done: Iterable[bulk.Outcome]) -> list[Assignment]:
    """Return those whose letter the action has closed."""
    went = {one.letter.pk for one in done if not one.reason}
    closed = Letter.objects.filter(pk__in=went, stage=Stage.CLOSED)
    known = set(closed.values_list("pk", flat=True))
    return [row for row in rows if row.letter_id in known and row.role == Assignment.Role.ACTION]


def _reason(request: StaffRequest) -> str:
    """Return the reason that the form gives; raise NotAllowedError without one."""
    if not (reason := one_line(request.POST.get("reason", ""))):
        raise NotAllowedError(_("Give a reason."))
    return reason


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
    request: StaffRequest,
    title: Any,
    done: list[bulk.Outcome],
    *,
    back: str,
    taking_back: TakingBack | None = None,
) -> HttpResponse:
    context = {
        "title": title,
        "went": [one for one in done if not one.reason],
        "stayed": [one for one in done if one.reason],
        "back": back,
        "taking_back": taking_back if taking_back and taking_back.rows else None,
        "targets": department_choices(),
    }
    return render(request, "web/bulk_done.html", context)
