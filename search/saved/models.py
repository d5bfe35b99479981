"""The tables of saved searches and of the alerts sent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter


class SavedSearch(models.Model):
    """A search that a person keeps: `address` is its query as `search.address.request` spells it.

    `seen_at` is when the person last viewed it; `looked_at` is up to when alerts were searched for.
    """

    class Alert(models.TextChoices):
        NONE = "none", _("No e-mail")
        AT_ONCE = "at_once", _("Within minutes")
        DAILY = "daily", _("Once a day")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(max_length=4000)
    pinned = models.BooleanField(_("pinned"), default=True)
    alert = models.CharField(_("alert"), max_length=8, choices=Alert, default=Alert.NONE)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="one_saved_search_of_a_name"),
            models.CheckConstraint(
                condition=Q(alert__in=["none", "at_once", "daily"]), name="saved_alert_known"
            ),
        ]
        indexes = [
            models.Index(fields=["alert", "id"], condition=~Q(alert="none"), name="saved_alerts"),
        ]

    def __str__(self) -> str:
        return f"saved search {self.pk}"


class SearchAlert(models.Model):
    """A new letter that a saved search found; `told_at` is empty until its e-mail has been sent."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "letter"], name="one_alert_for_a_letter"),
        ]
        indexes = [
            models.Index(fields=["search"], condition=Q(told_at=None), name="alerts_to_tell"),
            models.Index(fields=["found_at"], name="alerts_found"),
        ]

    def __str__(self) -> str:
        return f"alert {self.search_id}"
