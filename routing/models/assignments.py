"""The table of assignments: which department must act on a letter, or has a copy of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models.letters import Letter
from registry.models.sealed import Sealed
from routing.models.states import LIVE, AssignmentState


class Assignment(Sealed):
    """A department's assignment of a letter: for action, or as a copy for information.

    `due_on` is the department's internal clock where a rule sets one, else the letter's legal one;
    `due_explained` says why, where it is the internal one. `matter` is the department's part of a
    letter that holds several.
    """

    ADDED = ("due_explained", "matter")

    class Role(models.TextChoices):
        ACTION = "action", _("For action")
        COPY = "copy", _("Copy for information")

    class Method(models.TextChoices):
        LETTER = "letter", _("Answered by letter")
        EMAIL = "email", _("Answered by e-mail")
        PHONE = "phone", _("Settled by phone")
        NOTED = "noted", _("Noted")
        NO_FOLLOW_UP = "no_follow_up", _("No follow-up")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.ACTION)
    state = models.CharField(
        _("state"), max_length=11, choices=AssignmentState, default=AssignmentState.OPEN
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("person"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_explained = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    matter = models.CharField(_("part"), max_length=200, blank=True, default="", db_default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    method = models.CharField(_("method"), max_length=12, choices=Method, blank=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField(_("assigned"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    signed_off_at = models.DateTimeField(_("signed off"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "department", "role"],
                condition=Q(state__in=LIVE),
                name="one_open_assignment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "refused", "transferred", "signed_off"]),
                name="assignment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["action", "copy"]), name="assignment_role_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "transferred"]) | ~Q(reason=""),
                name="going_away_needs_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="signed_off", signed_off_at__isnull=False) & ~Q(method="")
                | ~Q(state="signed_off") & Q(signed_off_at__isnull=True),
                name="sign_off_has_a_method",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_on", "id"], name="assignment_inbox"),
            models.Index(fields=["state", "due_on", "id"], name="assignment_due"),
            models.Index(
                fields=["department", "state", "-signed_off_at", "-id"], name="assignment_settled"
            ),
            models.Index(fields=["signed_off_at"], name="assignment_signed_off"),
            # In this order the live assignments of all letters lie together.
            models.Index(fields=["state", "role", "letter", "assigned_by"], name="assignment_live"),
            models.Index(
                # All that counting a list of work looks at.
                fields=[
                    *("department", "state", "role", "assigned_at", "id", "due_on"),
                    *("letter", "person"),
                ],
                name="assignment_backlog",
            ),
            models.Index(fields=["state", "role", "assigned_at", "id"], name="assignment_age"),
            models.Index(fields=["state", "-decided_at", "-id"], name="assignment_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.department_id} ({self.state})"
