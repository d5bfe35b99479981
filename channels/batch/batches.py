"""A batch comes in, the job `batch.look` inspects it, and a person corrects its cuts."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.batch import confined
from channels.batch.cutting import (
    MOVES,
    PLACES,
    STEPS,
    Plan,
    SeenPage,
    is_touched,
    letters_of,
    propose,
)
from channels.batch.marks import SEPARATOR, STICKER, read_mark
from channels.batch.models import Batch
from channels.kinds import ChannelJob
from jobs.errors import Unavailable
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.deposit_files import check_files, keep_files
from registry.files.kinds import PDF
from registry.files.receiving import VaultError
from registry.files.vault import open_path
from registry.intake import IncomingFile
from registry.refusals import DepositRefusedError, Refusal
from registry.states import ConflictError

Progress = Callable[[int, int], None]
State = Batch.State
UNDO: Final = "undo"
MOST_UNDONE: Final = 50
SMALL, LARGE = 320, 1400  # pixels across: beside others, and by itself
TAKEN: Final = {PDF, "image/tiff"}
PROBLEMS: Final[dict[str, Any]] = {
    "damaged": _("The file could not be opened to its end."),
    "timeout": _("A page took too long to open."),
    "too_many_pages": _("The file has too many pages."),
    "encrypted": _("The file is locked by a password."),
    "no_pages": _("No page is part of a letter."),
}


class FixedLetterError(ConflictError):
    """The change affects a letter that is registered already."""


def new_batch(*, name: str, stream: BinaryIO, drop_blanks: bool, actor: User) -> Batch:
    """Store the scan in the vault and queue its inspection.

    Raise DepositRefusedError.
    """
    with ExitStack() as cleanup:
        checked = check_files([IncomingFile(name, stream)], message="", cleanup=cleanup)
        file = checked.files[0]
        if file.media.media_type not in TAKEN or file.media.problem:
            raise DepositRefusedError(Refusal("not_allowed", name))
        keep_files([file])
        with transaction.atomic():
            batch = Batch.objects.create(
                name=one_line(name, 255) or "scan",
                sha256=file.incoming.stored.sha256,
                media_type=file.media.media_type,
                drop_blanks=drop_blanks,
                made_by=actor,
                made_at=timezone.now(),
            )
            enqueue(ChannelJob.BATCH_LOOK, batch.pk)
    return batch


def inspect_batch_work(batch_id: str, progress: Progress) -> list[dict[str, Any]] | str:
    """Return what was detected on each page, or the code of the reason why it cannot be."""
    batch = Batch.objects.get(pk=batch_id)
    pages: list[dict[str, Any]] = []
    try:
        with open_path(batch.sha256) as path:
            for said in confined.inspect(path, thumbs_of(batch.pk)):
                if said["of"] > settings.UPLOAD_MAX_PAGES:
                    return "too_many_pages"
                pages.append(_page(said))
                progress(said["page"], said["of"])
    except confined.UnreadableError as error:
        return error.code
    except VaultError as error:
        raise Unavailable("vault", "The vault is away.") from error
    return pages or "damaged"


def _page(said: dict[str, Any]) -> dict[str, Any]:
    """Return what is stored of a page: the office's own marks, and a count of foreign codes."""
    marks = [read_mark(text) for text in said["codes"]]
    ours = [mark for mark in marks if mark]
    return {
        "separator": any(mark.kind == SEPARATOR for mark in ours),
        "stickers": sorted({mark.number for mark in ours if mark.kind == STICKER}),
        "blank": said["blank"],
        "foreign": len(marks) - len(ours),
    }


def save_batch_inspection(batch_id: str, found: list[dict[str, Any]] | str) -> None:
    """Save what was detected and the plan of cutting proposed from it."""
    rows = Batch.objects.filter(pk=batch_id, state=State.READING)
    if isinstance(found, str):
        rows.update(state=State.FAILED, problem=found)
        return
    batch = rows.first()
    if batch is None:
        return
    batch.pages = found
    plan = propose(seen_pages(batch), drop_blanks=batch.drop_blanks)
    _write(batch, plan)
    batch.state = State.OPEN
    batch.save()


def batch_inspection_parked(batch_id: str, code: str) -> None:
    """Mark the batch as failed after its inspection crashed the worker repeatedly."""
    Batch.objects.filter(pk=batch_id, state=State.READING).update(
        state=State.FAILED, problem="damaged" if code == "worker_lost" else code[:40]
    )


def seen_pages(batch: Batch) -> list[SeenPage]:
    """Return what was detected on each page as value objects."""
    return [
        SeenPage(page["separator"], tuple(page["stickers"]), page["blank"], page["foreign"])
        for page in batch.pages
    ]


