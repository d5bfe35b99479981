"""manage rebuild_index: every letter into a new index beside the old one, then swap."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.contract import EngineError
from search.services import index_state, rebuild_index

_TOLD_EACH = 5.0  # seconds


class Command(BaseCommand):
    help = (
        "Builds the search index anew; the old one answers until the new one is complete. "
        "Interrupted, it goes on from its place when it is called again."
    )
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only when there is no index yet, or one of another version of the program",
        )
        parser.add_argument(
            "--anew", action="store_true", help="from the beginning, whatever was interrupted"
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=len(os.sched_getaffinity(0)),
            metavar="N",
            help="analyse in N processes (the cores)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError("--processes: 1 …", returncode=2)
        self._told = time.monotonic()
        self._each = 0.0 if options["verbosity"] > 1 else _TOLD_EACH
        started = time.monotonic()
        try:
            if options["if_needed"] and index_state() == "ready":
                self.stdout.write(_("The search index is up to date."))
                return
            count = rebuild_index(
                self._progress, processes=options["processes"], anew=options["anew"]
            )
        except EngineError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                _("Interrupted. Called again, the rebuild goes on from its place."), returncode=130
            ) from None
        self.stdout.write(
            _("Letters indexed: %(count)s (%(seconds).1f s)")
            % {"count": count, "seconds": time.monotonic() - started}
        )

    def _progress(self, done: int, total: int) -> None:
        """Print a line every five seconds, with --verbosity 2 one for each step."""
        if time.monotonic() - self._told >= self._each:
            self._told = time.monotonic()
            self.stdout.write(f"{done} / {total}")
            self.stdout.flush()
