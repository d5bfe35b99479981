"""Formats of numbers that are the office's besides those of its registers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KnownFormat(models.Model):
    """How a predecessor or another desk of the office writes its numbers.

    The parts of a format are those of `language.number_formats`. A letter that quotes such a number
    quotes one of ours. One that is not `active` is kept for its history and matches nothing.
    """

    pattern = models.CharField(_("format"), max_length=60, unique=True)
    desk = models.CharField(_("whose numbers"), max_length=120)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["pattern"]

    def __str__(self) -> str:
        return self.pattern
