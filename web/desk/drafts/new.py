"""New drafts: a letter of the office's own, an internal one, or a reply made from a template."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.answers import several
from correspondence.answers.several import by_numbers, could_answer_too
from correspondence.drafts import fresh
from correspondence.forms.keeping import templates_for
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from correspondence.replies.drafting import department_of
from org.models import Department
from org.people import permissions_of
from registry.access import get_letter
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from routing.acting.access import need
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from web.desk.drafts import form as given
from web.desk.files import file_in
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, form, in_department, reads_letters, redirect_after
from web.shared.once import SentBeforeError, once, row_id

KINDS = {"outgoing": Reply.Direction.OUTGOING, "internal": Reply.Direction.INTERNAL}


@form(in_department)
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Begin a letter that answers nothing; `kind` is outgoing or internal."""
    if kind not in KINDS:
        raise Http404
    direction = KINDS[kind]
    units = given.departments_of(permissions_of(request.user))
    if not units:
        raise PermissionDenied
    department = next((u for u in units if u.code == request.POST.get("department")), units[0])
    if request.method != "POST":
        return _form(request, kind, department, {})
    try:
        return _keep(request, kind, direction, department)
    except (NotAllowedError, DepositRefusedError) as error:
        return _later(
            _form(request, kind, department, {"refusals": refusals_of(error)}, status=422), error
        )
    except SentBeforeError:
        return redirect_after(reverse("desk:draft", args=[row_id(request)]), request)


def _keep(request: StaffRequest, kind: str, direction: str, department: Department) -> HttpResponse:
    to, body, file = given.to_in(request, direction=direction), request.POST.get("body", ""), None
    template = given.template_in(request, department=department)
    if template and (request.POST.get("fill") or not body.strip()):
        first = next((one for one in to if one.role == "recipient"), None)
        filled = given.filled_in(template, request, department=department, to=first)
        body, file = filled.text or body, filled.file
        if request.POST.get("fill") and filled.text:
            return _form(request, kind, department, given.after_filling(request, filled))
    pk = row_id(request)
    with once(Reply, pk):
        reply = fresh.draft_letter(
            department=department,
            actor=request.user,
            subject=request.POST.get("subject", ""),
            body=body,
            addressees=to,
            direction=direction,
            file=file_in(request) or file,
            confidentiality=given.level_in(request),
            language=template.language if template else "",
            answer_by=given.day_in(request),
            pk=pk,
        )
    said = _("The draft is kept.")
    if request.POST.get("submit"):
        circuit.submit_reply(reply, actor=request.user)
        said = _("The letter waits for approval.")
    messages.success(request, said)
    return redirect_after(reverse("desk:draft", args=[reply.pk]), request)


def _later(answer: HttpResponse, error: Exception) -> HttpResponse:
    refusals = error.refusals if isinstance(error, DepositRefusedError) else ()
    return later_where_it_passes(answer, refusals)


def refusals_of(error: Exception) -> list[str]:
    """Return why something was refused, line by line."""
    if isinstance(error, DepositRefusedError):
        return [refusal.words() for refusal in error.refusals]
    return [str(error)]


def _form(
    request: StaffRequest,
    kind: str,
    department: Department,
    more: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    permissions = permissions_of(request.user)
    to = given.to_in(request, direction=KINDS[kind])
    context = {
        "kind": kind,
        "departments": given.departments_of(permissions),
        "department": department,
        "levels": given.levels_of(permissions),
        "level": given.level_in(request),
        "rows": given.rows_shown(to) if kind == "outgoing" else [],
        "units": given.unit_rows(to) if kind == "internal" else [],
        "templates": templates_for(request.user),
        "answer_by": request.POST.get("answer_by", ""),
        **given.words_in(request),
        **more,
    }
    return render(request, "web/draft_new.html", context, status=status)


@form(reads_letters)
def reply(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Begin a reply made from a template, to this letter and to further ones."""
    letter = get_letter(request.user, letter_id)
    now = need(request.user, letter, LetterVerb.DRAFT_REPLY)
    department = department_of(now.mine)
    if request.method != "POST":
        return _reply_form(request, letter, {})
    try:
        return _reply(request, letter, department)
    except (NotAllowedError, DepositRefusedError) as error:
        return reply_again(request, letter, error)
    except SentBeforeError:
        return _to_replies(request, letter)


def reply_again(
    request: StaffRequest,
    letter: Letter,
    error: NotAllowedError | DepositRefusedError,
    *,
    draft: Reply | None = None,
) -> HttpResponse:
    """Show why a new reply, or the change of a draft, was refused, with all that was typed."""
    more: dict[str, Any] = {"refusals": refusals_of(error)}
    if draft:
        more |= {"draft": draft, "templates": []}
    return _later(_reply_form(request, letter, more, status=422), error)


def _reply(request: StaffRequest, letter: Letter, department: Department) -> HttpResponse:
    body, file = request.POST.get("body", ""), None
    template = given.template_in(request, letter=letter)
    if template and (request.POST.get("fill") or not body.strip()):
        filled = given.filled_in(template, request, department=department, letter=letter)
        body, file = filled.text or body, filled.file
        if request.POST.get("fill") and filled.text:
            return _reply_form(request, letter, given.after_filling(request, filled))
    further = by_numbers(
        " ".join([*request.POST.getlist("also"), request.POST.get("numbers", "")]), request.user
    )
    for one in further:
        need(request.user, one, LetterVerb.DRAFT_REPLY)
    pk = row_id(request)
    with once(Reply, pk):
        row = drafting.draft_reply(
            letter,
            actor=request.user,
            subject=request.POST.get("subject", ""),
            body=body,
            file=file_in(request) or file,
            language=template.language if template else "",
            pk=pk,
        )
    if further:
        several.answer_too(row, letters=further, actor=request.user)
    messages.success(request, _("The reply is kept."))
    return _to_replies(request, letter)


def _to_replies(request: StaffRequest, letter: Letter) -> HttpResponse:
    return redirect_after(f"{reverse('desk:letter', args=[letter.pk])}#replies", request)


def _reply_form(
    request: StaffRequest, letter: Letter, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    words = given.words_in(request)
    context = {
        "letter": letter,
        "templates": templates_for(request.user, letter=letter),
        "near": could_answer_too(letter, request.user),
        "also": request.POST.getlist("also"),
        "numbers": request.POST.get("numbers", ""),
        **words,
        "subject": words["subject"] or letter.subject,
        **more,
    }
    return render(request, "web/reply_new.html", context, status=status)
