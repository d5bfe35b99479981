"""Bounced e-mail of a reply: recorded on its dispatch, and given back to a person."""

from typing import Final

from django.utils import timezone

from correspondence.dispatch.changing import changing_dispatch
from correspondence.dispatch.undelivered import came_back
from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState
from registry.bounces import Bounce, named_by

_UNKNOWN: Final = ("5.1.",)  # bad mailbox, bad system, bad syntax (RFC 3463, 3.2)


def note_bounce(_mail: str, bounce: Bounce | None) -> None:
    """Save the job `mail.bounced`, in its transaction.

    A bounce is believed only if it names the Message-ID under which we sent, known only to the
    recipient, and no other recipient than ours. Any other stays on the mailbox's page for a
    person.
    """
    dispatch = _dispatch_of(bounce) if bounce else None
    if dispatch is None or bounce is None:
        return
    with changing_dispatch(dispatch) as change:
        dispatch.refresh_from_db(fields=["state", "proof"])
        if dispatch.state != DispatchState.SENT:
            return
        code = "address_refused" if bounce.status.startswith(_UNKNOWN) else "mail_refused"
        proof = {
            **dispatch.proof,
            "problem": code,
            "status": bounce.status,
            "bounced_at": timezone.now().isoformat(),
        }
        came_back(change, code, proof=proof)


def _dispatch_of(bounce: Bounce) -> Dispatch | None:
    named = named_by(bounce.message_id)
    if named is None:
        return None
    rows = Dispatch.objects.filter(pk=named[0], letter=bounce.letter_id, method="email")
    dispatch = rows.select_related("letter", "reply__letter").first()
    if dispatch is None:
        return None
    other = bounce.recipient and bounce.recipient.casefold() != dispatch.address.casefold()
    return None if other else dispatch
