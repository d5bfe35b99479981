"""The mailbox's state and mails for the office's pages, and what a person does with them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.kinds import ChannelJob
from channels.mailbox.fetching import SUBJECT, office_address
from channels.mailbox.models import Mailbox, MailItem
from jobs.outbox import enqueue
from org.models import User
from registry.bounces import Bounce
from registry.refusals import Refusal
from registry.states import ConflictError

State, Kind = MailItem.State, MailItem.Kind

PROBLEMS: Final[dict[str, Any]] = {
    "away": _("The mail server cannot be reached; it is tried again by itself."),
    "login": _("The mail server does not accept the office’s log-in. Call the administrator."),
    "tls": _("The mail server’s certificate is not to be trusted. Call the administrator."),
    "no_tls": _(
        "The mail server offers no encryption on this port. Correct the port in MAILBOX_URL; "
        "to go without encryption, write imap:// and end it in ?tls=no."
    ),
    "needs_tls": _(
        "The mail server accepts log-ins only encrypted. Begin MAILBOX_URL with imaps://, "
        "and leave out ?tls=no."
    ),
    "folder": _("The mail server has no folder of this name. Call the administrator."),
    "vault_full": _("There is no room for files: the mails wait on the server."),
    "vault_away": _("The file store cannot be reached: the mails wait on the server."),
    "scanner_away": _("The virus scanner is away: the mails wait on the server."),
    "readers_busy": _("Files cannot be checked just now: the mails wait on the server."),
}
REASONS: Final[dict[str, Any]] = {
    "no_text": _("The mail holds neither words nor a file."),
    "gone": _("Somebody took the mail away on the server before it was fetched."),
    "crashed": _("The mail stopped the machine each time it was opened."),
    "damaged": _("The mail is built in a way that only an attack is."),
    "too_large": _("The mail is too large. It waits on the server."),
    "infected": _("The mail holds a virus. It waits on the server."),
}
QUIET: Final = {Kind.AGAIN, Kind.NOTICE}  # kept without asking for a person


@dataclass(frozen=True, slots=True)
class MailboxState:
    """The mailbox's state: configured or not, last fetch, problem in words, what waits."""

    configured: bool
    mailbox: Mailbox | None
    problem: str
    waiting: int


def mailbox_state() -> MailboxState:
    """Return the mailbox's state, by two queries.

    `waiting` counts what a person must handle: mails set aside, and bounces not reviewed yet.
    """
    if not settings.MAILBOX_URL:
        return MailboxState(configured=False, mailbox=None, problem="", waiting=0)
    mailbox = Mailbox.objects.filter(name=office_address().name).first()
    code = mailbox.problem if mailbox else ""
    problem = str(PROBLEMS.get(code, code))
    return MailboxState(
        configured=True, mailbox=mailbox, problem=problem, waiting=to_look_at().count()
    )


def to_look_at() -> "QuerySet[MailItem]":
    """Return the mails that a person must review."""
    open_ones = MailItem.objects.filter(
        state__in=[State.SET_ASIDE, State.KEPT], looked_at__isnull=True
    )
    return open_ones.exclude(state=State.KEPT, kind__in=QUIET)


def all_items() -> "QuerySet[MailItem]":
    """Return every mail that came."""
    return MailItem.objects.all()


def reason_words(item: MailItem) -> str:
    """Return why the mail was set aside, in the active language."""
    if item.reason in REASONS:
        return str(REASONS[item.reason])
    return Refusal(item.reason, "mail.eml").words() if item.reason else ""


def try_again(item_id: int, *, as_letter: bool = False) -> None:
    """Take the mail in once more, or register one that was not taken for a letter.

    Raise ConflictError where it is neither kept nor set aside any more.
    """
    rows = MailItem.objects.filter(pk=item_id, state__in=[State.SET_ASIDE, State.KEPT])
    if not as_letter:
        rows = rows.filter(state=State.SET_ASIDE)
    with transaction.atomic():
        changed = rows.update(
            state=State.COMING,
            reason="",
            attempts=0,
            forced=as_letter,
            marked=False,
            looked_at=None,
            looked_by=None,
        )
        if not changed:
            raise ConflictError
        enqueue(ChannelJob.MAILBOX_FETCH, SUBJECT)


def mark_reviewed(item_id: int, *, actor: User) -> None:
    """Mark the mail as reviewed by a person.

    Raise ConflictError where another person has done so.
    """
    rows = MailItem.objects.filter(pk=item_id, looked_at__isnull=True)
    if not rows.exclude(state=State.COMING).update(looked_at=timezone.now(), looked_by=actor):
        raise ConflictError


def bounce_work(item_id: str, _progress: Any) -> Bounce | None:
    """Return what the job `mail.bounced` passes on: the bounce, in the register's terms."""
    item = MailItem.objects.get(pk=int(item_id))
    if item.about_id is None or item.kind != Kind.BOUNCE:
        return None
    data = item.bounce
    return Bounce(UUID(str(item.about_id)), data["message_id"], data["recipient"], data["status"])
