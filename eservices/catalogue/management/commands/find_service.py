"""`manage find_service QUERY --language ar|fr [--json]`: the services that answer a search."""

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.finding import find_among
from eservices.catalogue.publishing import published_types

_MOST: Final = 50


class Command(BaseCommand):
    """Rank the published services for what a citizen types, as the home page does."""

    help = "Services by words, dialect or misspelling; --json: a list of {code, title, score}."
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        """Add QUERY, --language, --limit and --json."""
        parser.add_argument("query", help="what a citizen types")
        parser.add_argument("--language", choices=LANGUAGES, default="fr", help="of the page")
        parser.add_argument("--limit", type=int, default=10, metavar="N")
        parser.add_argument("--json", action="store_true", help="one JSON list on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them, the best first; nothing found is an empty list, and no error."""
        language, limit = options["language"], options["limit"]
        if not 1 <= limit <= _MOST:
            raise CommandError(f"--limit: 1 … {_MOST}", returncode=2)
        query = options["query"].encode("utf-8", "replace").decode()  # bytes that are no text
        try:
            types = published_types()
        except DatabaseError as error:
            words = _("There is no office here: set it up first, or name its DATA_DIR.")
            raise CommandError(words, returncode=2) from error
        titles = {one.code: one.definition.title.in_(language) for one in types}
        found = find_among(types, query, language=language, limit=limit)
        if options["json"]:
            rows = [{"code": r.code, "title": titles[r.code], "score": r.score} for r in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in found:
            self.stdout.write(f"{row.score:7.2f}  {row.code}  {titles[row.code]}")
        if not found:
            self.stderr.write(_("No service found"))
