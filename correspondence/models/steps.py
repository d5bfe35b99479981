"""The tables of circuits: as the administrator keeps them, and their steps for each reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.models.replies import Reply
from org.models import Department, LetterKind, ThreeNames
from registry.models.files import StoredFile
from registry.models.sealed import Sealed

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Act(models.TextChoices):
    """The act done at a step."""

    VISA = "visa", _("Visa")
    SIGNATURE = "signature", _("Signature")


class Who(models.TextChoices):
    """To whom a step of a circuit falls."""

    HEAD = "head", _("Head of the reply’s department")
    DIRECTOR = "director", _("Director")
    PERSON = "person", _("A person")
    HEAD_OF = "head_of", _("Head of a department")
    HEAD_OR_DIRECTOR = "head_or_director", _("Head of the reply’s department, or director")


class SignatureLevel(models.TextChoices):
    """How a reply was signed; the names are those of ETSI EN 319 142 where it is PAdES."""

    NONE = "none", _("Without electronic signature")
    STAMP = "stamp", _("Scanned signature")
    PADES_B = "pades_b", _("PAdES B-B")
    PADES_T = "pades_t", _("PAdES B-T, with timestamp")


class Circuit(ThreeNames):
    """An approval circuit: for a department or all (null), for a kind of letter or all (null)."""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="circuits",
        verbose_name=_("department"),
    )
    kind = models.ForeignKey(
        LetterKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
    )
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        steps: RelatedManager[CircuitStep]

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["active", "department", "kind"], name="circuit_fitting")]


class CircuitStep(models.Model):
    """One step of a circuit; steps of the same rank are taken in parallel."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="steps")
    rank = models.PositiveSmallIntegerField(_("rank"))
    act = models.CharField(_("act"), max_length=9, choices=Act, default=Act.VISA)
    who = models.CharField(_("who"), max_length=16, choices=Who, default=Who.HEAD)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["visa", "signature"]), name="circuit_act_known"
            ),
            models.CheckConstraint(
                condition=Q(who__in=["head", "director", "head_or_director"])
                | Q(who="person", person__isnull=False)
                | Q(who="head_of", department__isnull=False),
                name="circuit_step_falls_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circuit_id} #{self.rank} {self.act} {self.who}"


class StepState(models.TextChoices):
    """The state of a step of a reply."""

    LATER = "later", _("Not yet")
    DUE = "due", _("Waiting")
    DONE = "done", _("Done")
    RETURNED = "returned", _("Returned")
    DROPPED = "dropped", _("Not needed any more")


OPEN_STEPS = (StepState.LATER, StepState.DUE)


class ReplyStep(Sealed):
    """A step that a reply has to take. `round` counts the submissions; earlier rounds stay.

    `department` is whose head is asked (head, head_or_director); `for_person` is in whose name a
    delegate acted; `level` says how a signature was made, and `picture` with which scanned one.
    """

    LETTER = "reply__letter_id"

    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="steps")
    circuit = models.ForeignKey(
        Circuit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rank = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=9, choices=Act)
    who = models.CharField(max_length=16, choices=Who)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=StepState, default=StepState.LATER)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    for_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    level = models.CharField(max_length=7, choices=SignatureLevel, blank=True)
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "round", "position"], name="one_reply_step"),
            models.CheckConstraint(
                condition=Q(state__in=["later", "due", "done", "returned", "dropped"]),
                name="reply_step_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "returned"], done_by__isnull=False)
                & Q(done_at__isnull=False)
                | Q(state__in=["later", "due", "dropped"], done_by__isnull=True),
                name="reply_step_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "person"], name="step_of_person"),
            models.Index(fields=["state", "department"], name="step_of_head"),
            models.Index(fields=["state", "who"], name="step_of_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.round}.{self.position} {self.act} ({self.state})"


class SignaturePicture(models.Model):
    """A person's scanned signature. One is current; earlier ones stay, for what they signed."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signature_pictures"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    current = models.BooleanField(default=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(current=True), name="one_current_signature"
            ),
        ]

    def __str__(self) -> str:
        return f"signature of {self.person_id}"
