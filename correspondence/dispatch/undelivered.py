"""Undelivered replies, returned or not sent: the reason in words, and back to a person."""

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from correspondence.dispatch.changing import DispatchChange, set_reply
from correspondence.kinds import OutgoingEvent
from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState, ReplyState
from jobs.mailing import mail_leaves
from registry.states import Stage


class ReturnReason(models.TextChoices):
    """Why the post office returned a letter."""

    UNKNOWN_ADDRESS = "unknown_address", _("Returned: unknown address")
    MOVED = "moved", _("Returned: moved without a new address")
    REFUSED = "refused", _("Returned: the addressee refused it")
    UNCLAIMED = "unclaimed", _("Returned: not claimed at the post office")
    DECEASED = "deceased", _("Returned: the addressee has died")
    OTHER = "other", _("Returned for another reason")


PROBLEMS: dict[str, Any] = {
    "address_refused": _("The mail server does not know this address."),
    "mail_refused": _("The mail server refused the message."),
    "mail_given_up": _("The mail server put the message off for three days."),
    "mail_away": _("The mail server cannot be reached; the message waits."),
    "no_mail_server": _("No mail server is set: the message waits and has not been sent."),
    "no_sms_gateway": _("No SMS gateway is set: the message is kept as a file, not sent."),
    "mail_login": _("The mail server does not accept the office's log-in; the message waits."),
    "mail_deferred": _("The mail server asked to try later; the message waits."),
    "voided": _("The outgoing letter was voided before it left."),
    "taken_back": _("Taken back before it left, to go another way."),
    "sms_away": _("The SMS gateway cannot be reached; the message waits."),
    "sms_login": _("The SMS gateway does not accept the office's key; the message waits."),
    "sms_given_up": _("The SMS gateway could not be reached for three days."),
    "sms_refused": _("The SMS gateway refused the message."),
    "sms_rubbish": _("The SMS gateway gave an answer that proves nothing."),
    **{f"returned_{reason.value}": reason.label for reason in ReturnReason},
}

# With these, the address on file does not reach the addressee.
WRONG_ADDRESS: Final = (
    *("address_refused", "mail_refused", "sms_refused"),
    *("returned_unknown_address", "returned_moved", "returned_deceased"),
)


def dispatch_problem_words(code: str) -> str:
    """Return what a dispatch's problem code means, in the active language."""
    return str(PROBLEMS.get(code, _("The reply could not be sent.")))


def dispatch_problem(dispatch: Dispatch) -> str:
    """Return why it was not sent, or why it waits for a person; "" where all is well."""
    code = dispatch.proof.get("problem", "")
    if dispatch.state == DispatchState.WAITING:
        if dispatch.method == Dispatch.Method.EMAIL and not mail_leaves():
            code = "no_mail_server"
        if dispatch.method == Dispatch.Method.SMS and settings.SMS_URL.startswith("file:"):
            code = "no_sms_gateway"
    return dispatch_problem_words(code) if code else ""


def came_back(change: DispatchChange, code: str, *, proof: dict[str, Any]) -> None:
    """Mark the dispatch as failed with this proof and give its reply back to a person.

    The reply stays where it is under way by another method.
    """
    dispatch, reply = change.dispatch, change.dispatch.reply
    change.move(DispatchState.FAILED, proof=proof)
    data = {"method": dispatch.method, "problem": code}
    change.record(OutgoingEvent.DISPATCH_FAILED, data=data)
    if reply.state == ReplyState.SENT and not _reaches_on_another_way(dispatch):
        stage = reply.home.stage
        back = Stage.IN_HAND if stage in (Stage.ANSWERED, Stage.CLOSED) else stage
        actor = change.actor
        set_reply(
            reply,
            ReplyState.BOUNCED,
            kind=OutgoingEvent.REPLY_BOUNCED,
            actor=actor,
            stage=back,
            data=data,
        )


def _reaches_on_another_way(dispatch: Dispatch) -> bool:
    """Return whether the reply is under way to its addressee by another method.

    The citizen's page alone does not count: the addressee may never open it.
    """
    others = Dispatch.objects.filter(reply=dispatch.reply_id).exclude(pk=dispatch.pk)
    others = others.exclude(method=Dispatch.Method.PORTAL)
    return others.exclude(state=DispatchState.FAILED).exists()
