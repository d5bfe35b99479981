"""`manage write_archive_package FOLDER NUMBER…`: packages for the archives (E-ARK CSIP)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from org.file_errors import file_error
from registry.disposal.packages import write_package
from registry.files.receiving import VaultError
from registry.models.letters import Letter
from registry.problem_words import WORDS


class Command(BaseCommand):
    """Write the package of each letter; nothing of the letters changes."""

    help = "Exit 2: no such letter, or the folder takes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder and the letters."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("numbers", nargs="+", metavar="NUMBER")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the path of each package."""
        try:
            options["folder"].mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(_not_written(options["folder"], error), returncode=2) from error
        for number in options["numbers"]:
            letter = Letter.objects.filter(number=number, disposal=None).first()
            if letter is None:
                words = _("No letter has the number %(number)s.")
                raise CommandError(words % {"number": number}, returncode=2)
            try:
                path = write_package(letter, options["folder"])
            except (OSError, VaultError) as error:
                words = _not_written(options["folder"], error)
                raise CommandError(words, returncode=2) from error
            self.stdout.write(str(path))


def _not_written(folder: Path, error: OSError | VaultError) -> str:
    if isinstance(error, VaultError):
        return str(WORDS["file_missing" if error.code == "missing" else "file_unread"])
    words = _("%(folder)s cannot be written: %(reason)s.")
    return words % {"folder": folder, "reason": file_error(error)}