def plan_of(batch: Batch) -> Plan:
    """Return the batch's plan of cutting, with the order of its pages."""
    return Plan(
        frozenset(batch.starts),
        frozenset(batch.left_out),
        tuple(batch.order or range(1, len(batch.pages) + 1)),
        {int(page): turn for page, turn in batch.turns.items()},
    )


def _write(batch: Batch, plan: Plan) -> None:
    batch.starts, batch.left_out = sorted(plan.starts), sorted(plan.left_out)
    scanned = plan.order == tuple(range(1, len(batch.pages) + 1))
    batch.order = [] if scanned else list(plan.order)
    batch.turns = {str(page): turn for page, turn in sorted(plan.turns.items())}


def mend(batch_id: UUID, *, move: str, page: int = 0, version: int, target: int = 0) -> bool:
    """Apply one change of the plan by a person at a page; return whether it changed anything.

    `move` is one of `cutting.MOVES` and `STEPS`, one of `PLACES` with its `target`, or "undo".
    Raise ConflictError where the plan has changed since `version`, or is being registered, and
    FixedLetterError where the change affects a letter that is registered already.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state != State.OPEN or batch.version != version:
            raise ConflictError
        before, past = plan_of(batch), list(batch.earlier)
        if move == UNDO:
            after = _plan_kept(past.pop(), len(batch.pages)) if past else before
        else:
            after = _moved(before, move, page, target)
            past = [*past, _kept(batch)][-MOST_UNDONE:]
        if after == before:
            return False
        fixed = batch.letters.values_list("first_page", flat=True)
        if is_touched(before, after, fixed, len(batch.pages)):
            raise FixedLetterError
        _write(batch, after)
        batch.version, batch.earlier = batch.version + 1, past
        batch.save(update_fields=["starts", "left_out", "order", "turns", "earlier", "version"])
    return True


def _moved(plan: Plan, move: str, page: int, target: int) -> Plan:
    """Return the plan after a change. Raise ConflictError for one that does not fit its pages."""
    if page not in plan.order:
        raise ConflictError
    if (change := MOVES.get(move) or STEPS.get(move)) is not None:
        return change(plan, page)
    if (place := PLACES.get(move)) is not None and target in plan.order:
        return place(plan, page, target)
    raise ConflictError


def _kept(batch: Batch) -> list[Any]:
    """Return the plan as it is kept to go back to."""
    return [batch.starts, batch.left_out, batch.order, batch.turns]


def _plan_kept(kept: list[Any], count: int) -> Plan:
    starts, left_out, order, turns = kept
    return Plan(
        frozenset(starts),
        frozenset(left_out),
        tuple(order or range(1, count + 1)),
        {int(page): turn for page, turn in turns.items()},
    )


def batches() -> "QuerySet[Batch]":
    """Return all batches, without what was detected on their pages."""
    return Batch.objects.defer(
        "pages", "starts", "left_out", "order", "turns", "earlier"
    ).select_related("made_by")


def letters_in(batch: Batch) -> list[list[int]]:
    """Return the pages of each letter that the plan makes."""
    return letters_of(plan_of(batch), len(batch.pages))


def thumbs_of(batch_id: UUID) -> Path:
    """Return the folder of the batch's thumbnails, which can be made again at any time."""
    folder = Path(settings.DATA_DIR) / "cache" / "batches" / str(batch_id)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def thumb(batch: Batch, page: int, *, large: bool = False) -> Path:
    """Return the path of a page's picture as it is turned, made first where it is not there.

    Raise UnreadableError.
    """
    folder, turn = thumbs_of(batch.pk), int(batch.turns.get(str(page), 0))
    plain = not (large or turn)
    path = folder / (f"{page}.webp" if plain else f"{page}-{LARGE if large else SMALL}-{turn}.webp")
    if not path.exists():
        try:
            with open_path(batch.sha256) as source:
                if plain:
                    list(confined.inspect(source, folder, first=page, last=page))
                else:
                    confined.draw(
                        source, path, page=page, width=LARGE if large else SMALL, turn=turn
                    )
        except VaultError as error:
            raise confined.UnreadableError("damaged") from error
    return path


def batch_problem(batch: Batch) -> str:
    """Return why the batch cannot go on, in the active language; "" where nothing is wrong."""
    if not batch.problem:
        return ""
    known = PROBLEMS.get(batch.problem)
    if known:
        return str(known)
    try:
        return Refusal(batch.problem, batch.name).words()
    except KeyError:
        return str(PROBLEMS["damaged"])
