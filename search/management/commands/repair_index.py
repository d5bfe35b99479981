"""manage repair_index: database and index compared both ways, counted, and repaired."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.contract import EngineError
from search.services import repair_index


class Command(BaseCommand):
    help = (
        "Compares database and search index both ways and mends the index. Exit 1 when there is "
        "something left to do: with --check, or where only a rebuild helps."
    )
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="look and tell, mend nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            repair = repair_index(only_look=options["check"])
        except EngineError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(repair.as_json()))
        else:
            self._print_counts(repair.as_json())
        if repair.ahead or (options["check"] and not repair.sound):
            raise SystemExit(1)

    def _print_counts(self, counts: dict[str, int]) -> None:
        self.stdout.write(
            _(
                "Letters: %(letters)s; missing in the index: %(missing)s, too old: %(too_old)s, "
                "unknown to the database: %(orphaned)s"
            )
            % counts
        )
        if counts["ahead"]:
            self.stdout.write(
                _("Newer in the index than in the database: %(ahead)s. Run rebuild_index --anew.")
                % counts
            )
