"""manage find QUERY --as USERNAME: what this person would find, on the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from org.models import User
from search.contract import MOST_HITS
from search.services import FoundLetters, find_letters
from search.snippets import plain


class Command(BaseCommand):
    help = "Finds letters on behalf of a person, as the search page does."
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", help='words, "a phrase", begin*, -without, or a number')
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME")
        parser.add_argument("--limit", type=int, default=20, metavar="N")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= MOST_HITS:
            raise CommandError(f"--limit: 1 … {MOST_HITS}", returncode=2)
        viewer = User.objects.filter(username=options["username"], is_active=True).first()
        if viewer is None:
            raise CommandError(_("There is no person with this user name."), returncode=2)
        found = find_letters(viewer=viewer, words=options["query"], limit=options["limit"])
        if found.engine_down:
            self.stderr.write(_("The search engine is away: only numbers were looked up."))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False))
            return
        for hit in found.hits:
            self.stdout.write(f"{hit.number}  {hit.subject}\n    {plain(hit.snippet)}")
        self.stdout.write(_("Letters found: %(total)s") % {"total": found.total})


def _as_json(found: FoundLetters) -> dict[str, Any]:
    """The fixed form: snippets are plain text."""
    return {
        "total": found.total,
        "hits": [
            {"number": hit.number, "subject": hit.subject, "snippet": plain(hit.snippet)}
            for hit in found.hits
        ],
    }
