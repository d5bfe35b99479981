"""How the proof stands now: the signer, what waits for it, the newest checkpoint and anchor."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Min

from ledger.models import LedgerEntry
from ledger.sequencing import known_places
from registry.models.anchors import Anchor
from registry.proof import anchor_channels
from registry.proof.anchoring import newest_done
from registry.proof.checkpoints import SealedPoint, newest
from registry.proof.keys import stated_keys
from signer.client import Client, Refused, Status, Unavailable

_SECONDS = 2


@dataclass(frozen=True, slots=True)
class ProofState:
    """What the page of proofs and the health page show.

    `known`: entries of the log that this database knows. `waits` and `since`: entries that the
    signer has not, and the time of the oldest. `signer`: its own state, None where it does not
    answer. `is_stated`: the log records its key.
    """

    point: SealedPoint | None
    known: int
    waits: int
    since: datetime | None
    signer: Status | None
    is_stated: bool
    keys: list[str]
    anchored: Anchor | None
    failed: int
    has_places: bool


def proof_state() -> ProofState:
    """Return how the proof stands."""
    known, signer = known_places(), None  # type: int, Status | None
    with contextlib.suppress(Refused, Unavailable):
        signer = Client(settings.SIGNER_SOCKET, seconds=_SECONDS).status()
    waiting = LedgerEntry.objects.filter(place=None)
    keys = stated_keys().keys
    return ProofState(
        point=newest(),
        known=known,
        waits=waiting.count(),
        since=waiting.aggregate(at=Min("at"))["at"],
        signer=signer,
        is_stated=signer is None or not keys or signer.key == str(keys[-1]),
        keys=[str(key) for key in keys],
        anchored=newest_done(),
        failed=Anchor.objects.filter(state=Anchor.State.FAILED).count(),
        has_places=bool(anchor_channels.configured_channels()),
    )
