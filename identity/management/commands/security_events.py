"""`manage security_events`: the record of security events as JSON, a line each."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from identity.events import KINDS, events
from org.models import User


class Command(BaseCommand):
    """Print events, the oldest first."""

    help = "print the record of security events, one JSON object a line"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the filters of the page."""
        parser.add_argument("--kind", choices=sorted(map(str, KINDS)), default="")
        parser.add_argument("--person", default="", help="a user name")
        parser.add_argument("--from", dest="first", type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what fits. Raise CommandError for a name that nobody has."""
        name, person_id = options["person"], None
        if name:
            person_id = User.objects.filter(username=name).values_list("pk", flat=True).first()
            if person_id is None:
                raise CommandError(_("There is nobody of this name."))
        found = events(
            kind=options["kind"], person_id=person_id, first=options["first"], last=options["last"]
        )
        for row in found.order_by("id").iterator(chunk_size=2000):
            told = {
                "id": row.pk,
                "at": row.at.isoformat(),
                "kind": row.kind,
                "person": row.person.username if row.person else None,
                "subject": row.subject.username if row.subject else None,
                "letter": str(row.letter_id) if row.letter_id else None,
                "address": row.address,
                "detail": row.detail,
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
