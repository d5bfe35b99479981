"""What most rows of the organisation share: three names, and how confidential things are."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How confidential a letter is, and up to which level a person may read."""

    ORDINARY = 0, _("Ordinary")
    CONFIDENTIAL = 1, _("Confidential")
    SECRET = 2, _("Secret")


class ThreeNames(models.Model):
    """Something with a name in each of the office's languages."""

    name_ar = models.CharField(_("name in Arabic"), max_length=200)
    name_fr = models.CharField(_("name in French"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the current language, French where it is none of the three."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)
