"""Orders on many letters at once, and how each letter fared."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models.letters import Letter
from routing.models.assignments import Assignment


class BulkOrder(models.Model):
    """One action that a person wants done on many letters; a job does it, letter by letter.

    `given` is what the action needs besides: `department` (a code), `list` (an id), `reason`.
    `takes_back` is the order whose letters this one deals with again.
    """

    class Deed(models.TextChoices):
        ASSIGN = "assign", _("Assigning letters")
        MOVE = "move", _("Transferring letters")
        ACCEPT = "accept", _("Accepting letters")
        NOTED = "noted", _("Signing off as noted")
        REOPEN = "reopen", _("Reopening letters")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deed = models.CharField(max_length=6, choices=Deed)
    given = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    takes_back = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="taken_back_by"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deed__in=["assign", "move", "accept", "noted", "reopen"]),
                name="bulk_deed_known",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="bulk_order_of"),
            models.Index(fields=["asked_at"], name="bulk_order_age"),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.pk}"


class BulkLine(models.Model):
    """A letter of an order: whether the action was done, or the reason why not.

    `assignment` is the one that the action is done on; once done, the one that came of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "not done yet")
        DONE = "done", pgettext_lazy("letter", "done")
        REFUSED = "refused", pgettext_lazy("letter", "not done")

    order = models.ForeignKey(BulkOrder, on_delete=models.CASCADE, related_name="lines")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "refused"]), name="bulk_state_known"
            ),
        ]
        indexes = [models.Index(fields=["order", "state", "id"], name="bulk_line_state")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.state}"
