"""The tables of drafts: their addressees, the further letters they answer, and mailings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.models.forms import TemplateVersion
from correspondence.models.replies import Reply
from org.columns import EncipheredText
from org.models import Department
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Written(models.Model):
    """An addressee, with the words of a line of the envelope."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    email = EncipheredText(_("e-mail"), max_length=254, blank=True)
    phone = EncipheredText(_("phone"), max_length=40, blank=True)

    class Meta:
        abstract = True

    @property
    def shown_name(self) -> str:
        """Name and organisation, whichever are known."""
        return " — ".join(part for part in (self.name, self.organisation) if part)


class Addressee(Written, Sealed):
    """An addressee of a draft; of an internal letter, the department.

    A reply without any is written to the sender of the letter that it answers.
    """

    LETTER = "reply__letter_id"

    class Role(models.TextChoices):
        RECIPIENT = "recipient", _("Recipient")
        COPY = "copy", _("Copy")

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="addressees")
    role = models.CharField(max_length=9, choices=Role, default=Role.RECIPIENT)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "position"], name="one_addressee"),
            models.CheckConstraint(
                condition=Q(role__in=["recipient", "copy"]), name="addressee_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.position} of {self.reply_id}"


class AlsoAnswered(Sealed):
    """A further letter that a reply answers, beside the one in whose history it stands."""

    LETTER = "reply__letter_id"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="answered_with")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="also")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reply", "letter"], name="also_answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} answers {self.letter_id} too"


class Mailing(models.Model):
    """One text to many addressees: each gets a reply of their own.

    `doing` is what a job does with all of them just now, in the name of `asked_by`; "" when
    nothing is under way.
    """

    class Deed(models.TextChoices):
        MAKE = "make", _("Being written")
        SUBMIT = "submit", _("Being submitted")
        APPROVE = "approve", _("Being approved")
        SEND = "send", _("Being sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="mailings"
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=500)
    body = models.TextField(_("text"), blank=True)
    version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confidentiality = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=2, blank=True)
    doing = models.CharField(max_length=7, choices=Deed, blank=True)
    method = models.CharField(max_length=20, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["department", "-made_at", "-id"], name="mailing_of_department"),
            models.Index(fields=["-made_at", "-id"], name="mailing_newest"),
        ]

    def __str__(self) -> str:
        return f"mailing {self.pk}"


class MailingLine(Written):
    """One addressee of a mailing and their reply.

    `problem` says, in words, why the last operation did not succeed with it.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="lines")
    reply = models.OneToOneField(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="mailing_line"
    )
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "position"], name="one_mailing_line"),
        ]

    def __str__(self) -> str:
        return f"line {self.position} of {self.mailing_id}"
