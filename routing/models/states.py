"""States of assignments and opinions: one table of moves each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentState(models.TextChoices):
    """The state of an assignment in its department."""

    OPEN = "open", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    TRANSFERRED = "transferred", _("Transferred")
    SIGNED_OFF = "signed_off", _("Signed off")


class OpinionState(models.TextChoices):
    """The state of a requested opinion."""

    WAITING = "waiting", _("Waiting for its turn")
    OPEN = "open", _("Asked")
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Asked for no more")


PENDING_OPINION = (OpinionState.WAITING, OpinionState.OPEN)
LIVE = (AssignmentState.OPEN, AssignmentState.ACCEPTED)

# An office that routed wrongly may move an assignment on before it was accepted.
ASSIGNMENT_MOVES: dict[str, set[str]] = {
    AssignmentState.OPEN: {
        AssignmentState.ACCEPTED,
        AssignmentState.REFUSED,
        AssignmentState.TRANSFERRED,
        AssignmentState.SIGNED_OFF,  # copies only: they need no acceptance
    },
    AssignmentState.ACCEPTED: {AssignmentState.SIGNED_OFF, AssignmentState.TRANSFERRED},
    AssignmentState.REFUSED: set(),
    AssignmentState.TRANSFERRED: set(),
    AssignmentState.SIGNED_OFF: set(),
}
OPINION_MOVES: dict[str, set[str]] = {
    OpinionState.WAITING: {OpinionState.OPEN, OpinionState.WITHDRAWN},
    OpinionState.OPEN: {OpinionState.GIVEN, OpinionState.WITHDRAWN},
    OpinionState.GIVEN: set(),
    OpinionState.WITHDRAWN: set(),
}
