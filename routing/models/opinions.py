"""The table of opinions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models.letters import Letter
from registry.models.sealed import Sealed
from routing.models.states import PENDING_OPINION, OpinionState


class Opinion(Sealed):
    """An opinion requested from a department, or a person of it, about another one's letter.

    Those of one `round` were requested together; where they are given in turn, each waits for the
    one before it in `place`. `asked_for` is the requesting department, None for the office. An open
    opinion does not block the letter.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="opinions")
    round = models.UUIDField()
    place = models.PositiveSmallIntegerField(default=1)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_for = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.CharField(_("question"), max_length=1000)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=OpinionState)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("opinion"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "department"],
                condition=Q(state__in=PENDING_OPINION),
                name="one_pending_opinion",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "open", "given", "withdrawn"]),
                name="opinion_state_known",
            ),
            models.CheckConstraint(condition=~Q(question=""), name="opinion_asks_something"),
            models.CheckConstraint(
                condition=Q(state="given") & ~Q(answer="") | ~Q(state="given") & Q(answer=""),
                name="opinion_given_says_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["given", "withdrawn"], closed_at__isnull=False)
                | Q(state__in=["waiting", "open"], closed_at__isnull=True),
                name="opinion_closed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "asked_at"], name="opinion_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} asks {self.department_id} ({self.state})"
