"""The versions of the classifier that this office has trained.

What they learnt, how right they are, which one answers now.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """One training and its result. The model of the bundled letters has no row.

    `version` is the fingerprint of letters and code; `code` of the program that can use it. The
    figures are plain `figures.Figures` by question, `office_…` over the office's own letters that
    no model learns from; `rival` is the version that it was measured against. `learnt_from` holds
    a digest of each decision, so that new ones can be counted.
    """

    class State(models.TextChoices):
        LIVE = "live", _("In use")
        REFUSED = "refused", _("Refused")
        RETIRED = "retired", _("Set aside")

    version = models.CharField(max_length=16, unique=True)
    code = models.CharField(max_length=16)
    state = models.CharField(max_length=7, choices=State)
    reason = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    live_since = models.DateTimeField(null=True, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bundled_letters = models.PositiveIntegerField()
    office_letters = models.PositiveIntegerField()
    rival = models.CharField(max_length=16)
    figures = models.JSONField()
    rival_figures = models.JSONField()
    office_figures = models.JSONField()
    office_rival_figures = models.JSONField()
    learnt_from = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="live"), name="one_live_model"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["live", "refused", "retired"]), name="model_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(live_since__isnull=False),
                name="live_model_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="newest_model")]

    def __str__(self) -> str:
        return f"{self.version} ({self.state})"


class ModelFile(models.Model):
    """The bytes of a version, available to every worker; those of old versions are deleted.

    Not in the vault: a model holds words of letters, so it must be possible to destroy it.
    """

    version = models.OneToOneField(ModelVersion, on_delete=models.CASCADE, related_name="file")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.version_id}"
