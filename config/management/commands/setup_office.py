"""`manage setup_office [--organisation SET]`: tables, calendar, model and index; repeatable."""

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.data_folder import close_to_others
from config.demo_mark import has_organisation
from config.organisation import load_calendar
from correspondence.forms.starting import load_templates
from eservices.catalogue.loading import load_shipped, offer_what_fits
from org.starting import SETS
from registry.first_run import is_open
from routing.starting_set import load_lists
from understanding.learning.live_model import bundled_model


class Command(BaseCommand):
    """Set up what an office needs besides its own data, and that data only on request."""

    help = "Prepare or upgrade the office. Harmless to repeat: people and lists are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --organisation, which gives an empty office the lists of a starting set."""
        parser.add_argument(
            "--organisation",
            choices=SETS,
            help="load departments, kinds, registers and rules of a starting set into an office "
            "that has none; people come by the wizard (manage first_run)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the office up; touch nothing that an administrator has made, edited or removed."""
        close_to_others(settings.DATA_DIR)
        call_command("migrate", verbosity=0, interactive=False)
        if options["organisation"]:
            self._begin(options["organisation"])
        load_calendar(year=timezone.localdate().year)
        load_templates()
        load_shipped()
        if options["organisation"]:
            offer_what_fits(options["organisation"], actor=None)
        bundled_model()  # learnt here where set-up could not
        self._ready_index()
        if is_open():
            self.stderr.write(
                _("This office has no administrator yet. The link of its wizard: manage first_run")
            )

    def _begin(self, starting_set: str) -> None:
        if has_organisation():
            raise CommandError(
                _("This office has an organisation already; nothing was loaded."), returncode=2
            )
        load_lists(starting_set, actor=None)

    def _ready_index(self) -> None:
        """Rebuild an index of another version; report an engine that is unavailable and go on."""
        try:
            call_command("rebuild_index", if_needed=True, stdout=io.StringIO())
        except CommandError as error:
            self.stderr.write(_("The search index waits: %(why)s") % {"why": error})
