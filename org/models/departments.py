"""Departments: the units that letters are addressed to, as a tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from org.models.names import ThreeNames


class Department(ThreeNames):
    """A unit that letters are addressed to; its code is what rules and people write.

    A closed one is inactive; its `heir` got what it had open.
    """

    code = models.CharField(_("code"), max_length=12, unique=True)
    head_office = models.BooleanField(_("registry office"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(_("active"), default=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    heir = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="inherited_from"
    )
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "code"]
