"""The job `batch.register`: each letter of a batch as a file of its own, registered once."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from channels.batch import confined
from channels.batch.batches import letters_in, plan_of
from channels.batch.cutting import left_out_of
from channels.batch.marks import sticker_of
from channels.batch.models import Batch, BatchLetter, Sticker
from channels.kinds import ChannelJob
from jobs.errors import Unavailable
from jobs.outbox import enqueue
from org.models import User
from registry.deposit_keys import channel_key
from registry.files.kinds import PDF
from registry.files.receiving import VaultError
from registry.files.vault import open_path
from registry.intake import IncomingFile, LetterData, receive_letter
from registry.models.letters import Channel, Letter
from registry.refusals import PASSING, DepositRefusedError
from registry.states import ConflictError

Progress = Callable[[int, int], None]
State = Batch.State


def queue_registering(batch_id: UUID, *, version: int, actor: User) -> None:
    """Queue the registration of a batch whose cuts a person has confirmed.

    Raise ConflictError where they have changed.
    """
    with transaction.atomic():
        rows = Batch.objects.filter(pk=batch_id, state=State.OPEN, version=version)
        if not rows.update(state=State.REGISTERING, registered_by=actor, problem=""):
            raise ConflictError
        enqueue(ChannelJob.BATCH_REGISTER, batch_id)


def register_work(batch_id: str, progress: Progress) -> str:
    """Register the letters that are not registered yet.

    Return the code of the first refusal, "" for none. Idempotent. Raise jobs' Unavailable while
    vault or scanner are unavailable.
    """
    batch = Batch.objects.select_related("registered_by").get(pk=batch_id)
    if batch.state != State.REGISTERING:
        return ""
    done = set(batch.letters.values_list("first_page", flat=True))
    letters = [pages for pages in letters_in(batch) if pages[0] not in done]
    if not letters:
        return "" if done else "no_pages"
    folder = settings.DATA_DIR / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    problem = ""
    try:
        with tempfile.TemporaryDirectory(dir=folder) as made, open_path(batch.sha256) as path:
            confined.extract(path, Path(made), letters, plan_of(batch).turns)
            for count, pages in enumerate(letters, start=1):
                problem = _register(batch, Path(made) / str(pages[0]), pages) or problem
                progress(count, len(letters))
    except confined.UnreadableError as error:
        return error.code
    except VaultError as error:
        raise Unavailable("vault", "The vault is away.") from error
    return problem


def save_registered(batch_id: str, problem: str) -> None:
    """Close the batch, or reopen it with the reason of what was not registered."""
    rows = Batch.objects.filter(pk=batch_id, state=State.REGISTERING)
    rows.update(state=State.OPEN if problem else State.REGISTERED, problem=problem)


def register_parked(batch_id: str, _code: str) -> None:
    """Reopen the batch for the person after its job has failed."""
    save_registered(batch_id, "damaged")


def _register(batch: Batch, made: Path, pages: list[int]) -> str:
    """Register one letter; return the code of its refusal, or ""."""
    if not made.exists():
        return "damaged"
    suffix = ".pdf" if batch.media_type == PDF else ".tiff"
    name = f"{Path(batch.name).stem[:200]}-{pages[0]:04d}{suffix}"
    with made.open("rb") as stream:
        try:
            _receive(batch, pages, IncomingFile(name, stream))
        except DepositRefusedError as error:
            return _refused(error)
    return ""


def _receive(batch: Batch, pages: list[int], file: IncomingFile) -> None:
    key = channel_key(batch.registered_by, "channels.batch", f"{batch.pk}:{pages[0]}")

    def finish(letter: Letter) -> None:
        BatchLetter.objects.create(batch=batch, first_page=pages[0], letter_id=letter.pk)
        for number in _stickers(batch, pages):  # one that stood on an earlier letter stays its own
            Sticker.objects.get_or_create(number=number, defaults={"letter": letter})

    receive_letter(
        LetterData(channel=Channel.SCAN, received_at=batch.made_at, notes=_notes(batch, pages)),
        actor=batch.registered_by,
        files=[file],
        deposit_key=key,
        key_says_all=True,
        then=finish,
    )


def _notes(batch: Batch, pages: list[int]) -> dict[str, Any]:
    """Return the notes of the letter's event.

    Its scan, its pages in their order, those that were turned and those that were left out behind
    them, and the sticker on the paper.
    """
    plan, stickers = plan_of(batch), _stickers(batch, pages)
    turned = {str(number): plan.turns[number] for number in pages if number in plan.turns}
    left_out = left_out_of(plan, len(batch.pages), pages)
    notes: dict[str, Any] = {"batch": str(batch.pk), "pages": pages}
    more = {"stickers": stickers, "turned": turned, "left_out": left_out}
    return notes | {name: said for name, said in more.items() if said}


def _stickers(batch: Batch, pages: list[int]) -> list[str]:
    return [number for page in pages for number in batch.pages[page - 1]["stickers"]]


def letter_of_code(code: str) -> UUID | None:
    """Return the id of the letter on whose paper the sticker of this code was seen.

    None for what is no code of a sticker of this office. Raise LookupError for a sticker that was
    seen on no letter.
    """
    mark = sticker_of(code)
    if mark is None:
        return None
    found = Sticker.objects.filter(number=mark.number).values_list("letter_id", flat=True).first()
    if found is None:
        raise LookupError("this sticker was seen on no letter")
    return found


def _refused(error: DepositRefusedError) -> str:
    codes = [refusal.code for refusal in error.refusals]
    if away := next((code for code in codes if code in PASSING), ""):
        raise Unavailable(away, "Vault, virus scanner or readers are away.") from error
    return codes[0]
