"""`manage print_sheets FILE.pdf [--stickers] [--count N] [--both-sides]`: sheets for batches."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels.services import separator_sheets, sticker_sheets


class Command(BaseCommand):
    help = "Separator sheets (or stickers) for batches of scans, as a PDF to print."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to print, and where to."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--count", type=int, default=24)
        parser.add_argument("--stickers", action="store_true")
        parser.add_argument("--both-sides", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        try:
            if options["stickers"]:
                drawn = sticker_sheets(options["count"])
            else:
                drawn = separator_sheets(options["count"], both_sides=options["both_sides"])
        except ValueError as error:
            raise CommandError("--count is too small or too large.") from error
        options["file"].write_bytes(drawn)
        self.stdout.write(str(options["file"]))
