"""`manage find_contact_doubles [--after ID] [--limit N] [--json]`: keep likely doubles."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.contacts.merging import find_doubles


class Command(BaseCommand):
    """Check `limit` contacts after `after`; print from where to go on (0: at the end)."""

    help = "Bounded: call again with --after until it answers 0."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to begin and how many to check."""
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="where to go on")
        parser.add_argument(
            "--limit", type=int, default=5000, metavar="N", help="how many contacts to check"
        )
        parser.add_argument("--json", action="store_true", help="an object with next and found")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is found. Raise CommandError for numbers that cannot be."""
        if options["limit"] < 1:
            raise CommandError("--limit: 1 …", returncode=2)
        if options["after"] < 0:
            raise CommandError("--after: 0 …", returncode=2)
        after, found = find_doubles(after=options["after"], limit=options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps({"next": after, "found": found}))
        else:
            self.stdout.write(f"found {found}; go on after {after}" if after else f"found {found}")
