"""What comes back by post: the signed acknowledgement of receipt, or the letter itself."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.dispatch.changing import changing_dispatch, reply_delivered
from correspondence.dispatch.undelivered import ReturnReason, came_back
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from correspondence.models.states import DispatchState
from org.models import User
from registry.deposit_files import NamedStream, keep_one
from registry.models.files import StoredFile
from routing.acting.errors import NotAllowedError

SCANS = ("application/pdf", "image/png", "image/jpeg", "image/webp", "image/tiff")


def acknowledge(
    dispatch: Dispatch, *, actor: User, on: date | None, scan: NamedStream | None = None
) -> Dispatch:
    """Record the acknowledgement of receipt: the letter was received on this day.

    `scan` is its picture or PDF. Raise NotAllowedError, ConflictError and, for a file that cannot
    be taken, DepositRefusedError.
    """
    file = kept_scan(scan)
    with changing_dispatch(dispatch, actor=actor, verb="acknowledge") as change:
        if on is None or on > timezone.localdate() or on < _left_on(dispatch):
            words = _("Give the day of receipt: not before it was posted, not ahead.")
            raise NotAllowedError(words)
        proof = {**dispatch.proof, "received_on": on.isoformat()}
        if file:
            proof["acknowledgement"] = file.sha256
        change.move(DispatchState.DELIVERED, proof=proof, proof_file=file)
        data = {"received_on": on.isoformat(), "method": dispatch.method}
        change.record(OutgoingEvent.DISPATCH_RECEIVED, data=data, rows=[file] if file else [])
        reply_delivered(dispatch.reply, actor=actor)
    return dispatch


def return_post(dispatch: Dispatch, *, actor: User, reason: str) -> Dispatch:
    """Record a letter returned by the post office; it is given back to a person, like a bounce.

    `reason` is one of ReturnReason. Raise NotAllowedError, ConflictError.
    """
    if reason not in ReturnReason.values:
        raise NotAllowedError(_("Say why the letter came back."))
    with changing_dispatch(dispatch, actor=actor, verb="return_post") as change:
        code, now = f"returned_{reason}", timezone.now()
        proof = {**dispatch.proof, "problem": code, "returned_at": now.isoformat()}
        came_back(change, code, proof=proof)
    return dispatch


def take_back(dispatch: Dispatch, *, actor: User) -> Dispatch:
    """Take back a letter that waits for the post office or at the counter, to send it otherwise.

    Raise NotAllowedError once it is on a closed list, ConflictError.
    """
    with changing_dispatch(dispatch, actor=actor, verb="take_back") as change:
        if dispatch.method in PostingList.WAYS:
            lines = PostingLine.objects.select_for_update().filter(dispatch=dispatch)
            if not lines.filter(posting_list=None).exists():
                raise NotAllowedError(_("The list with this letter is closed."))
        came_back(change, "taken_back", proof={"problem": "taken_back"})
    return dispatch


def settle(dispatch: Dispatch, *, actor: User, remark: str) -> Dispatch:
    """Settle a returned letter without sending it again; `remark` says how."""
    if not remark.strip():
        raise NotAllowedError(_("Say what was done about it."))
    with changing_dispatch(dispatch, actor=actor, verb="settle") as change:
        dispatch.settled_at = timezone.now()
        dispatch.save(update_fields=["settled_at"])
        data = {"reason": remark.strip()[:500], "method": dispatch.method}
        change.record(OutgoingEvent.DISPATCH_SETTLED, data=data)
    return dispatch


def kept_scan(scan: NamedStream | None) -> StoredFile | None:
    """Put a picture or PDF into the vault before any transaction; else raise NotAllowedError."""
    if scan is None:
        return None
    file = keep_one(scan)
    if file.media_type not in SCANS:
        raise NotAllowedError(_("Give a picture or a PDF."))
    return file


def _left_on(dispatch: Dispatch) -> date:
    return timezone.localdate(dispatch.at) if dispatch.at else timezone.localdate()
