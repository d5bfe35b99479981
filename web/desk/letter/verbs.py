"""Actions on a letter: each view reads its form, calls one function and redirects."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from org.models import Department, User
from org.signs import colon, listed
from registry.access import get_letter
from registry.book import voiding
from registry.corrections import BadCorrectionError
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from routing.acting.access import need
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.assigning import giving, lists
from routing.check import decisions
from routing.inbox import assignments
from routing.models.assignments import Assignment
from web.desk.letter.facts import CheckForm
from web.desk.letter.opinions import departments_named
from web.shared.guard import StaffRequest, back_to_letter, reads_letters, redirect_after, verb
from web.signin.confirmation import confirms


def department_of(request: StaffRequest) -> Department:
    """Return the department that the form names; raise NotAllowedError without one."""
    found = Department.objects.filter(code=request.POST.get("department", "")).first()
    if found is None:
        raise NotAllowedError(_("Choose a department."))
    return found


@verb(reads_letters)
def assign(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Give the letter to a department, to several for action and with copies, or by a list."""
    letter = get_letter(request.user, letter_id)
    targets, by_list = targets_named(request)
    of_tray = request.POST.get("from") == "tray"
    given = giving.assign_all(
        letter, targets, actor=request.user, skip_present=by_list, of_tray=of_tray
    )
    if of_tray and getattr(request, "htmx", False):
        return render(request, "web/parts/tray_done.html", {"assignment": given[0]})
    words = _("%(number)s goes to %(department)s.") % {
        "number": letter.number,
        "department": listed(row.department.name for row in given),
    }
    messages.success(request, words)
    return back_to_letter(request, letter.pk)


def targets_named(request: StaffRequest) -> tuple[list[giving.Target], bool]:
    """Return the form's targets: a list (then True), or departments with their roles."""
    chosen = request.POST.get("list", "")
    if chosen:
        plain = chosen.isascii() and chosen.isdecimal() and len(chosen) < 16
        return lists.targets_of(int(chosen) if plain else 0), True
    note = request.POST.get("note", "")
    more = [
        giving.Target(row, role=role, note=note)
        for role in Assignment.Role.values
        for row in departments_named(request, role)
    ]
    if more and not request.POST.get("department"):
        return more, False
    role = request.POST.get("role", Assignment.Role.ACTION)
    first = giving.Target(department_of(request), role=role, note=note)
    return [first, *(one for one in more if one.department != first.department)], False


@verb(reads_letters)
def split(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Split a letter of several matters: each part goes to a department of its own."""
    letter = get_letter(request.user, letter_id)
    codes = request.POST.getlist("part_department")[:20]
    matters = request.POST.getlist("part_matter")[:20]
    known = {row.code: row for row in Department.objects.filter(code__in=codes)}
    parts = [
        giving.Target(known[code], matter=matter)
        for code, matter in zip(codes, matters, strict=False)
        if code in known
    ]
    giving.split(letter, parts, actor=request.user)
    messages.success(request, _("The letter is split. Each part has its own clock."))
    return back_to_letter(request, letter.pk)


@verb(reads_letters)
def check(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Save the clerk's check of the facts: proposals accepted or corrected."""
    letter = get_letter(request.user, letter_id)
    filled = CheckForm(request.POST)
    if not filled.is_valid():
        for name, errors in filled.errors.items():
            messages.error(request, f"{filled[name].label}{colon()} {' '.join(map(str, errors))}")
        return back_to_letter(request, letter.pk)
    try:
        with transaction.atomic():
            filled.hold(letter)
            changes, sender = filled.changes(letter), filled.sender()
            decisions.correct(letter, actor=request.user, changes=changes, sender=sender)
    except BadCorrectionError as error:
        messages.error(request, str(error))
        return back_to_letter(request, letter.pk)
    messages.success(request, _("The facts are kept."))
    return _back_if_readable(request, letter)


def _assignment(request: StaffRequest, letter_id: UUID, assignment_id: UUID) -> Assignment:
    letter = get_letter(request.user, letter_id)
    rows = Assignment.objects.select_related("letter", "department")
    return get_object_or_404(rows, letter=letter, pk=assignment_id)


def _accept(request: StaffRequest, row: Assignment) -> str:
    assignments.accept(row, actor=request.user)
    return _("Accepted. The letter is in your department's hands.")


def _refuse(request: StaffRequest, row: Assignment) -> str:
    assignments.refuse(row, actor=request.user, reason=request.POST.get("reason", ""))
    return _("Refused. The letter goes back to the office.")


def _transfer(request: StaffRequest, row: Assignment) -> str:
    department = department_of(request)
    reason = request.POST.get("reason", "")
    assignments.transfer(row, actor=request.user, department=department, reason=reason)
    return _("Transferred to %(department)s.") % {"department": department.name}


def _sign_off(request: StaffRequest, row: Assignment) -> str:
    assignments.sign_off(
        row,
        actor=request.user,
        method=request.POST.get("method", ""),
        outcome=request.POST.get("outcome", ""),
    )
    return _("Signed off.")


def _put_in_charge(request: StaffRequest, row: Assignment) -> str:
    chosen = request.POST.get("person", "")
    people = User.objects.filter(is_active=True, username=chosen)
    if (person := people.first()) is None:
        raise NotAllowedError(_("Choose a person."))
    assignments.put_in_charge(row, actor=request.user, person=person)
    return _("%(person)s is in charge.") % {"person": person.shown_name}


ON_ASSIGNMENT: dict[str, Callable[[StaffRequest, Assignment], str]] = {
    "accept": _accept,
    "refuse": _refuse,
    "transfer": _transfer,
    "sign-off": _sign_off,
    "put-in-charge": _put_in_charge,
}


@verb(reads_letters)
def on_assignment(
    request: StaffRequest, letter_id: UUID, assignment_id: UUID, what: str
) -> HttpResponse:
    """Accept, refuse, transfer, sign off or put in charge; the letter may be hidden then."""
    row = _assignment(request, letter_id, assignment_id)
    do = ON_ASSIGNMENT.get(what)
    if do is None:
        raise Http404
    messages.success(request, do(request, row))
    return _back_if_readable(request, row.letter)


def _back_if_readable(request: StaffRequest, letter: Letter) -> HttpResponse:
    """Redirect to the letter, or to the first page where it is no longer readable."""
    if Letter.objects.visible_to(request.user).filter(pk=letter.pk).exists():
        return back_to_letter(request, letter.pk)
    return redirect_after(reverse("desk:home"), request)


@verb(reads_letters)
@confirms()
def ask_void(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Request that the letter be voided; another person decides."""
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.ASK_VOID)
    voiding.ask_to_void(letter, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Voiding is asked for. Another person decides."))
    return back_to_letter(request, letter.pk)


@verb(reads_letters)
@confirms()
def decide_void(request: StaffRequest, void_id: UUID, what: str) -> HttpResponse:
    """Approve or refuse a request to void."""
    row = VoidRequest.objects.select_related("letter").filter(pk=void_id).first()
    if row is None:
        raise Http404
    letter = get_letter(request.user, row.letter_id)
    need(request.user, letter, LetterVerb.APPROVE_VOID)
    if what == "approve":
        done = voiding.approve_void(row, actor=request.user)
        messages.success(request, _("Voided. Minute %(minute)s.") % {"minute": done.minute_number})
    else:
        voiding.refuse_void(row, actor=request.user)
        messages.success(request, _("The letter stays as it is."))
    return back_to_letter(request, letter.pk)
