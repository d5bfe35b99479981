"""The job `mailbox.fetch`: new mails are fetched from the mailbox, each once.

The database is authoritative: a mail's row and its letter are committed together, then the server
is updated. Wherever a process or the server fails, the next round finds what is missing and updates
the server.
"""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from channels.kinds import ChannelJob
from channels.mailbox.address import MailboxAddress, mailbox_address
from channels.mailbox.models import Mailbox, MailItem
from channels.mailbox.server import MailboxAwayError, Server, connected
from channels.mailbox.taking import set_aside, take_in
from jobs.errors import Unavailable
from jobs.models import Job
from jobs.outbox import enqueue
from registry.files.receiving import VaultError
from registry.files.vault import open_path

Progress = Callable[[int, int], None]
State = MailItem.State

SUBJECT: Final = "mailbox"
MOST_AT_ONCE: Final = 100  # mails of one round; more wait for the next, so that other jobs pass
_MARKED_AT_ONCE: Final = 100
# Encoding makes mails a third larger (RFC 2045, 6.8); what is in them is judged file by file.
_GROWTH: Final = 1.4
_PATIENCE: Final = (1, 2, 5, 15, 30)  # minutes between rounds that fail


def queue_mail_fetch() -> None:
    """Queue a round where there is a mailbox; called by the clock every minute."""
    if not settings.MAILBOX_URL:
        return
    name = office_address().name
    waiting = Mailbox.objects.filter(name=name, next_at__gt=timezone.now()).exists()
    live = Job.objects.filter(
        kind=ChannelJob.MAILBOX_FETCH, state__in=["ready", "running"]
    ).exists()
    if not waiting and not live:
        with transaction.atomic():
            enqueue(ChannelJob.MAILBOX_FETCH, SUBJECT)


def fetch_mail() -> None:
    """Queue a round at a person's request, whatever delays the clock observes."""
    with transaction.atomic():
        Mailbox.objects.update(next_at=None)
        enqueue(ChannelJob.MAILBOX_FETCH, SUBJECT)


def office_address() -> MailboxAddress:
    """Return the mailbox that the settings name."""
    return mailbox_address(settings.MAILBOX_URL, done=settings.MAILBOX_DONE)


def fetch_work(_subject: str, progress: Progress) -> bool:
    """Run one round; return True when more mails wait on the server.

    A server that cannot be used is recorded and shown, and tried again by the clock at growing
    intervals. Raise jobs' Unavailable while vault or scanner are unavailable.
    """
    if not settings.MAILBOX_URL:
        return False
    address = office_address()
    mailbox, _ = Mailbox.objects.get_or_create(name=address.name)
    try:
        with connected(address) as server:
            more = _round(mailbox, server, progress)
    except MailboxAwayError as error:
        _note_failure(mailbox, error.code)
        return False
    except Unavailable as error:
        Mailbox.objects.filter(pk=mailbox.pk).update(problem=error.code)
        raise
    now = timezone.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(
        fetched_at=now, problem="", failures=0, next_at=None
    )
    return more


def save_fetch(_subject: str, more: bool) -> None:
    """Queue the next round at once, where more mails wait."""
    if more:
        enqueue(ChannelJob.MAILBOX_FETCH, SUBJECT)


def _note_failure(mailbox: Mailbox, code: str) -> None:
    wait = _PATIENCE[min(mailbox.failures, len(_PATIENCE) - 1)]
    Mailbox.objects.filter(pk=mailbox.pk).update(
        problem=code,
        failures=mailbox.failures + 1,
        next_at=timezone.now() + timedelta(minutes=wait),
    )


def _round(mailbox: Mailbox, server: Server, progress: Progress) -> bool:
    _follow_validity(mailbox, server.uidvalidity)
    _forget_old_uids(mailbox, server.uidvalidity)
    _tell_server(mailbox, server)
    for item in mailbox.items.filter(state=State.COMING).order_by("id")[:MOST_AT_ONCE]:
        _fetch(item, server)
        progress(0, 0)
    uids = server.uids_after(mailbox.last_uid)
    for count, uid in enumerate(uids[:MOST_AT_ONCE], start=1):
        item, _ = MailItem.objects.get_or_create(
            mailbox=mailbox,
            uidvalidity=server.uidvalidity,
            uid=uid,
            defaults={"arrived_at": timezone.now(), "seen_at": timezone.now()},
        )
        if item.state == State.COMING:
            _fetch(item, server)
        Mailbox.objects.filter(pk=mailbox.pk, last_uid__lt=uid).update(last_uid=uid)
        progress(count, len(uids))
    _tell_server(mailbox, server)
    return len(uids) > MOST_AT_ONCE


def _follow_validity(mailbox: Mailbox, uidvalidity: int) -> None:
    """Read the folder again from its first mail when its UIDVALIDITY has changed."""
    if mailbox.uidvalidity == uidvalidity:
        return
    mailbox.uidvalidity, mailbox.last_uid = uidvalidity, 0
    mailbox.save(update_fields=["uidvalidity", "last_uid"])


def _forget_old_uids(mailbox: Mailbox, uidvalidity: int) -> None:
    """Clear UIDs of an earlier UIDVALIDITY, which name other mails now.

    A mail that is not finished and has no copy here is found again under its new UID.
    """
    old = mailbox.items.exclude(uidvalidity=uidvalidity)
    old.filter(state=State.COMING, sha256="").delete()
    old.filter(marked=False).exclude(state=State.COMING).update(marked=True)


def _fetch(item: MailItem, server: Server) -> None:
    """Copy the mail, then take it in; from the vault, where it is stored already."""
    if item.sha256:
        try:
            with open_path(item.sha256) as path:
                take_in(item, path)
            return
        except VaultError as error:
            raise Unavailable("vault_away", "The vault is away.") from error
    envelope = server.envelope(item.uid)
    if envelope is None:
        set_aside(item, "gone", None)
        return
    item.size, item.arrived_at = envelope.size, envelope.arrived_at or item.arrived_at
    item.save(update_fields=["size", "arrived_at"])
    limit = int(settings.UPLOAD_MAX_MB * 1024 * 1024 * _GROWTH)
    if envelope.size > limit:
        set_aside(item, "too_large", None)
        return
    _copy_and_take(item, server, limit=limit)


def _copy_and_take(item: MailItem, server: Server, *, limit: int) -> None:
    folder = settings.DATA_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".eml") as copy:
        if not server.copy(item.uid, copy.file, limit=limit):
            set_aside(item, "gone", None)
            return
        copy.flush()
        if copy.tell() > limit:
            set_aside(item, "too_large", None)
            return
        take_in(item, Path(copy.name))


def _tell_server(mailbox: Mailbox, server: Server) -> None:
    """Mark on the server, by their present UIDs, the committed mails not marked yet."""
    rows = mailbox.items.filter(marked=False, uidvalidity=server.uidvalidity)
    while told := list(rows.exclude(state=State.COMING).order_by("id")[:_MARKED_AT_ONCE]):
        aside = [item.uid for item in told if item.state == State.SET_ASIDE]
        done = [item.uid for item in told if item.state != State.SET_ASIDE]
        if done:
            server.mark_done(done)
        if aside:
            server.mark_set_aside(aside)
        MailItem.objects.filter(pk__in=[item.pk for item in told]).update(marked=True)
