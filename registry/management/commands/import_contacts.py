"""`manage import_contacts FILE.csv [--dry-run] [--json]`: a table into the directory."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from org.file_errors import unreadable
from org.table_command import actor_of
from registry.contacts.import_words import words_of_line, words_of_table
from registry.contacts.importing import BadTableError, Imported, import_contacts, opened_table

SHOWN = 50  # bad lines reported one by one


class Command(BaseCommand):
    """Import contacts. Exit 0: all lines taken, 1: some lines skipped, 2: file unreadable."""

    help = "Columns: name, organisation, email, phone, customer_number, address, language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and the options."""
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="look at all, write nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--as", dest="actor", default="", help="user name of who imports")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and print the result."""
        actor = actor_of(options["actor"])
        try:
            with opened_table(Path(options["file"])) as source:
                done = import_contacts(source, actor=actor, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(unreadable(options["file"], error), returncode=2) from error
        except BadTableError as error:
            raise CommandError(words_of_table(str(error)), returncode=2) from error
        self._tell(done, as_json=options["json"])
        if done.bad:
            sys.exit(1)

    def _tell(self, done: Imported, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(done), ensure_ascii=False))
            return
        counts = _(
            "Contacts: %(created)d new, %(completed)d completed, %(unchanged)d unchanged; "
            "lines passed over: %(bad)d."
        )
        self.stdout.write(counts % (asdict(done) | {"bad": len(done.bad)}))
        for bad in done.bad[:SHOWN]:
            told = {"line": bad.line, "why": words_of_line(bad)}
            self.stderr.write(_("Line %(line)d: %(why)s") % told)
        if len(done.bad) > SHOWN:
            more = _("And %(n)d more; --json tells all.")
            self.stderr.write(more % {"n": len(done.bad) - SHOWN})
