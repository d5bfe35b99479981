"""`manage setup_office [--organisation demo]`: tables, calendar, model and index; repeatable."""

import io
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo_mark import NotADemoError, load_first_organisation
from config.organisation import load_calendar
from registry.models.registers import Register
from understanding.learning.live_model import bundled_model


class Command(BaseCommand):
    """Set up what an office needs besides its own data, and that data only on request."""

    help = "Prepare or upgrade the office. Harmless to repeat: people and lists are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --organisation demo, which gives an empty office the demo's lists."""
        parser.add_argument(
            "--organisation",
            choices=["demo"],
            help="load departments, kinds, registers, rules and people without a password into an "
            "office that has none",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the office up; touch nothing that an administrator has made, edited or removed."""
        call_command("migrate", verbosity=0, interactive=False)
        if options["organisation"]:
            self._begin()
        load_calendar(year=timezone.localdate().year)
        bundled_model()  # learnt here where set-up could not
        self._ready_index()
        if not Register.objects.exists():
            self.stderr.write(
                _(
                    "This office has no registers yet, so it takes no letters. To begin with the "
                    "lists of the demo organisation: manage setup_office --organisation demo"
                )
            )

    def _begin(self) -> None:
        try:
            load_first_organisation()
        except NotADemoError as error:
            raise CommandError(
                _("This office has an organisation already; nothing was loaded."), returncode=2
            ) from error
        self.stderr.write(
            _("Nobody can log in yet. Give each person a password: manage changepassword NAME")
        )

    def _ready_index(self) -> None:
        """Rebuild an index of another version; report an engine that is unavailable and go on."""
        try:
            call_command("rebuild_index", if_needed=True, stdout=io.StringIO())
        except CommandError as error:
            self.stderr.write(f"The search index waits: {error}")
