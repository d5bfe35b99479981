"""`manage renew_secrets`: encipher what is kept enciphered by today's SECRET_KEY."""

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.bank import keys
from identity import factors
from org.column_rows import renew_columns

KEPT: Final = {
    gettext_lazy("second steps"): factors.renew_kept_secrets,
    gettext_lazy("secrets of bank partners"): keys.renew_kept_secrets,
    gettext_lazy("columns of the register"): renew_columns,
}


class Command(BaseCommand):
    help = (
        "Enciphers kept secrets by today's SECRET_KEY, so that OLD_SECRET_KEYS can be given up. "
        "Exit 1: some are opened by no key."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Renew them, and say how many there were."""
        lost = 0
        for name, renew in KEPT.items():
            done, unread = renew()
            words = _("%(what)s: %(done)d enciphered anew, %(lost)d that no key opens")
            self.stdout.write(words % {"what": name, "done": done, "lost": unread})
            lost += unread
        sys.exit(1 if lost else 0)
