"""`manage demo [--once] [--json] [--prepare]`: take samples from deposit to registered reply."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.demo_mark import NotADemoError, load_demo
from config.demo_office import RunningOffice
from config.demo_walk import Journey, SampleLetter, load_samples, walk
from config.organisation import DEMO_PASSWORD, PEOPLE
from org.addresses import staff_address


class Command(BaseCommand):
    """Set up, start the office, deposit the samples, follow them, print how far each came."""

    help = "Walk the sample letters through a running office. --once stops it afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --once, --json and --prepare.

        --once stops the office when all letters are done; --json prints an object for each letter;
        --prepare loads the organisation with its people, and stops there.
        """
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--prepare", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demo; exit 1 when a letter was not finished."""
        self._prepare()
        if options["prepare"]:
            return
        samples = load_samples()
        with RunningOffice(say=self._say) as office:
            journeys = walk(samples, say=self._say)
            self._print(samples, journeys, as_json=options["json"])
            finished = all(journey.finished for journey in journeys)
            if not options["once"]:
                self._invite()
                office.wait()
        if not finished:
            sys.exit(1)

    def _prepare(self) -> None:
        """Load the demo organisation, never into a real office: its password is published."""
        if settings.PRODUCTION:
            raise CommandError(
                _("PRODUCTION=yes: the demo's people have a published password. Nothing was done."),
                returncode=2,
            )
        call_command("migrate", verbosity=0, interactive=False)
        try:
            load_demo()
        except NotADemoError as error:
            raise CommandError(
                _(
                    "This office is neither empty nor a demo. Nothing was loaded; "
                    "for a demo set DATA_DIR (and DATABASE_URL) to another place."
                ),
                returncode=2,
            ) from error
        call_command("setup_office")

    def _say(self, line: str) -> None:
        """Print progress to stderr, so that --json stays clean."""
        self.stderr.write(line)

    def _print(
        self, samples: list[SampleLetter], journeys: list[Journey], *, as_json: bool
    ) -> None:
        for journey in journeys:
            row = journey.as_json()
            if as_json:
                self.stdout.write(json.dumps(row, ensure_ascii=False))
                continue
            found = "found" if row["found"] else "NOT FOUND"
            reply = f"reply {row['reply_number']}" if row["reply_number"] else ""
            self.stdout.write(
                f"{row['number']}  {row['language'] or '--'}  {row['kind'] or '?':<21}"
                f"{row['department'] or '?':<5} {row['stage']:<10} {found}  {reply}"
            )

    def _invite(self) -> None:
        self.stdout.write(f"\nThe office is open: {staff_address()}/")
        self.stdout.write(f"Log in with one of these names and the password {DEMO_PASSWORD}")
        for username, first, last, duty, _clearance, memberships in PEOPLE:
            where = ", ".join(f"{role} of {code}" for code, role in memberships)
            self.stdout.write(f"  {username:<10} {first} {last}, {duty} {where and f'({where})'}")
        self.stdout.write("Ctrl-C closes it.")
