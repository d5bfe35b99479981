"""Tables of readings: rounds, readings, their history, exports to the billing system."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from eservices.contracts.models import Contract, Meter, Service
from eservices.people.models import Person
from eservices.requests.models import Request
from org.columns import EncipheredText
from registry.models.files import StoredFile


class Round(models.Model):
    """When meters of a sector are read for a period ("2026-11"); sector "" is everywhere else."""

    period = models.CharField(max_length=7)
    sector = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=12, choices=Service, blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "sector", "service"], name="one_round"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="round_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["-period", "sector"], name="round_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.sector}"


class ReadingExport(models.Model):
    """Approved readings of a period that were exported to the billing system as one file."""

    period = models.CharField(max_length=7)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.period} {self.made_at}"


class Reading(models.Model):
    """An index that somebody read. One a meter and period that was not declined.

    `contract` is frozen when the reading is made. `verdict` and `checks` (codes and numbers) say
    what the plausibility found, `photo_index` what was read in the photo. A reading of a meter that
    is not known has none, nor a contract: `claimed` is what was given, and staff decide.
    """

    class Source(models.TextChoices):
        PORTAL = "portal", _("Web page")
        PHONE = "phone", _("Telephone")
        COUNTER = "counter", _("Counter")
        FIELD = "field", _("Field team")
        SYSTEM = "system", _("Other program")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("reading", "Received")
        APPROVED = "approved", pgettext_lazy("reading", "Approved")
        DECLINED = "declined", pgettext_lazy("reading", "Declined")
        EXPORTED = "exported", _("Handed over to billing")
        RETURNED = "returned", _("Refused by billing")

    class Verdict(models.TextChoices):
        PLAUSIBLE = "plausible", _("Plausible")
        DOUBTFUL = "doubtful", _("Doubtful")
        IMPLAUSIBLE = "implausible", _("Implausible")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, null=True, related_name="readings")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, related_name="readings"
    )
    claimed = models.JSONField(default=dict)
    period = models.CharField(max_length=7)
    index = models.BigIntegerField()
    read_on = models.DateField()
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    checks = models.JSONField(default=list)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    photo_index = models.CharField(max_length=20, blank=True)
    photo_doubt = models.CharField(max_length=40, blank=True)
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="readings"
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    contact = EncipheredText(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="fr")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    export = models.ForeignKey(
        ReadingExport, on_delete=models.PROTECT, null=True, related_name="readings"
    )
    result = models.CharField(max_length=20, blank=True)
    result_reason = models.CharField(max_length=500, blank=True)
    result_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "period"],
                condition=~Q(state__in=("declined", "returned")),
                name="one_reading_a_period",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "made_at", "id"], name="reading_state"),
            models.Index(fields=["contract", "-read_on"], name="reading_contract"),
            models.Index(fields=["period", "state", "id"], name="reading_period"),
            models.Index(fields=["meter", "-read_on"], name="reading_meter"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReadingEvent(models.Model):
    """What was done with a reading."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["reading", "id"], name="reading_events")]

    def __str__(self) -> str:
        return self.kind
