"""Changes of the organisation: who changed what, before and after; append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OrgChange(models.Model):
    """One change of a row of the organisation, as a table of values before and after.

    `key` is the row's code or user name as it was then, the number of a row that has no code, the
    year of a day off. Only what differs stands in `before` and
    `after`; a password never does.
    """

    class Noun(models.TextChoices):
        PERSON = "person", _("Person")
        DEPARTMENT = "department", _("Department")
        KIND = "kind", _("Kind of letter")
        REGISTER = "register", _("Register")
        TEMPLATE = "template", _("Template")
        DEADLINE = "deadline", _("Term")
        HOLIDAY = "holiday", _("Day off")
        LIST = "list", _("Distribution list")
        CIRCUIT = "circuit", _("Circuit")
        RETENTION = "retention", _("Retention")
        SERVICE = "service", _("Service")
        NUMBERS = "numbers", _("Format of numbers")
        PROCESSING = "processing", _("Processing of personal data")

    noun = models.CharField(max_length=12, choices=Noun)
    key = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["noun", "key", "-id"], name="org_change_of")]

    def __str__(self) -> str:
        return f"{self.noun} {self.key}: {self.action}"
