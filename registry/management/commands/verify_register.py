"""`manage verify_register [--json] [--no-files]`: prove the register; exit 1 on problems."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.verification import verify_register


class Command(BaseCommand):
    """Gaps, chains, seals, closings and files."""

    help = "Check numbers, hash chains, every sealed row and every file. Exit 1 on problems."

    def add_arguments(self, parser: CommandParser) -> None:
        """--json for programs; --no-files skips hashing the vault."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-files", action="store_true", help="do not hash the vault again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"ok", "problems"} or a line per problem."""
        problems = list(verify_register(files=not options["no_files"]))
        if options["json"]:
            answer = {"ok": not problems, "problems": [p.as_json() for p in problems]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for problem in problems:
                self.stdout.write(f"{problem.code}: {problem.row} {problem.detail}".rstrip())
            self.stdout.write("The register is whole." if not problems else "")
        if problems:
            sys.exit(1)
