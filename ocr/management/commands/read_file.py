"""`manage read_file FILE [--speed S] [--json] [--words]`: reads a file without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ocr.children.sandbox import read_in_child
from ocr.errors import ReaderFailed, Unreadable
from ocr.problems import explain
from ocr.reading import PageReading, Reading, Speed, describe, describe_words
from org.file_errors import file_error


class Command(BaseCommand):
    """Read one file in the sandbox and print it."""

    help = "Read a file (text layer or OCR) and print its pages. No database is needed."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and the options for the output."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--speed",
            choices=["quick", "careful"],
            default="careful",
            help="quick: as a letter is first found; careful (default): as its text ends up",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--words", action="store_true", help="--json with words and boxes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the reading and exit 0.

        Exit 1 where the reader is missing for a page of it, 2 with the reason why there is no
        reading.
        """
        path: Path = options["file"]
        options["json"] = options["json"] or options["words"]
        try:
            reading = self._read(path, speed=options["speed"], quiet=options["json"])
        except (Unreadable, ReaderFailed) as error:
            self._fail(getattr(error, "code", "crashed"), as_json=options["json"])
        except OSError as error:
            reason = _("The file cannot be opened: %(reason)s.") % {"reason": file_error(error)}
            self._fail("missing", as_json=options["json"], reason=reason)
        if options["json"]:
            self.stdout.write(json.dumps(_answer(reading, options["words"]), ensure_ascii=False))
        else:
            self._print(reading)
        if any(page.problem == "engine" for page in reading.pages):
            self.stderr.write(str(explain("engine")))
            sys.exit(1)

    def _read(self, path: Path, *, speed: Speed, quiet: bool) -> Reading:
        with path.open("rb"):  # a missing file is told apart from an unreadable one
            pass

        def on_page(page: PageReading, total: int) -> None:
            if not quiet:
                self.stderr.write(f"{page.number}/{total}", ending="\r")

        return read_in_child(
            path,
            on_page=on_page,
            page_seconds=settings.OCR_PAGE_SECONDS,
            languages=settings.OCR_LANGUAGES,
            speed=speed,
        )

    def _print(self, reading: Reading) -> None:
        for page in reading.pages:
            head = f"── {page.number} · {page.source} · {page.language} · {page.confidence:.2f}"
            self.stdout.write(f"{head} {page.problem}".rstrip())
            self.stdout.write(page.text)

    def _fail(self, code: str, *, as_json: bool, reason: str = "") -> NoReturn:
        message = reason or str(explain(code))
        if as_json:
            self.stdout.write(
                json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False)
            )
        self.stderr.write(message)
        sys.exit(2)


def _answer(reading: Reading, words: bool) -> dict[str, Any]:
    pages = []
    for page in reading.pages:
        shown = describe(page)
        if words:
            shown |= describe_words(page)
        pages.append(shown)
    return {"language": reading.language, "pages": pages}
