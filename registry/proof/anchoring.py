"""Anchoring: the checkpoint of each day's closings goes to every place that the settings name.

Two kinds of jobs: `anchor.look` takes a checkpoint that covers the closings, `anchor.make` brings
it to one place and keeps what came back.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from jobs.errors import Unavailable
from jobs.outbox import enqueue
from registry.kinds import RegistryJob
from registry.models.anchors import Anchor
from registry.proof import anchor_channels
from registry.proof.checkpoints import SealedPoint, current

OLD: Final = timedelta(hours=36)  # since when an anchor is missed


def queue_checkpoint(day: str, _result: object = None) -> None:
    """Queue anchoring a checkpoint that covers the closings of `day`, where there is a place."""
    if anchor_channels.configured_channels():
        enqueue(RegistryJob.ANCHOR_LOOK, day)


def checkpoint_work(_day: str, _progress: Any) -> SealedPoint:
    """Return a checkpoint that covers every entry so far. Raise Unavailable without a signer."""
    found = current()
    if found is None:
        raise Unavailable("signer_away", "The signer does not answer, or has nothing signed yet.")
    return found


def save_checkpoint(_day: str, found: SealedPoint) -> None:
    """Queue an anchor of the checkpoint for every place."""
    anchor_now(found)


def anchor_now(found: SealedPoint) -> list[Anchor]:
    """Queue anchors of a checkpoint for every place that lacks it; return the queued anchors."""
    made = []
    for way, place in anchor_channels.configured_channels():
        anchor, is_new = Anchor.objects.get_or_create(
            size=found.size,
            root=found.root,
            way=way,
            place=place,
            defaults={"note": found.note, "asked_at": timezone.now()},
        )
        if is_new or anchor.state == Anchor.State.FAILED:
            Anchor.objects.filter(pk=anchor.pk).update(state=Anchor.State.WAITING, why="")
            enqueue(RegistryJob.ANCHOR_MAKE, anchor.pk)
            made.append(anchor)
    return made


def anchor_work(anchor_id: str, _progress: Any) -> bytes | None:
    """Bring one checkpoint to its place; None where that was done before."""
    anchor = Anchor.objects.get(pk=anchor_id)
    return None if anchor.state == Anchor.State.DONE else anchor_channels.make(anchor)


def save_anchored(anchor_id: str, proof: bytes | None) -> None:
    """Keep what came back."""
    if proof is not None:
        Anchor.objects.filter(pk=anchor_id).update(
            state=Anchor.State.DONE, done_at=timezone.now(), proof=proof, why=""
        )


def anchor_parked(anchor_id: str, code: str) -> None:
    """Record that an anchor was not made; the page of proofs shows it."""
    Anchor.objects.filter(pk=anchor_id).update(state=Anchor.State.FAILED, why=code[:60])


def try_again(anchor: Anchor) -> None:
    """Queue an anchor that failed once more."""
    with transaction.atomic():
        Anchor.objects.filter(pk=anchor.pk, state=Anchor.State.FAILED).update(
            state=Anchor.State.WAITING, why=""
        )
        enqueue(RegistryJob.ANCHOR_MAKE, anchor.pk)


def newest_done() -> Anchor | None:
    """Return the newest anchor that is kept outside."""
    return Anchor.objects.filter(state=Anchor.State.DONE).order_by("-size", "-done_at").first()
