"""The tables of routing. All that happens to one letter is sealed in that letter's history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import Department
from registry.models import Document, Letter, Sealed
from routing.assigning.models import DistributionEntry, DistributionList
from routing.check.models import CheckClaim, CheckTiming
from routing.circuits.models import Circuit, CircuitStep, ReplyStep, SignaturePicture
from routing.clocks.models import ClockExtension, ClockStop, DeadlineRule, Reminder
from routing.closing.models import Outcome, Reopening, Satisfaction
from routing.custody.models import Custody
from routing.dispatch.models import Dispatch, PostingLine, PostingList
from routing.drafts.models import Addressee, AlsoAnswered, Mailing, MailingLine
from routing.figures.models import CountedMonth, MonthFigures
from routing.forms.models import ReplyTemplate, TemplateVersion
from routing.learning.models import ModelFile, ModelVersion
from routing.notes.models import Mention, Note
from routing.opinions.models import Opinion
from routing.replies.models import Reply
from routing.rules.models import (
    RoutingRule,
    RuleChange,
    RuleMatch,
    RuleTrial,
    TrialLetter,
)
from routing.states import LIVE, AssignmentState

__all__ = [
    "Addressee",
    "AlsoAnswered",
    "Assignment",
    "CheckClaim",
    "CheckTiming",
    "Circuit",
    "CircuitStep",
    "ClockExtension",
    "ClockStop",
    "CountedMonth",
    "Custody",
    "DeadlineRule",
    "Dispatch",
    "DistributionEntry",
    "DistributionList",
    "Mailing",
    "MailingLine",
    "Mention",
    "ModelFile",
    "ModelVersion",
    "MonthFigures",
    "Note",
    "Opinion",
    "Outcome",
    "PostingLine",
    "PostingList",
    "Reminder",
    "Reopening",
    "Reply",
    "ReplyStep",
    "ReplyTemplate",
    "RoutingRule",
    "RuleChange",
    "RuleMatch",
    "RuleTrial",
    "Satisfaction",
    "SignaturePicture",
    "Suggestion",
    "TemplateVersion",
    "TrialLetter",
]
SCORES = Q(score__gte=0) & Q(score__lte=1)


class Assignment(Sealed):
    """A letter lies with a department: for action, or as a copy for information.

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
            models.Index(fields=["letter", "role", "state"], name="assignment_of_letter"),
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


class Suggestion(Sealed):
    """What the machine believes of a letter, how sure it is and why, and what a person made of it.

    `value` is a code (kind, department), an ISO date, or words. `current` is False for what a
    newer understanding no longer says. `page` (from 1; 0 where none is known) of `document` holds
    `words`, in `box`: x0, y0, x1, y1 in fractions of the page, empty where words have no places.
    `source` is rule, classifier, pattern, office_rule, or person for what a clerk typed in.
    """

    ADDED = ("document_id", "page", "box", "words")

    class Field(models.TextChoices):
        KIND = "kind", _("Kind")
        DEPARTMENT = "department", _("Department")
        SUBJECT = "subject", _("Subject")
        SENDER = "sender", _("Sender")
        DOCUMENT_DATE = "document_date", _("Date of the letter")
        EXTERNAL_REFERENCE = "external_reference", _("Reference")
        ANSWERS_REFERENCE = "answers_reference", _("Reference that it answers")
        QUOTED_NUMBER = "quoted_number", _("Number of ours that it quotes")
        DOCUMENT_DATE_HIJRI = "document_date_hijri", _("Hijri date of the letter")
        PLACE = "place", _("Place of writing")
        RECIPIENT = "recipient", _("Addressed to")
        SENDER_ORGANISATION = "sender_organisation", _("Organisation of the sender")
        SENDER_ROLE = "sender_role", _("Role of the sender")
        SENDER_ADDRESS = "sender_address", _("Address of the sender")
        SENDER_EMAIL = "sender_email", _("E-mail of the sender")
        SENDER_PHONE = "sender_phone", _("Phone of the sender")
        CUSTOMER_NUMBER = "customer_number", _("Customer or contract number")
        DEADLINE = "deadline", _("Term that it names")
        URGENCY = "urgency", _("Urgent")
        ENCLOSURE = "enclosure", _("Enclosure that it names")
        AMOUNT = "amount", _("Amount")

    class Decision(models.TextChoices):
        PENDING = "pending", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="suggestions")
    field = models.CharField(max_length=20, choices=Field)
    value = models.CharField(max_length=500)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    source = models.CharField(max_length=12)
    model_version = models.CharField(max_length=64, blank=True)
    sure = models.BooleanField(default=False)
    current = models.BooleanField(default=True)
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    page = models.PositiveIntegerField(default=0, db_default=0)
    box = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        ordering = ["field", "-score"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "field", "value"], name="one_suggestion"),
            models.CheckConstraint(condition=SCORES, name="suggestion_score_is_a_share"),
            models.CheckConstraint(
                condition=Q(decision__in=["pending", "accepted", "corrected"]),
                name="suggestion_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True, page=0) | Q(document__isnull=False, page__gte=1),
                name="suggestion_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.field} {self.score:.2f}"
