"""The stages of a letter, and the compare-and-set by which any row moves to its next state."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a letter stands; the label is the one that citizens see too."""

    REGISTERED = "registered", _("Registered")
    IN_HAND = "in_hand", _("In hand")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    VOIDED = "voided", _("Voided")


# From a stage to the stages that a letter may go to.
MOVES: dict[str, set[str]] = {
    Stage.REGISTERED: {Stage.IN_HAND, Stage.ANSWERED, Stage.CLOSED, Stage.VOIDED},
    Stage.IN_HAND: {Stage.REGISTERED, Stage.ANSWERED, Stage.CLOSED, Stage.VOIDED},
    Stage.ANSWERED: {Stage.IN_HAND, Stage.CLOSED, Stage.VOIDED},
    Stage.CLOSED: {Stage.IN_HAND, Stage.VOIDED},
    Stage.VOIDED: set(),
}


class ConflictError(Exception):
    """The object has changed meanwhile: the person has to review it and decide anew."""


Row = TypeVar("Row", bound=models.Model)


def move(row: Row, new: str, *, moves: dict[str, set[str]], **changes: Any) -> Row:
    """Move a row from its expected state to `new`, setting `changes` with it.

    One conditional UPDATE: raise ConflictError where the row has moved on meanwhile, or where the
    table knows no such move. The row in memory is brought up to date.
    """
    old = str(row.state)  # type: ignore[attr-defined]
    if new not in moves[old]:
        raise ConflictError
    rows = type(row)._default_manager.filter(pk=row.pk, state=old)
    if not rows.update(state=new, **changes):
        raise ConflictError
    for name, value in {"state": str(new), **changes}.items():
        setattr(row, name, value)
    return row
