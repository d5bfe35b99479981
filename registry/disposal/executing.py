"""The job that executes a list: letters with their answers, the files, then the certificate."""

import io
from typing import Final

from django.db import transaction
from django.utils import timezone

from jobs.outbox import enqueue
from jobs.table import Progress
from org.models import RetentionText
from registry.acts import record_act
from registry.book.signing import signed
from registry.disposal.certificate import draw_certificate
from registry.disposal.erasing import dispose
from registry.disposal.files import delete_files, files_work, not_gone
from registry.disposal.packages import hand_over
from registry.disposal.proving import EXECUTED, digest_of
from registry.files.receiving import Stored
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.kinds import RegistryJob
from registry.models.disposal import DisposalEntry, DisposalList, GoneFile

__all__ = ["execute_work", "files_work", "queue_files", "save_executed"]

_WAITING: Final = DisposalEntry.State.WAITING


def execute_work(subject: str, progress: Progress) -> Stored:
    """Execute a list; repeated after any end, it goes on with the letters that still wait."""
    disposal = DisposalList.objects.get(pk=int(subject))
    entries = disposal.entries.filter(state=_WAITING).order_by("pk")
    ids = list(entries.values_list("pk", flat=True))
    if disposal.fate == RetentionText.Fate.TRANSFER:
        hand_over(disposal, progress)
    for done, pk in enumerate(ids, 1):
        dispose(pk)
        progress(done, len(ids))
    for done, _state in enumerate(delete_files(not_gone().filter(disposal=disposal)), 1):
        progress(done, 0)
    return store(io.BytesIO(signed(draw_certificate(disposal))))


def save_executed(subject: str, certificate: Stored) -> None:
    """Fix the certificate to its list, and put what was done into the chain of acts."""
    held = DisposalList.objects.select_for_update(of=("self",)).get(pk=int(subject))
    if held.state != DisposalList.State.EXECUTING:
        return
    held.state, held.executed_at = DisposalList.State.EXECUTED, timezone.now()
    held.digest = digest_of(held)
    held.certificate = stored_row(certificate, media_type="application/pdf")
    held.save()
    done = held.entries.filter(state=DisposalEntry.State.DONE).count()
    data = {
        "list": held.number,
        "fate": held.fate,
        "letters": done,
        "stay": held.entries.filter(state=DisposalEntry.State.STAYS).count(),
        "locked": held.files.filter(state=GoneFile.State.LOCKED).count(),
        "refused": held.files.filter(state=GoneFile.State.REFUSED).count(),
        "digest": held.digest,
        "certificate": certificate.sha256,
    }
    record_act(EXECUTED, actor=held.ordered_by, data=data)


def queue_files() -> None:
    """Have files that are still there tried again, where there are any."""
    if not_gone().exists():
        with transaction.atomic():
            enqueue(RegistryJob.DISPOSAL_FILES, "all")
