"""The job `folder.look`: files and subfolders of the watched folder become letters, each once.

A file waits until its size and time stood still between two scans and no program holds a lock on
it. Its row is changed in the transaction that takes the number, and only then it is moved: after
kill -9 the next scan finds the row and moves the file without registering it again.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from channels.folder.entries import Entry, digests, entries_of, is_unchanged, open_all, plain_name
from channels.folder.models import WatchedItem
from channels.folder.moving import move_done, move_failed
from channels.folder.words import reason_words
from channels.kinds import ChannelJob
from jobs.errors import Unavailable
from jobs.models import Job
from jobs.outbox import enqueue
from registry.deposit_keys import channel_key
from registry.intake import IncomingFile, LetterData, receive_letter
from registry.models.letters import Channel, Letter
from registry.refusals import PASSING, DepositRefusedError
from registry.states import ConflictError

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
State = WatchedItem.State

SUBJECT: Final = "folder"
MOST_AT_ONCE: Final = 100
MAX_ATTEMPTS: Final = 3


def queue_folder_scan() -> None:
    """Queue a scan of the watched folder, where there is one; called by the clock every minute."""
    if not settings.WATCH_FOLDER:
        return
    if not Job.objects.filter(kind=ChannelJob.FOLDER_LOOK, state__in=["ready", "running"]).exists():
        with transaction.atomic():
            enqueue(ChannelJob.FOLDER_LOOK, SUBJECT)


def scan_folder_work(_subject: str, progress: Progress) -> bool:
    """Scan once; return True when a file is still being written, to be scanned again soon.

    Raise jobs' Unavailable while the folder, the vault or the scanner is unavailable.
    """
    if not settings.WATCH_FOLDER:
        return False
    folder = Path(settings.WATCH_FOLDER)
    try:
        entries = entries_of(folder)
    except OSError as error:
        raise Unavailable("watch_folder", "The watched folder cannot be read.") from error
    _forget_gone(entries)
    waiting, taken = False, 0
    for entry in entries:
        if taken >= MOST_AT_ONCE:
            return True
        item = _seen(entry)
        if item is None:
            waiting = True
            continue
        taken += 1
        waiting |= not _take(folder, entry, item)
        progress(taken, len(entries))
    return waiting


def save_folder_scan(_subject: str, waiting: bool) -> None:
    """Queue another scan for as soon as the file being written may be complete."""
    if waiting:
        enqueue(ChannelJob.FOLDER_LOOK, SUBJECT, delay=settings.WATCH_SECONDS)


def _forget_gone(entries: list[Entry]) -> None:
    """Delete rows of entries that were removed, or have changed, before they were registered."""
    there = {(entry.label, entry.signature) for entry in entries}
    rows = WatchedItem.objects.filter(state=State.WAITING)
    gone = [row.pk for row in rows if (row.name, row.signature) not in there]
    WatchedItem.objects.filter(pk__in=gone, state=State.WAITING).delete()


def _seen(entry: Entry) -> WatchedItem | None:
    """Return the row of an entry that may be taken now; None while it may be being written."""
    now = timezone.now()
    item, new = WatchedItem.objects.get_or_create(
        name=entry.label,
        signature=entry.signature,
        defaults={"steady_since": now, "changed_at": now},
    )
    if item.state == State.SET_ASIDE and item.moved:  # a person has put it back
        item.state, item.moved, item.attempts, item.reason = State.WAITING, False, 0, ""
        item.steady_since = now
        item.save()
        return None
    if item.state != State.WAITING:
        return item
    steady = timedelta(seconds=settings.WATCH_SECONDS)
    return None if new or now - item.steady_since < steady else item


def _take(folder: Path, entry: Entry, item: WatchedItem) -> bool:
    """Register the entry if not yet done, then move it; False where it is incomplete."""
    if item.state == State.WAITING:
        if item.attempts >= MAX_ATTEMPTS:
            _set_aside(item, "crashed")
        elif entry.problem:
            _set_aside(item, entry.problem)
        elif not _try(entry, item):
            return False
    _move(folder, entry, item)
    return True


def _try(entry: Entry, item: WatchedItem) -> bool:
    WatchedItem.objects.filter(pk=item.pk).update(attempts=item.attempts + 1)
    try:
        whole = _register(entry, item)
    except (Unavailable, DatabaseError):
        WatchedItem.objects.filter(pk=item.pk).update(attempts=item.attempts)
        raise
    if not whole:
        WatchedItem.objects.filter(pk=item.pk).update(attempts=item.attempts)
    item.refresh_from_db()
    return whole


def _register(entry: Entry, item: WatchedItem) -> bool:
    """Register the entry; False where it changed, or another program holds it."""
    with ExitStack() as stack:
        try:
            streams = open_all(entry, stack)
        except PermissionError:
            _set_aside(item, "unreadable_here")
            return True
        except OSError:  # gone, or a link in its place
            return False
        if streams is None:
            return False
        names = [plain_name(path.name) for path in entry.files]
        said = "\0".join([entry.label, entry.signature, *digests(streams)])
        files = [IncomingFile(name, s) for name, s in zip(names, streams, strict=True)]
        try:
            received = receive_letter(
                LetterData(channel=Channel.SCAN, notes={"watched": item.pk}),
                actor=None,
                files=files,
                deposit_key=channel_key(None, "channels.folder", said),
                key_says_all=True,
                then=lambda letter: _finish(entry, item, letter),
            )
        except ConflictError:
            return False
        except DepositRefusedError as error:
            _refused(item, error)
            return True
    if not received.created:
        _mark(item, state=State.REGISTERED, letter=received.letter)
    return True


def _finish(entry: Entry, item: WatchedItem, letter: Letter) -> None:
    """Mark the row in the transaction that took the number.

    Raise ConflictError where the files changed meanwhile.
    """
    if not is_unchanged(entry):
        raise ConflictError
    rows = WatchedItem.objects.filter(pk=item.pk, state=State.WAITING)
    if not rows.update(
        state=State.REGISTERED, letter_id=letter.pk, changed_at=timezone.now(), reason=""
    ):
        raise ConflictError


def _refused(item: WatchedItem, error: DepositRefusedError) -> None:
    codes = [refusal.code for refusal in error.refusals]
    if away := next((code for code in codes if code in PASSING), ""):
        raise Unavailable(away, "Vault, virus scanner or readers are away.") from error
    _set_aside(item, codes[0])


def _set_aside(item: WatchedItem, reason: str) -> None:
    _mark(item, state=State.SET_ASIDE, reason=reason)
    item.refresh_from_db()


def _mark(item: WatchedItem, **changes: object) -> None:
    rows = WatchedItem.objects.filter(pk=item.pk, state=State.WAITING)
    rows.update(changed_at=timezone.now(), **changes)


def _move(folder: Path, entry: Entry, item: WatchedItem) -> None:
    """Move the entry after the commit.

    What cannot be moved stays registered, and moving is tried again.
    """
    try:
        if item.state == State.SET_ASIDE:
            said = partial(reason_words, item.reason, plain_name(entry.name))
            move_failed(folder, entry.name, reason=item.reason, words=said)
        elif item.state == State.REGISTERED:
            move_done(folder, entry.name, day=timezone.localdate(item.changed_at))
    except OSError as error:
        log.warning("watched item %s cannot be moved: %s", item.pk, type(error).__name__)
        return
    WatchedItem.objects.filter(pk=item.pk).update(moved=True)
