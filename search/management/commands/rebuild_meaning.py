"""manage rebuild_meaning: the vector index anew from the database; what is missing, and words."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from org.written_days import date_format
from search.contract import EngineError
from search.meaning.engines import has_meaning
from search.services import (
    meaning_index_state,
    rebuild_meaning,
    start_filling,
    start_words,
    words_in_use,
)


class Command(BaseCommand):
    help = "Builds the index of meanings anew; the old one answers until the new one is complete."
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only where there is no index, or one of another model or form",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not has_meaning():
            raise CommandError(_("Search by meaning is off in this office."), returncode=2)
        try:
            if not (options["if_needed"] and meaning_index_state() == "ready"):
                started = time.monotonic()
                count = rebuild_meaning(self._progress if options["verbosity"] > 1 else _quietly)
                self.stdout.write(
                    _("Letters indexed: %(count)s (%(seconds).1f s)")
                    % {"count": count, "seconds": time.monotonic() - started}
                )
        except EngineError as error:
            raise CommandError(str(error)) from error
        if start_filling():
            self.stdout.write(_("The vectors of the other letters are made in spare time."))
        self._words()

    def _words(self) -> None:
        """Print the state of the list of words, and queue a new one."""
        known = words_in_use()
        if known.made:
            self.stdout.write(
                _("Words by which languages meet: %(words)s, of %(letters)s letters (%(day)s)")
                % {
                    "words": known.words,
                    "letters": known.letters,
                    "day": date_format(timezone.localtime(known.made_at), "SHORT_DATE_FORMAT"),
                }
            )
        if start_words():
            self.stdout.write(_("The words of the letters are counted anew in spare time."))

    def _progress(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} / {total}")


def _quietly(done: int, total: int) -> None:
    """Ignore single steps."""
