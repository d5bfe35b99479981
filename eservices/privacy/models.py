"""Tables of personal data: who answers for it, requested print-outs, rectifications.

A person is named as the customer-relations centre names them: "contact:12", "person:<uuid>".
"""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from org.columns import EncipheredText
from registry.models.letters import Letter
from search.exports.models import Export

NAME: Final = 200
VALUE: Final = 400
REASON: Final = 500
_SUBJECT: Final = 80


class Officer(models.Model):
    """A clerk who was appointed to answer for personal data, as the director does."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="one_appointment_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.appointed_at}"


class Printout(models.Model):
    """A print-out of all that the office holds of a person: who requested it, and why.

    `letter` is the one by which it was requested. The file is an export, gone after some days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=_SUBJECT)
    name = EncipheredText(max_length=NAME, blank=True)
    reason = EncipheredText(max_length=REASON)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    documents = models.BooleanField(default=True)  # those of their own letters too
    export = models.OneToOneField(Export, on_delete=models.PROTECT, related_name="printout")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "-asked_at"], name="printouts_of_a_person")]

    def __str__(self) -> str:
        return str(self.pk)


class Rectification(models.Model):
    """A person's request that what is kept of them be corrected: recorded, decided, done, answered.

    `about` is a registered letter in which it stands: it is not rewritten, it gets a note.
    """

    class What(models.TextChoices):
        NAME = "name", _("Name")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        ADDRESS = "address", _("Address")
        LETTER = "letter", _("What a registered letter says")

    class State(models.TextChoices):
        ASKED = "asked", _("To be decided")
        DONE = "done", pgettext_lazy("of a rectification", "Corrected")
        REFUSED = "refused", _("Refused")

    subject = models.CharField(max_length=_SUBJECT)
    name = EncipheredText(max_length=NAME, blank=True)
    what = models.CharField(_("what"), max_length=8, choices=What)
    present = EncipheredText(max_length=VALUE, blank=True)
    wanted = EncipheredText(max_length=VALUE)
    reason = EncipheredText(max_length=REASON, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField()
    due_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    decision = EncipheredText(max_length=REASON, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = EncipheredText(max_length=REASON, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_by__isnull=False),
                name="rectification_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(what="letter") | Q(about__isnull=False),
                name="rectification_about_a_letter",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-id"], name="rectification_of_a_person"),
            models.Index(
                fields=["due_on", "id"], condition=Q(answered_at=None), name="rectification_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
