"""manage find QUERY --as USERNAME: what this person would find, on the command line."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from org.models import User
from search.answers.snippets import plain
from search.contract import MOST_HITS
from search.engines import get_engine
from search.query.parsing import parse
from search.services import FoundLetters, LetterHit, find_letters


class Command(BaseCommand):
    help = "Finds letters on behalf of a person, as the search page does."
    requires_system_checks: list[str] = []  # it needs neither the pages nor their addresses

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "query", help='words, "a phrase", begin*, -without, from:name, or a number'
        )
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME")
        parser.add_argument("--limit", type=int, default=20, metavar="N")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        name = _printable(options["username"])
        try:
            viewer = User.objects.filter(username=name, is_active=True).first()
        except DatabaseError as error:
            words = _("There is no office here: set it up first, or name its DATA_DIR.")
            raise CommandError(words, returncode=2) from error
        if viewer is None:
            raise CommandError(_("There is no person with this user name."), returncode=2)
        with translation.override(viewer.language):
            self._find(viewer, _printable(options["query"]), options)

    def _find(self, viewer: User, words: str, options: dict[str, Any]) -> None:
        limit = options["limit"]
        if not 1 <= limit <= MOST_HITS:
            raise CommandError(f"--limit: 1 … {MOST_HITS}", returncode=2)
        parsed = parse(words)
        if parsed.blank:
            raise CommandError(_("Type what to look for: the query is empty."), returncode=2)
        if parsed.hopeless:
            raise CommandError(_("There is no word and no number in this query."), returncode=2)
        began = time.monotonic()
        found = find_letters(viewer=viewer, words=words, limit=limit, leave_out=True)
        took = round((time.monotonic() - began) * 1000)
        if found.engine_down:
            self.stderr.write(_("The search engine is away: only numbers were looked up."))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, took), ensure_ascii=False))
            return
        self._print_hits(found)
        if found.left_out:
            words = _("No letter has all these words. Found without: %(words)s")
            self.stdout.write(words % {"words": ", ".join(found.left_out)})
        if found.corrected:
            self.stdout.write(_("Did you mean: %(query)s") % {"query": found.corrected})
        self.stdout.write(_("Letters found: %(total)s") % {"total": found.total})

    def _print_hits(self, found: FoundLetters) -> None:
        for hit in found.hits:
            self._print_hit(hit)
        if found.most:
            self.stdout.write(
                _("No letter has all these words. These have most of them; they are not counted.")
            )
        for hit in found.most:
            self._print_hit(hit)

    def _print_hit(self, hit: LetterHit) -> None:
        self.stdout.write(f"{hit.number}  {hit.subject}\n    {plain(hit.snippet)}")
        if hit.proposed_sender:
            sender = _("Proposed sender: %(name)s") % {"name": hit.proposed_sender}
            self.stdout.write(f"    {sender}")
        if hit.lacking:
            lacking = _("Without: %(words)s") % {"words": ", ".join(hit.lacking)}
            self.stdout.write(f"    {lacking}")


def _printable(argument: str) -> str:
    """Remove what is no text: bytes of another encoding, and the null that databases refuse."""
    return argument.encode(errors="replace").decode().replace("\x00", " ")


def _as_json(found: FoundLetters, took_ms: int) -> dict[str, Any]:
    """Return the fixed form: snippets are plain text; `did_you_mean` is null if none is better.

    `most` is there only where no letter has all words, a hit's `proposed_sender` where it has one.
    """
    most = [_hit(hit) | {"lacking": list(hit.lacking)} for hit in found.most]
    return {
        "total": found.total,
        "took_ms": took_ms,
        "engine": "database" if found.engine_down else get_engine().name,
        "hits": [_hit(hit) for hit in found.hits],
        "facets": {name: dict(counts) for name, counts in found.facets.items()},
        "did_you_mean": found.corrected or None,
        **({"most": most} if most else {}),
    }


def _hit(hit: LetterHit) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": hit.number,
        "subject": hit.subject,
        "snippet": plain(hit.snippet),
        "score": round(hit.score, 4),
    }
    return told | ({"proposed_sender": hit.proposed_sender} if hit.proposed_sender else {})
