"""What comes back by post: the signed acknowledgement of receipt, or the letter itself."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.dispatch.coming_back import ReturnReason, came_back
from correspondence.dispatch.rights import need_on_dispatch
from correspondence.dispatch.sending import lock_both, reply_delivered
from correspondence.dispatch.ways import POSTED
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch, PostingLine
from correspondence.models.states import DISPATCH_MOVES, DispatchState
from org.models import User
from registry.changes import record_change
from registry.files.stored import keep_one
from registry.incoming import Arriving
from registry.models.files import StoredFile
from routing.acting.errors import NotAllowedError
from routing.models.states import move

SCANS = ("application/pdf", "image/png", "image/jpeg", "image/webp", "image/tiff")


def acknowledge(
    dispatch: Dispatch, *, actor: User, on: date | None, scan: Arriving | None = None
) -> Dispatch:
    """Record the acknowledgement of receipt: the letter was received on this day.

    `scan` is its picture or PDF. Raise NotAllowedError, ConflictError and, for a file that cannot
    be taken, DepositRefusedError.
    """
    need_on_dispatch(actor, dispatch, "acknowledge")
    if on is None or on > timezone.localdate() or on < _left_on(dispatch):
        raise NotAllowedError(_("Give the day of receipt: not before it was posted, not ahead."))
    file = kept_scan(scan)
    with transaction.atomic():
        lock_both(dispatch)
        need_on_dispatch(actor, dispatch, "acknowledge")
        proof = {**dispatch.proof, "received_on": on.isoformat()}
        if file:
            proof["acknowledgement"] = file.sha256
        move(dispatch, DispatchState.DELIVERED, moves=DISPATCH_MOVES, proof=proof, proof_file=file)
        rows = [dispatch, file] if file else [dispatch]
        data = {"received_on": on.isoformat(), "method": dispatch.method}
        record_change(
            dispatch.letter, OutgoingEvent.DISPATCH_RECEIVED, actor=actor, data=data, rows=rows
        )
        reply_delivered(dispatch.reply, actor=actor)
    return dispatch


def return_post(dispatch: Dispatch, *, actor: User, reason: str) -> Dispatch:
    """Record a letter returned by the post office; it is given back to a person, like a bounce.

    `reason` is one of ReturnReason. Raise NotAllowedError, ConflictError.
    """
    if reason not in ReturnReason.values:
        raise NotAllowedError(_("Say why the letter came back."))
    with transaction.atomic():
        lock_both(dispatch)
        need_on_dispatch(actor, dispatch, "return_post")
        code, now = f"returned_{reason}", timezone.now()
        proof = {**dispatch.proof, "problem": code, "returned_at": now.isoformat()}
        came_back(dispatch, code, proof=proof, actor=actor)
    return dispatch


def take_back(dispatch: Dispatch, *, actor: User) -> Dispatch:
    """Take back a letter that waits for the post office or at the counter, to send it otherwise.

    Raise NotAllowedError once it is on a closed list, ConflictError.
    """
    with transaction.atomic():
        lock_both(dispatch)
        need_on_dispatch(actor, dispatch, "take_back")
        if dispatch.method in POSTED:
            lines = PostingLine.objects.select_for_update().filter(dispatch=dispatch)
            if not lines.filter(posting_list=None).exists():
                raise NotAllowedError(_("The list with this letter is closed."))
        came_back(dispatch, "taken_back", proof={"problem": "taken_back"}, actor=actor)
    return dispatch


def settle(dispatch: Dispatch, *, actor: User, remark: str) -> Dispatch:
    """Settle a returned letter without sending it again; `remark` says how."""
    if not remark.strip():
        raise NotAllowedError(_("Say what was done about it."))
    with transaction.atomic():
        lock_both(dispatch)
        dispatch.refresh_from_db(fields=["state", "settled_at"])
        need_on_dispatch(actor, dispatch, "settle")
        dispatch.settled_at = timezone.now()
        dispatch.save(update_fields=["settled_at"])
        data = {"reason": remark.strip()[:500], "method": dispatch.method}
        record_change(
            dispatch.letter, OutgoingEvent.DISPATCH_SETTLED, actor=actor, data=data, rows=[dispatch]
        )
    return dispatch


def kept_scan(scan: Arriving | None) -> StoredFile | None:
    """Put a picture or PDF into the vault before any transaction; else raise NotAllowedError."""
    if scan is None:
        return None
    file = keep_one(scan)
    if file.media_type not in SCANS:
        raise NotAllowedError(_("Give a picture or a PDF."))
    return file


def _left_on(dispatch: Dispatch) -> date:
    return timezone.localdate(dispatch.at) if dispatch.at else timezone.localdate()
