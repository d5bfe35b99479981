"""`manage renew_secrets`: encipher what is kept enciphered by today's SECRET_KEY."""

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand

from eservices.bank import keys
from identity import factors
from org.column_rows import renew_columns

KEPT: Final = {
    "second steps": factors.renew_kept_secrets,
    "secrets of bank partners": keys.renew_kept_secrets,
    "columns": renew_columns,
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
            self.stdout.write(f"{name}: {done} enciphered anew, {unread} that no key opens")
            lost += unread
        sys.exit(1 if lost else 0)
