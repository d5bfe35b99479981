"""What the desk does with a reply or a draft: one function an action."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from correspondence.acting.rights import signature_is_due
from correspondence.answers import several
from correspondence.dispatch import sending
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies import archival_form, drafting
from correspondence.replies import circuit as replies_circuit
from correspondence.replies.archival_form import PDF, archival_name
from correspondence.replies.choosing import circuits_for
from language.bidi import isolate
from routing.acting import errors
from web.desk.files import file_in
from web.shared.files import stored
from web.shared.guard import StaffRequest


def written(request: StaffRequest) -> dict[str, Any]:
    """Return what a form of a reply gives: its subject, its text and its file."""
    return {
        "subject": request.POST.get("subject", ""),
        "body": request.POST.get("body", ""),
        "file": file_in(request),
    }


def seen_in(request: StaffRequest) -> datetime | None:
    """Return when the draft of the user's page had been changed last, where the page named it."""
    with suppress(ValueError):
        return parse_datetime(request.POST.get("seen", ""))
    return None


def _edit(request: StaffRequest, reply: Reply) -> str:
    drafting.edit_reply(reply, actor=request.user, seen=seen_in(request), **written(request))
    if request.POST.get("submit"):
        replies_circuit.submit_reply(reply, actor=request.user)
    return _("The draft is kept.")


def _lasting(request: StaffRequest, reply: Reply) -> str:
    archival_form.choose_archival_form(reply, actor=request.user, way=request.POST.get("way", ""))
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


def made_file(reply: Reply) -> HttpResponseBase:
    """Serve the PDF/A of an upload; raise Http404 where there is none."""
    if reply.archive_file is None:
        raise Http404
    return stored(reply.archive_file, PDF, name=archival_name(reply))
