"""`manage print_sheets FILE.pdf [--stickers] [--count N] [--both-sides] [--force]`: sheets."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from channels.services import separator_sheets, sticker_sheets
from org.file_errors import file_error


class Command(BaseCommand):
    help = "Separator sheets (or stickers) for batches of scans, as a PDF to print."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what to print, and where to."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--count", type=int, default=24)
        parser.add_argument("--stickers", action="store_true")
        parser.add_argument("--both-sides", action="store_true")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; exit 2 where it is there already, or cannot be written."""
        target: Path = options["file"]
        if not options["force"] and (target.exists() or target.is_symlink()):
            raise _refused(_("There is a file of this name; --force writes over it."))
        try:
            if options["stickers"]:
                drawn = sticker_sheets(options["count"])
            else:
                drawn = separator_sheets(options["count"], both_sides=options["both_sides"])
        except ValueError as error:
            raise CommandError(_("--count is too small or too large.")) from error
        try:
            with target.open("wb" if options["force"] else "xb") as file:
                file.write(drawn)
        except OSError as error:
            reason = {"reason": file_error(error)}
            raise _refused(_("The file cannot be written: %(reason)s.") % reason) from error
        self.stdout.write(str(target))


def _refused(why: str) -> CommandError:
    return CommandError(why, returncode=2)
