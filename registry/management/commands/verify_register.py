"""`manage verify_register [--json] [--no-files] [--letter N]… [--against PROOF]…`; exit 1."""

import json
import sys
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from ledger.problems import Problem
from registry.models.disposal import DisposalList
from registry.models.letters import Letter
from registry.problem_words import NO_KEY, words_of
from registry.proof.proving import UNUSABLE, check_brought
from registry.verification import verify_letters, verify_register
from registry.verifying import save_verified
from signer.note import NoteError, read_key


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
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="PROOF",
            help="what is held outside: a checkpoint's file, a receipt's or closing's PDF or the "
            "line printed there, a timestamp token, a witness's note; `anchors`: all that the "
            "office anchored; `store`: what the second store holds (may be given again)",
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a verifier key (NAME+HASH+KEY) to trust in place of those that the log tells",
        )

        parser.add_argument(
            "--roots",
            action="append",
            default=[],
            type=Path,
            help="a PEM file of timestamp authorities that count; else every one does",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"ok", "problems"} or a line per problem."""
        files = not options["no_files"]
        roots = [root for path in options["roots"] for root in _certificates(path)]
        _refuse_what_is_no_key(options["key"])
        if options["letter"]:
            problems = list(verify_letters(_letters(options["letter"]), files=files))
        else:
            problems = list(verify_register(files=files))
        brought: list[Problem] = []
        try:
            brought = list(check_brought(options["against"], options["key"], roots))
        finally:
            if not options["letter"]:
                self._record([*problems, *(one for one in brought if one.code not in UNUSABLE)])
        problems += brought
        if options["json"]:
            answer = {"ok": not problems, "problems": [p.as_json() for p in problems]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            for disposal in _disposed():
                self.stdout.write(disposal)
            for problem in problems:
                self.stdout.write(words_of(problem))
            if not problems:
                whole = _("These letters are whole."), _("The register is whole.")
                self.stdout.write(whole[not options["letter"]])
        if problems:
            sys.exit(1)

    def _record(self, problems: list[Problem]) -> None:
        """Keep on record that the register was verified, as the health page's button does."""
        try:
            with transaction.atomic():
                save_verified("", [problem.as_json() for problem in problems])
        except DatabaseError as error:  # a copy that is only read
            words = _("The verification was not kept on record: %(why)s")
            self.stderr.write(words % {"why": type(error).__name__})


def _disposed() -> list[str]:
    """Return a line for each disposal list: what is not here because of it."""
    rows = DisposalList.objects.annotate(count=Count("letters")).filter(count__gt=0)
    words = _("Letters disposed of by list %(number)s: %(count)d")
    return [words % {"number": row.number, "count": row.count} for row in rows]


def _refuse_what_is_no_key(told: list[str]) -> None:
    """Raise CommandError for what is no verifier key: now, and not when all is looked at."""
    try:
        for one in told:
            read_key(one)
    except NoteError as error:
        raise CommandError(NO_KEY % {"option": "--key"}, returncode=2) from error


def _certificates(path: Path) -> list[Certificate]:
    """Return the certificates of a PEM file. Raise CommandError where it holds none."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        words = _("--roots: there is no certificate in %(file)s")
        raise CommandError(words % {"file": path}, returncode=2) from error


def _letters(numbers: list[str]) -> QuerySet[Letter]:
    """Return the letters of these numbers. Raise CommandError for a number that no letter has."""
    letters = Letter.objects.filter(number__in=numbers)
    found = set(letters.values_list("number", flat=True))
    if lost := [number for number in numbers if number not in found]:
        words = _("No letter has the number %(numbers)s; the books say what is lost.")
        raise CommandError(words % {"numbers": ", ".join(lost)})
    return letters
