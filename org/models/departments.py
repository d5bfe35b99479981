"""Departments: the units that letters are addressed to, as a tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from org.models.names import ThreeNames


class Department(ThreeNames):
    """A unit that letters are addressed to; its code is what rules and people write."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    head_office = models.BooleanField(_("registry office"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "code"]
