"""Kinds of letters, from a list that the office edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from org.models.names import ThreeNames


class LetterKind(ThreeNames):
    """A kind of letter (complaint, request, invoice…), from a list that the office edits."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
