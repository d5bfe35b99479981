"""Announcements of the office on the citizens' pages, for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

MOST_LETTERS = 600


class Announcement(models.Model):
    """An announcement to citizens from a day to a day; withdrawn, never changed or removed."""

    words_ar = models.CharField(max_length=MOST_LETTERS)
    words_fr = models.CharField(max_length=MOST_LETTERS)
    words_en = models.CharField(max_length=MOST_LETTERS, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    urgent = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="announcement_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"

    @property
    def words(self) -> str:
        """The words in the current language, French where it is none of the three."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"words_{language}", "") or self.words_fr)
