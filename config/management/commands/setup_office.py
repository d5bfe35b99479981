"""`manage setup_office`: tables and the demo organisation; harmless to repeat."""

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.organisation import DEMO_PASSWORD, load_calendar, load_organisation
from routing.learning.live_model import bundled_model
from routing.rules.defaults import load_defaults


class Command(BaseCommand):
    """Migrate, load the organisation, its calendar and its rules."""

    help = "Create the tables and load the demo organisation. Harmless to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Nothing of what an administrator has edited is changed."""
        call_command("migrate", verbosity=0, interactive=False)
        # A password that everybody can read is for a demo only.
        load_organisation(password=None if settings.PRODUCTION else DEMO_PASSWORD)
        load_calendar(year=timezone.localdate().year)
        load_defaults()
        bundled_model()  # learnt here where set-up could not
        self._ready_index()

    def _ready_index(self) -> None:
        """An index of another version is built anew; an engine that is away is only said."""
        try:
            call_command("rebuild_index", if_needed=True, stdout=io.StringIO())
        except CommandError as error:
            self.stderr.write(f"The search index waits: {error}")
