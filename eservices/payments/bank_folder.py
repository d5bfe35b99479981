"""A watched folder for the bank's files: each is taken once it is stable, then moved away.

A scan identifies the files by name, size and time; each is taken by a job of its own,
`WATCH_SECONDS` later, where it is still the same. What was taken lies in `done/DAY/`, what was
refused in `failed/` beside the reason. The same file again pays nothing, so a job that was cut off
is begun anew.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from channels.services import Entry, entries_of, is_unchanged, move_done, move_failed, open_all
from eservices.contracts.import_words import words_of
from eservices.kinds import EserviceJob
from eservices.payments.bank_entries import BankFileError
from eservices.payments.bank_files import MOST_BYTES
from eservices.payments.bank_import import take_bank_file
from jobs.errors import Unavailable
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all

SUBJECT: Final = "folder"
MOST_AT_ONCE: Final = 100
AGAIN: Final = timedelta(hours=1)
_UNDER_WAY: Final = (Job.State.READY, Job.State.RUNNING)


def queue_folder_scan() -> None:
    """Queue a scan of the folder, where there is one; called each minute, harmless to repeat."""
    if settings.BANK_FOLDER:
        with transaction.atomic():
            enqueue(EserviceJob.BANK_LOOK, SUBJECT)


def scan_folder_work(_subject: str, _progress: object) -> list[str]:
    """Return the signatures of the files of which no job is under way. Raise Unavailable.

    One that was parked and still lies there could not be moved away: it is tried again later.
    """
    if not settings.BANK_FOLDER:
        return []
    lately = Q(state=Job.State.PARKED, finished_at__gt=timezone.now() - AGAIN)
    jobs = Job.objects.filter(lately | Q(state__in=_UNDER_WAY), kind=EserviceJob.BANK_TAKE)
    known = set(jobs.values_list("subject", flat=True))
    seen = dict.fromkeys(entry.signature for entry in _files())
    return [signature for signature in seen if signature not in known][:MOST_AT_ONCE]


def save_folder_scan(_subject: str, signatures: list[str]) -> None:
    """Have each file taken, should it stand still until then."""
    if signatures:
        wanted = [(EserviceJob.BANK_TAKE, signature) for signature in signatures]
        enqueue_all(wanted, delay=settings.WATCH_SECONDS)


def take_work(signature: str, _progress: object) -> None:
    """Take the file that is still the same, and move it away. Raise Unavailable."""
    entry = _entry(signature)
    content = _read(entry) if entry else None
    if entry is None or content is None:
        return  # gone, changed, or still written: the next look finds it
    folder = Path(settings.BANK_FOLDER)
    try:
        take_bank_file(content, name=entry.label)
    except BankFileError as error:
        _move(partial(move_failed, folder, entry.name, reason=error.code, words=error.words))
        return
    _move(partial(move_done, folder, entry.name, day=timezone.localdate()))


def take_parked(signature: str, _code: str) -> None:
    """Move a file away that the office fails on, once the job is parked."""
    transaction.on_commit(partial(_set_aside, signature))


def _set_aside(signature: str) -> None:
    with suppress(Unavailable):
        if entry := _entry(signature):
            words, folder = partial(words_of, "failed", {}), Path(settings.BANK_FOLDER)
            _move(partial(move_failed, folder, entry.name, reason="failed", words=words))


def _entry(signature: str) -> Entry | None:
    files = _files() if settings.BANK_FOLDER else []
    return next((entry for entry in files if entry.signature == signature), None)


def _files() -> list[Entry]:
    """Return the plain files; folders and links are left alone. Raise Unavailable."""
    folder = Path(settings.BANK_FOLDER)
    try:
        found = entries_of(folder)
    except OSError as error:
        raise Unavailable("bank_folder", "The folder of the bank cannot be read.") from error
    return [entry for entry in found if entry.files == (folder / entry.name,)]


def _read(entry: Entry) -> bytes | None:
    """Return what a file holds; None where it changed or another program has it locked."""
    with ExitStack() as stack:
        try:
            streams = open_all(entry, stack)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable("bank_folder", "A file of the bank cannot be read.") from error
        content = streams[0].read(MOST_BYTES + 1) if streams else None
    return content if is_unchanged(entry) else None


def _move(move: Callable[[], None]) -> None:
    try:
        move()
    except OSError as error:
        raise Unavailable("bank_folder", "Files of the bank cannot be moved away.") from error
