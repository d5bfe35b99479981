"""manage rebuild_index: every letter into a new index beside the old one, then swap."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.contract import EngineError
from search.services import index_state, rebuild_index


class Command(BaseCommand):
    help = "Builds the search index anew; the old one answers until the new one is complete."
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only when there is no index yet, or one of another version of the program",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["if_needed"] and index_state() == "ready":
                self.stdout.write(_("The search index is up to date."))
                return
            started = time.monotonic()
            count = rebuild_index(self._progress if options["verbosity"] > 1 else _quietly)
        except EngineError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Letters indexed: %(count)s (%(seconds).1f s)")
            % {"count": count, "seconds": time.monotonic() - started}
        )

    def _progress(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} / {total}")


def _quietly(done: int, total: int) -> None:
    """No word about single steps."""
