"""The reply to a letter, from its draft to its dispatch."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.acting.rights import signature_is_due
from correspondence.answers import several
from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting, lasting
from correspondence.replies.choosing import circuits_for
from correspondence.replies.lasting import PDF, lasting_name
from language.bidi import isolate
from registry.access import get_letter
from registry.refusals import DepositRefusedError
from routing.acting import errors
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.desk.drafts.new import reply_again
from web.desk.files import arriving
from web.shared.files import stored
from web.shared.guard import StaffRequest, files_refused, go_on, page, reads_letters, verb
from web.signin.confirmation import confirms


def _back(letter_id: UUID) -> HttpResponse:
    answer = redirect(f"{reverse('desk:letter', args=[letter_id])}#replies")
    answer.status_code = 303
    return answer


def _written(request: StaffRequest) -> dict[str, Any]:
    file = request.FILES.get("file")
    return {
        "subject": request.POST.get("subject", ""),
        "body": request.POST.get("body", ""),
        "file": arriving(file) if file else None,
    }


@verb(reads_letters)
def draft(request: StaffRequest, letter_id: UUID) -> HttpResponseBase:
    """Create a draft; with `submit` in the form it is submitted for approval at once."""
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.DRAFT_REPLY)
    try:
        reply = drafting.draft_reply(letter, actor=request.user, **_written(request))
    except (errors.NotAllowedError, DepositRefusedError) as error:
        return reply_again(request, letter, error)
    if request.POST.get("submit"):
        replies_circuit.submit_reply(reply, actor=request.user)
    messages.success(request, _("The reply is kept."))
    return _back(letter_id)


def _edit(request: StaffRequest, reply: Reply) -> str:
    drafting.edit_reply(reply, actor=request.user, **_written(request))
    if request.POST.get("submit"):
        replies_circuit.submit_reply(reply, actor=request.user)
    return _("The draft is kept.")


def _lasting(request: StaffRequest, reply: Reply) -> str:
    lasting.choose_lasting(reply, actor=request.user, way=request.POST.get("way", ""))
    return _("It is kept in the history how the file goes on.")


def _submit(request: StaffRequest, reply: Reply) -> str:
    chosen = request.POST.get("circuit", "")
    fitting = circuits_for(reply.department, reply.letter) if chosen else []
    circuit = next((one for one in fitting if str(one.pk) == chosen), None)
    if chosen and circuit is None:
        raise errors.NotAllowedError(_("This circuit is not for replies of this kind."))
    replies_circuit.submit_reply(reply, actor=request.user, circuit=circuit)
    return _("The letter waits for approval.")


def _step(request: StaffRequest) -> UUID | None:
    """Return the step that the user's page showed, where it named one."""
    try:
        return UUID(request.POST.get("step", ""))
    except ValueError:
        return None


def _approve(request: StaffRequest, reply: Reply) -> str:
    replies_circuit.approve_reply(reply, actor=request.user, step_id=_step(request))
    if reply.state != ReplyState.APPROVED:
        return _("The visa is given.")
    if signature_is_due(reply):
        return _("The visa is given. The letter waits for its signature.")
    return _("The letter is approved. It gets its number when it is sent.")


def _sign(request: StaffRequest, reply: Reply) -> str:
    outgoing = replies_circuit.sign_reply(reply, actor=request.user, step_id=_step(request))
    return _("The letter is signed and registered as %(number)s.") % {
        "number": isolate(outgoing.number)
    }


def _return(request: StaffRequest, reply: Reply) -> str:
    remark = request.POST.get("remark", "")
    replies_circuit.return_reply(reply, actor=request.user, remark=remark, step_id=_step(request))
    return _("The letter goes back to its author.")


def _withdraw(request: StaffRequest, reply: Reply) -> str:
    replies_circuit.withdraw_reply(reply, actor=request.user)
    return _("The letter is a draft again.")


def _send(request: StaffRequest, reply: Reply) -> str:
    outgoing = sending.send_reply(
        reply,
        actor=request.user,
        method=request.POST.get("method", ""),
        address=request.POST.get("address", "").strip(),
    )
    if reply.signed_file_id:
        return _("Letter %(number)s is on its way.") % {"number": isolate(outgoing.number)}
    return _("The letter is registered as %(number)s.") % {"number": isolate(outgoing.number)}


def _send_also(request: StaffRequest, reply: Reply) -> str:
    sending.send_also(
        reply,
        actor=request.user,
        method=request.POST.get("method", ""),
        address=request.POST.get("address", "").strip(),
    )
    return _("The letter leaves by this way too.")


def _further(request: StaffRequest, reply: Reply) -> str:
    several.change_further(
        reply,
        kept=request.POST.getlist("kept"),
        added=request.POST.get("numbers", ""),
        actor=request.user,
    )
    return _("The draft is kept.")


ON_REPLY: dict[str, Callable[[StaffRequest, Reply], str]] = {
    "edit": _edit,
    "submit": _submit,
    "lasting": _lasting,
    "approve": _approve,
    "return": _return,
    "withdraw": _withdraw,
    "sign": _sign,
    "send": _send,
    "also": _send_also,
    "further": _further,
}


def signs(*, what: str, **_arguments: Any) -> bool:
    """Return whether an action puts a signature under a letter."""
    return what == "sign"


def _reply(request: StaffRequest, letter_id: UUID, reply_id: UUID) -> Reply:
    letter = get_letter(request.user, letter_id)
    rows = Reply.objects.select_related("letter", "department", "file")
    return get_object_or_404(rows, letter=letter, pk=reply_id)


@verb(reads_letters)
@confirms(when=signs)
def on_reply(request: StaffRequest, letter_id: UUID, reply_id: UUID, what: str) -> HttpResponseBase:
    """Do one action with a reply.

    Edit, choose its archival form, submit, approve (give a visa), return, withdraw, sign, send, and
    send by another way.
    """
    reply = _reply(request, letter_id, reply_id)
    do = ON_REPLY.get(what)
    if do is None:
        raise Http404
    back = f"{reverse('desk:letter', args=[letter_id])}#replies"
    try:
        messages.success(request, do(request, reply))
    except DepositRefusedError as error:
        if what == "edit":
            letter = get_letter(request.user, letter_id)
            return reply_again(request, letter, error, draft=reply)
        return files_refused(request, error, otherwise=back)
    return go_on(request, otherwise=back)


@page(reads_letters)
def reply_file(request: StaffRequest, letter_id: UUID, reply_id: UUID) -> HttpResponseBase:
    """Serve the file of a reply as uploaded; `?made=1` serves the archival version made of it."""
    reply = _reply(request, letter_id, reply_id)
    if reply.file is None:
        raise Http404
    if request.GET.get("made"):
        return made_file(reply)
    return stored(reply.file, reply.file.media_type, name=reply.file_name or "reply")


def made_file(reply: Reply) -> HttpResponseBase:
    """Serve the PDF/A of an upload; raise Http404 where there is none."""
    if reply.archive_file is None:
        raise Http404
    return stored(reply.archive_file, PDF, name=lasting_name(reply))
