"""`manage export_proof FOLDER`: what tools/verify_independently.py needs, and nothing else."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from org.file_errors import file_error
from registry.proof.exporting import export_proof


class Command(BaseCommand):
    """Write the entries, checkpoints, anchors, events, closings and digests of all rows."""

    help = "For an auditor: the folder holds who did what to which letter; keep it as the register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write them; exit 2 for a folder that holds something, or cannot be written."""
        folder: Path = options["folder"]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(folder.iterdir()):
                words = _("%(folder)s is not empty.") % {"folder": folder}
                raise CommandError(words, returncode=2)
            counts = export_proof(folder)
        except OSError as error:
            raise CommandError(f"{folder}: {file_error(error)}", returncode=2) from error
        for name, count in counts.items():
            self.stdout.write(f"{name} {count}")
