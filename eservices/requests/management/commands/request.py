"""`manage request CODE --answers FILE.json [--file PIECE=PATH]… [--contact MAIL] [--json]`."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.publishing import Published, published
from eservices.requests.opening import Opened, PieceFile
from eservices.requests.submitting import (
    AnswersRefusedError,
    SubmissionData,
    ask_service,
    check_asker,
    summary_of,
    take_asker,
)
from org.file_errors import unreadable
from org.table_command import actor_of
from registry.models.letters import Channel
from registry.refusals import DepositRefusedError

REFUSED: Final = 2


class Command(BaseCommand):
    """Request a service from the command line; wrong answers are named, and nothing registered."""

    help = "Ask for a service: check the answers and open the request."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options; see their help texts."""
        parser.add_argument("code", metavar="CODE", help="code of the service")
        parser.add_argument("--answers", required=True, metavar="FILE.json", help="- for stdin")
        parser.add_argument(
            *("--file", "--files"), dest="files", action="append", default=[], metavar="PIECE=PATH"
        )
        parser.add_argument("--contact", default="", metavar="MAIL", help="mail address or phone")
        parser.add_argument("--name", default="", help="who asks")
        parser.add_argument("--language", default="", choices=["", *LANGUAGES])
        parser.add_argument("--channel", default=Channel.COUNTER, choices=Channel.values)
        parser.add_argument("--as", dest="username", default="", help="on whose behalf")
        parser.add_argument("--key", default="", help="idempotency key: the same gives the same")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the request; exit 2 where anything is wrong with it."""
        service = published(options["code"])
        if service is None:
            words = f"There is no published service with the code {options['code']!r}."
            raise CommandError(words, returncode=REFUSED)
        given = _answers(options["answers"])
        try:
            with ExitStack() as cleanup:
                files = list(_opened(options["files"], cleanup))
                opened = _ask(service, given, files, options)
        except AnswersRefusedError as error:
            for name, words in error.errors.items():
                self.stderr.write(f"{name}: {words}")
            sys.exit(REFUSED)
        except DepositRefusedError as error:
            for refusal in error.refusals:
                self.stderr.write(f"{refusal.name or refusal.code}: {refusal.words()}")
            sys.exit(REFUSED)
        told = summary_of(opened)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(f"{name}: {value}" for name, value in told.items()))


def _ask(
    service: Published, given: dict[str, Any], files: Sequence[PieceFile], options: dict[str, Any]
) -> Opened:
    answers, told = take_asker(service.definition, given)
    if contact := options["contact"]:
        told["email" if "@" in contact else "phone"] = contact
    if options["name"]:
        told["name"] = options["name"]
    language = options["language"] or (get_language() or "fr")[:2]
    how = SubmissionData(
        language=language,
        channel=options["channel"],
        actor=actor_of(options["username"]),
        deposit_key=options["key"],
    )
    asker = check_asker(told, language=language)
    return ask_service(service, answers, asker=asker, files=files, how=how)


def _answers(path: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
        given = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, OSError):
            raise CommandError(unreadable(path, error), returncode=REFUSED) from error
        words = _("%(file)s is no JSON.") % {"file": path}
        raise CommandError(words, returncode=REFUSED) from error
    if not isinstance(given, dict):
        words = _("%(file)s holds no object of answers.") % {"file": path}
        raise CommandError(words, returncode=REFUSED)
    return given


def _opened(given: Sequence[str], cleanup: ExitStack) -> Iterator[PieceFile]:
    for one in given:
        piece, sign, path = one.partition("=")
        if not sign:
            words = _("“%(value)s” is not PIECE=PATH.") % {"value": one}
            raise CommandError(words, returncode=REFUSED)
        try:
            stream = cleanup.enter_context(Path(path).open("rb"))  # noqa: SIM115
        except OSError as error:
            raise CommandError(unreadable(path, error), returncode=REFUSED) from error
        name = Path(path).name.encode(errors="surrogateescape").decode(errors="replace")
        yield PieceFile(piece, name, stream)
