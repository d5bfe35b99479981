"""Training on the office's decisions: when one is due, and the job that does it."""

from typing import Final

from django.db import transaction

from jobs.outbox import enqueue
from jobs.table import Progress
from routing.kinds import RoutingJob
from routing.training.office_letters import decisions, lessons
from understanding.learning.retraining import (
    Trained,
    save_candidate,
    train_candidate,
    unseen,
    was_upgraded,
)
from understanding.models.versions import ModelVersion

WORTH_A_NIGHT: Final = 20  # decisions that the newest version has not seen


def new_decisions() -> int:
    """Return how many decisions the newest version has not seen."""
    return unseen(decisions())


def retrain_nightly() -> None:
    """Queue a training where enough was decided since the last one."""
    if new_decisions() >= (1 if was_upgraded() else WORTH_A_NIGHT):
        _queue_retraining()


def queue_retraining() -> bool:
    """Queue a training now; return False where nothing was decided since the last one."""
    if not new_decisions():
        return False
    _queue_retraining()
    return True


def _queue_retraining() -> None:
    with transaction.atomic():
        enqueue(RoutingJob.MODEL_RETRAIN, "office")


def _silent(_done: int, _total: int) -> None:
    """Report no progress, for a training that nobody watches."""


def retrain_work(_subject: str, progress: Progress = _silent) -> Trained | None:
    """Train and judge a candidate, outside any transaction; None where there is nothing new."""
    return train_candidate(decisions(), lessons, progress)


def save_retrained(_subject: str, made: Trained | None) -> None:
    """Put the candidate in use, or keep its figures and why it was refused; in a transaction."""
    save_candidate(made)


def retrain_now() -> ModelVersion | None:
    """Train here and now; return the resulting row, or None where there was nothing new."""
    made = retrain_work("office")
    with transaction.atomic():
        save_retrained("office", made)
    if made is None:
        return None
    return ModelVersion.objects.get(version=made.row.version)
