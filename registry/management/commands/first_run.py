"""`manage first_run`: print the one-time link by which a new office is set up in a browser."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.first_run import is_open, make_link


class Command(BaseCommand):
    """Print a link that works once, for two days. Exit 2: there is an administrator already."""

    help = "Print the link of the wizard: institution, departments, registers, administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the link and print it."""
        if not is_open():
            raise CommandError(_("This office has an administrator already."), returncode=2)
        self.stdout.write(make_link())
