"""`manage verify_register [--json] [--no-files] [--letter N]…`: verify it; exit 1 on problems."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from registry.models.letters import Letter
from registry.verification import verify_letters, verify_register


class Command(BaseCommand):
    """Verify gaps, chains, seals, closings and files."""

    help = "Check numbers, hash chains, every sealed row and every file. Exit 1 on problems."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --json for programs, --no-files to skip hashing the vault, --letter to check some."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-files", action="store_true", help="do not hash the vault again")
        parser.add_argument(
            "--letter",
            action="append",
            metavar="NUMBER",
            help="check this letter alone, not the books (may be given again)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"ok", "problems"} or a line per problem."""
        files = not options["no_files"]
        if options["letter"]:
            problems = list(verify_letters(_letters(options["letter"]), files=files))
        else:
            problems = list(verify_register(files=files))
        if options["json"]:
            answer = {"ok": not problems, "problems": [p.as_json() for p in problems]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for problem in problems:
                self.stdout.write(f"{problem.code}: {problem.row} {problem.detail}".rstrip())
            what = "What was asked for" if options["letter"] else "The register"
            self.stdout.write(f"{what} is whole." if not problems else "")
        if problems:
            sys.exit(1)


def _letters(numbers: list[str]) -> QuerySet[Letter]:
    """Return the letters of these numbers. Raise CommandError for a number that no letter has."""
    letters = Letter.objects.filter(number__in=numbers)
    found = set(letters.values_list("number", flat=True))
    if lost := [number for number in numbers if number not in found]:
        raise CommandError(
            f"no letter has the number {', '.join(lost)}; the books say what is lost"
        )
    return letters
