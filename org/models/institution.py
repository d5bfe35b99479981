"""The institution whose office this is: its name, appearance and texts, as dated versions."""

import re
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from org.models.names import ThreeNames

LANGUAGES: Final = ("ar", "fr", "en")


class Logo(models.Model):
    """A picture of the institution: a PNG drawn anew from what was uploaded."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Institution(ThreeNames):
    """The institution as it is called from a day on; append-only.

    The version in force on a day is the one with the latest `valid_from` that is not after it; of
    two with the same day the later written one.
    """

    valid_from = models.DateField()
    short_name = models.CharField(max_length=40, blank=True)
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, related_name="+")
    address_ar = models.CharField(max_length=300, blank=True)
    address_fr = models.CharField(max_length=300, blank=True)
    address_en = models.CharField(max_length=300, blank=True)
    hours_ar = models.CharField(max_length=200, blank=True)
    hours_fr = models.CharField(max_length=200, blank=True)
    hours_en = models.CharField(max_length=200, blank=True)
    telephones = models.CharField(max_length=200, blank=True)
    emergency = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    legal_ar = models.TextField(blank=True)
    legal_fr = models.TextField(blank=True)
    legal_en = models.TextField(blank=True)
    privacy_ar = models.TextField(blank=True)
    privacy_fr = models.TextField(blank=True)
    privacy_en = models.TextField(blank=True)
    accessibility_ar = models.TextField(blank=True)
    accessibility_fr = models.TextField(blank=True)
    accessibility_en = models.TextField(blank=True)
    colour_main = models.CharField(max_length=7, blank=True)
    colour_head = models.CharField(max_length=7, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["-valid_from", "-id"], name="institution_in_force")]

    def translated(self, what: str, language: str = "") -> str:
        """Return a text in the language, else in one that is given: French, Arabic, English."""
        wanted = language or (get_language() or "fr")[:2]
        texts = [getattr(self, f"{what}_{code}", "") for code in (wanted, "fr", "ar", "en")]
        return str(next((text for text in texts if text), ""))

    @property
    def address(self) -> str:
        """The address in the current language."""
        return self.translated("address")

    @property
    def hours(self) -> str:
        """The opening hours in the current language."""
        return self.translated("hours")

    @property
    def legal(self) -> str:
        """The legal notice in the current language."""
        return self.translated("legal")

    @property
    def privacy(self) -> str:
        """The institution's own words on data protection in the current language."""
        return self.translated("privacy")

    @property
    def accessibility(self) -> str:
        """What the institution adds to the accessibility statement, in the current language."""
        return self.translated("accessibility")

    @property
    def emergency_dialled(self) -> str:
        """The emergency number as a telephone dials it, "" where it is no single number."""
        digits = re.sub(r"[\s.()/-]", "", self.emergency)
        return digits if re.fullmatch(r"\+?[0-9]{2,15}", digits, re.ASCII) else ""
