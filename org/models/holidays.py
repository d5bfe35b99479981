"""Days on which the office is closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from org.models.names import ThreeNames


class Holiday(ThreeNames):
    """A day on which the office is closed; religious days stay provisional until confirmed.

    `proposed` by the library of public holidays, else entered by a person; `exceptional` days off
    are announced for once. Two holidays may fall on one day: each keeps its own row, so that one
    can move without the other.
    """

    day = models.DateField(_("day"))
    confirmed = models.BooleanField(_("confirmed"), default=False)
    proposed = models.BooleanField(default=False, db_default=False)
    exceptional = models.BooleanField(_("exceptional"), default=False, db_default=False)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day", "name_fr"], name="holiday_once_a_day"),
        ]
