"""`manage understand_file FILE [--json]`: what a letter says, and where it would go.

Also whether it is here already. Changes nothing, and needs no database.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config.same_letters import same_letters
from config.understood import describe
from language.detect import detect_language
from ocr.children.sandbox import read_in_child
from ocr.errors import ReaderFailed, Unreadable
from ocr.problems import explain
from ocr.reading import SPEEDS, Reading
from org.file_errors import file_error
from understanding.learning.classification import Model
from understanding.learning.live_model import available_model
from understanding.letters.understanding import understand_text


class Command(BaseCommand):
    """Read one file in the sandbox, understand it, and print what would be suggested."""

    help = "Understand a letter: kind, department, sender, dates, references. Changes nothing."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, how carefully it is read, and when it came."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--speed", choices=SPEEDS, default="quick")
        parser.add_argument(
            "--received", type=date.fromisoformat, help="day of receipt (default: any day)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer and exit 0, or exit 2 with the reason why there is none."""
        path: Path = options["file"]
        try:
            with path.open("rb"):  # a missing file is told apart from an unreadable one
                pass
            reading = self._read(path, options["speed"])
        except (Unreadable, ReaderFailed) as error:
            self._fail(str(explain(getattr(error, "code", "crashed"))))
        except OSError as error:
            self._fail(_("The file cannot be opened: %(reason)s.") % {"reason": file_error(error)})
        language = reading.language or detect_language(reading.text)
        understood = understand_text(
            reading.text, language=language, model=ready_model(), today=options["received"]
        )
        answer = describe(
            understood,
            reading=reading,
            language=language,
            same_as=same_letters(path, reading, understood),
        )
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _read(self, path: Path, speed: Any) -> Reading:
        return read_in_child(
            path,
            page_seconds=settings.OCR_PAGE_SECONDS,
            languages=settings.OCR_LANGUAGES,
            speed=speed,
        )

    def _fail(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)


def ready_model() -> Model:
    """Return the office's model, or one trained for this call where its folder is not writable."""
    try:
        return available_model()
    except OSError:
        from understanding.learning.training import train
        from understanding.starting_set import learning_set

        return train(learning_set())
