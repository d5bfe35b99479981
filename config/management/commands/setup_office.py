"""`manage setup_office`: tables and the demo organisation; harmless to repeat."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from routing.defaults import load_defaults

from config.organisation import load_calendar, load_organisation


class Command(BaseCommand):
    """Migrate, load the organisation, its calendar and its rules."""

    help = "Create the tables and load the demo organisation. Harmless to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing of what an administrator has edited is changed."""
        call_command("migrate", verbosity=0, interactive=False)
        load_organisation()
        load_calendar(year=timezone.localdate().year)
        load_defaults()
