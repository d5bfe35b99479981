"""How long letters are kept and what becomes of them then; the notice of it to their senders."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from org.models.kinds import LetterKind


class RetentionText(models.Model):
    """How long letters of a kind are kept, or all others (no kind); no `years`: for good.

    Years are counted from closing: `current_years` with the department that needs them, the rest in
    store. `fate` is what happens after `years`, undecided while it is empty. Nothing happens by
    itself: the schedule only says which letters may stand on a disposal list.
    """

    class Fate(models.TextChoices):
        DESTROY = "destroy", _("Destroyed")
        TRANSFER = "transfer", _("Handed over to the archives")
        KEEP = "keep", _("Kept for good")

    kind = models.ForeignKey(
        LetterKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind"),
    )
    current_years = models.PositiveSmallIntegerField(
        _("years with the department"), null=True, blank=True
    )
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    fate = models.CharField(_("what then"), max_length=8, choices=Fate, blank=True, default="")
    text_ar = models.CharField(max_length=600)
    text_fr = models.CharField(max_length=600)
    text_en = models.CharField(max_length=600, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("kind", 0), name="one_retention_of_a_kind"),
            models.CheckConstraint(
                condition=~Q(fate__in=["destroy", "transfer"]) | Q(years__gte=1),
                name="retention_ends_after_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id or '*'}: {self.years or '-'}"

    @property
    def text(self) -> str:
        """The text in the current language, else in French."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"text_{language}", "") or self.text_fr)
