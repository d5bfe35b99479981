"""The record of processing: what personal data the office processes, why, and on what ground."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(texts: dict[str, str]) -> str:
    """Return the text in the current language, else in French."""
    return str(texts.get((get_language() or "fr")[:2]) or texts.get("fr") or "")


class Processing(models.Model):
    """One processing of personal data (law 09-08). Each text is {"ar", "fr", "en"}.

    `by_schedule`: its data are kept as long as the schedule of retention says. `cndp` is the number
    of its declaration or authorisation, given on `cndp_on`.
    """

    class Ground(models.TextChoices):
        LAW = "law", _("Obligation by law")
        MISSION = "mission", _("Mission of public interest")
        CONTRACT = "contract", _("Contract")
        CONSENT = "consent", _("Consent")
        INTEREST = "interest", _("Legitimate interest")
        VITAL = "vital", _("Vital interests")

    code = models.CharField(_("code"), max_length=40, unique=True)
    purpose = models.JSONField(_("purpose"), default=dict)
    ground = models.CharField(_("legal ground"), max_length=8, choices=Ground)
    ground_text = models.CharField(_("texts of law"), max_length=300, blank=True, default="")
    people = models.JSONField(_("people concerned"), default=dict)
    data = models.JSONField(_("data"), default=dict)
    recipients = models.JSONField(_("recipients"), default=dict)
    retention = models.JSONField(_("how long they are kept"), default=dict)
    by_schedule = models.BooleanField(_("as the schedule of retention says"), default=False)
    measures = models.JSONField(_("security measures"), default=dict)
    cndp = models.CharField(_("CNDP number"), max_length=60, blank=True, default="")
    cndp_on = models.DateField(_("given on"), null=True, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="processing_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.code

    def translated(self, name: str) -> str:
        """Return one of its texts in the current language."""
        return in_language(getattr(self, name))
