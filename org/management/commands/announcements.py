"""`manage announcements [--make --fr … --ar … --from DAY --to DAY | --withdraw ID]`."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from org.announcements import announce_to_citizens, withdraw
from org.errors import BadOrganisationError
from org.models import Announcement, User
from org.table_command import actor_of

_SHOWN = 50


class Command(BaseCommand):
    help = "What citizens read at the head of their pages: listed as JSON lines, made, withdrawn."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is done, the words and the days."""
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--make", action="store_true")
        action.add_argument("--withdraw", type=int, metavar="ID")
        for code in ("ar", "fr", "en"):
            parser.add_argument(f"--{code}", default="", help="with --make: the words")
        parser.add_argument("--from", dest="first", default="", help="YYYY-MM-DD; today")
        parser.add_argument("--to", dest="last", default="", help="YYYY-MM-DD; the first day")
        parser.add_argument("--urgent", action="store_true")
        parser.add_argument("--as", dest="actor", default="", help="user name of who does it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; exit 2 for what cannot be done."""
        actor = actor_of(options["actor"])
        if options["make"]:
            self._tell(_made(options, actor))
        elif options["withdraw"] is not None:
            if not withdraw(options["withdraw"], actor=actor):
                raise CommandError(_("There is none of this id that is shown."), returncode=2)
        else:
            for row in Announcement.objects.order_by("-pk")[:_SHOWN]:
                self._tell(row)

    def _tell(self, row: Announcement) -> None:
        told = {
            "id": row.pk,
            "ar": row.words_ar,
            "fr": row.words_fr,
            "en": row.words_en,
            "from": str(row.first_day),
            "to": str(row.last_day),
            "urgent": row.urgent,
            "withdrawn": row.withdrawn_at is not None,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _made(options: dict[str, Any], actor: User | None) -> Announcement:
    try:
        first = date.fromisoformat(options["first"]) if options["first"] else timezone.localdate()
        last = date.fromisoformat(options["last"]) if options["last"] else first
    except ValueError as error:
        refused = _("--from and --to are days like 2026-11-24.")
        raise CommandError(refused, returncode=2) from error
    words = {code: options[code] for code in ("ar", "fr", "en")}
    try:
        return announce_to_citizens(
            words, first_day=first, last_day=last, urgent=options["urgent"], actor=actor
        )
    except BadOrganisationError as error:
        said = "; ".join(f"{name}: {text}" for name, text in error.problems.items())
        raise CommandError(said, returncode=2) from error
