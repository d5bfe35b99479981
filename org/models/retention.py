"""How long letters are kept, as the institution tells those who write to it."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from org.models.kinds import LetterKind


class RetentionText(models.Model):
    """How long letters of a kind are kept, or all others (no kind); no `years`: for good.

    It informs; nothing is destroyed by it.
    """

    kind = models.ForeignKey(
        LetterKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
    )
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    text_ar = models.CharField(max_length=600)
    text_fr = models.CharField(max_length=600)
    text_en = models.CharField(max_length=600, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("kind", 0), name="one_retention_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id or '*'}: {self.years or '-'}"

    @property
    def text(self) -> str:
        """The text in the current language, else in French."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"text_{language}", "") or self.text_fr)
