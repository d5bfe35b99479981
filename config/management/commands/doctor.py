"""`manage doctor [--json] [--language …]`: what is right with this office, and what to do."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import override

from config.data_folder import UMASK
from config.database_away import lacks_tables
from config.start_problems import problems
from config.starting import not_heeded, startup_settings
from org.addresses import staff_address
from web.desk.administration.finding import BAD, OK, WARN, Finding
from web.desk.administration.health_checks import findings
from web.monitoring.parts import migrations_to_do

_MARKS: Final = {OK: "ok  ", WARN: "warn", BAD: "BAD "}


class Command(BaseCommand):
    help = "Look at settings, database, folder and everything of the health page. Exit 1: act."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --json for programs, and the language."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--language", choices=["ar", "fr", "en"], default=settings.LANGUAGE_CODE[:2]
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each, and what to do where something is wrong."""
        with override(options["language"]):
            found = list(_found())
        if options["json"]:
            rows = [asdict(row) for row in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, default=str))
        else:
            with override(options["language"]):
                named = _("%(name)s: %(words)s")
            for row in found:
                line = named % {"name": row.name, "words": row.words}
                self.stdout.write(f"{_MARKS[row.state]}  {line}")
                if row.command or row.todo:
                    self.stdout.write(f"      → {row.command or row.todo}")
                if row.link and row.state != OK and not row.command:
                    self.stdout.write(f"        {staff_address()}{row.link}")
        if any(row.state == BAD for row in found):
            sys.exit(1)


def _found() -> Iterator[Finding]:
    yield from _settings()
    yield from _folder()
    try:
        unmade = migrations_to_do()
    except DatabaseError:
        todo = _("Start the database, and look at DATABASE_URL.")
        yield Finding(_("Database"), BAD, _("It does not answer."), todo)
        return
    name = _("Tables")
    if lacks_tables(unmade):
        yield Finding(name, BAD, _("There are none yet."), _("Run ./sijill setup."))
        return
    if unmade:
        words = _("%(n)d changes of the tables are not made yet.") % {"n": len(unmade)}
        yield Finding(name, BAD, words, _("Run ./sijill upgrade, which makes a backup before."))
        return
    yield Finding(name, OK, _("They are those of this version."))
    yield from findings()


def _settings() -> Iterator[Finding]:
    wrong = problems(startup_settings())
    for problem in wrong:
        yield Finding(problem.setting, BAD, problem.words, "docs/settings.md")
    for words in not_heeded():
        yield Finding(_("Settings"), WARN, words, "docs/settings.md")
    if not wrong:
        yield Finding(_("Settings"), OK, _("Nothing contradicts."))


def _folder() -> Iterator[Finding]:
    name, folder = _("Data folder"), Path(settings.DATA_DIR)
    if not folder.is_dir():
        yield Finding(name, BAD, _("It is not there yet."), _("Run ./sijill setup."))
        return
    opened = [e.name for e in folder.iterdir() if not e.is_symlink() and e.stat().st_mode & UMASK]
    if opened:
        words = _("Others may read in it: %(names)s") % {"names": ", ".join(sorted(opened)[:10])}
        yield Finding(name, WARN, words, _("Start the office anew, which closes it."))
    else:
        yield Finding(name, OK, _("It is its user’s alone."))
