"""`manage export_line_truth FOLDER [--since DATE] [--add]`: corrected lines as training data."""

from __future__ import annotations

import errno
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ocr.judging.line_truth import export_lines
from org.days import midnight
from org.file_errors import file_error


class Command(BaseCommand):
    """Write pictures of lines with their text, for training a reader."""

    help = "Export lines that people corrected or confirmed: NAME.png and NAME.gt.txt each."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder, the first day, and `--add`."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--since", type=date.fromisoformat, help="only pages checked from this day on"
        )
        parser.add_argument("--add", action="store_true", help="the folder may hold files already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many lines were written; exit 2 with the reason where nothing could be."""
        try:
            folder = _resolved(options["folder"])
            _refuse_bad_folder(folder, add=options["add"])
            folder.mkdir(parents=True, exist_ok=True)
            done = export_lines(folder, since=_start_of(options["since"]))
        except OSError as error:
            reason = _("The folder cannot be written: %(reason)s.") % {"reason": file_error(error)}
            raise _refused(reason) from error
        words = ngettext("%(count)d line written.", "%(count)d lines written.", done.lines)
        self.stdout.write(words % {"count": done.lines})
        if done.known:
            words = ngettext(
                "%(count)d was there already.", "%(count)d were there already.", done.known
            )
            self.stdout.write(words % {"count": done.known})
        if done.no_picture:
            words = ngettext(
                "%(count)d page has no picture.",
                "%(count)d pages have no picture.",
                done.no_picture,
            )
            self.stderr.write(words % {"count": done.no_picture})


def _resolved(folder: Path) -> Path:
    """Return the folder's resolved path. Raise OSError where links form a loop."""
    try:
        return folder.resolve()
    except RuntimeError as error:  # the exception that Python raises up to 3.12
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _refused(why: str) -> CommandError:
    return CommandError(why, returncode=2)


def _refuse_bad_folder(folder: Path, *, add: bool) -> None:
    if folder.is_relative_to(Path(settings.DATA_DIR).resolve()):
        raise _refused(_("The folder lies inside DATA_DIR, where the office keeps its own."))
    if folder.exists() and not folder.is_dir():
        raise _refused(_("There is a file of this name."))
    if not add and folder.is_dir() and any(folder.iterdir()):
        raise _refused(_("The folder is not empty; --add writes into it all the same."))


def _start_of(day: date | None) -> datetime | None:
    """Return the first moment of a day in the office's time."""
    return midnight(day).astimezone(UTC) if day else None
