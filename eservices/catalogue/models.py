"""Tables of the catalogue: service types and their versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ServiceType(models.Model):
    """A service by its code; its form and its stages are in its versions."""

    code = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class ServiceTypeVersion(models.Model):
    """One version of a service type; its content never changes, requests keep theirs.

    `content` is what `eservices.catalogue.reading.read_definition` reads. Published from
    `published_from` until `published_to`; without the first it is a draft. `digest` is the SHA-256
    of the canonical JSON of the content; `shipped` marks what came with the program.
    """

    service = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    shipped = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_from = models.DateTimeField(null=True)
    published_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="one_type_version"),
            models.CheckConstraint(
                condition=Q(published_to__isnull=True)
                | Q(published_to__gte=models.F("published_from")),
                name="published_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["published_from", "published_to"], name="type_published"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"
