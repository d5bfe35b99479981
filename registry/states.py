"""The stages of a letter: one table, one move, one event."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a letter stands; the label is the one that citizens see too."""

    REGISTERED = "registered", _("Registered")
    IN_HAND = "in_hand", _("In hand")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    VOIDED = "voided", _("Voided")


MOVES: dict[str, set[str]] = {
    Stage.REGISTERED: {Stage.IN_HAND, Stage.ANSWERED, Stage.CLOSED, Stage.VOIDED},
    Stage.IN_HAND: {Stage.REGISTERED, Stage.ANSWERED, Stage.CLOSED, Stage.VOIDED},
    Stage.ANSWERED: {Stage.IN_HAND, Stage.CLOSED, Stage.VOIDED},
    Stage.CLOSED: {Stage.IN_HAND, Stage.VOIDED},
    Stage.VOIDED: set(),
}


class ConflictError(Exception):
    """The object has changed meanwhile: the person looks again and decides anew."""


def may_move(old: str, new: str) -> bool:
    """Return whether a letter may go from one stage to another."""
    return new in MOVES[old]
