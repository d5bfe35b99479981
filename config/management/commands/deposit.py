"""`manage deposit FILE… [--each] [--wait] --json`: register letters from the command line."""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.finishing import finish, is_found, suggested_value
from org.models import User
from org.table_command import actor_of
from registry.intake import IncomingFile, LetterData, PartyData, Received, receive_letter
from registry.models.letters import Channel, Letter
from registry.refusals import DepositRefusedError, Refusal

REFUSED = 2


class Command(BaseCommand):
    """Several files are one letter; with --each, each file is a letter."""

    help = "Register files as a letter (or, with --each, as a letter each)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options; see their help texts."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--subject", default="")
        parser.add_argument("--sender", default="", help="the sender's name")
        parser.add_argument("--channel", default=Channel.COUNTER, choices=Channel.values)
        parser.add_argument("--register", default="IN", help="code of the register")
        parser.add_argument("--as", dest="username", default="", help="on whose behalf")
        parser.add_argument(
            "--key",
            default="",
            help="idempotency key: the same gives the same; with --each, of the batch",
        )
        parser.add_argument("--each", action="store_true", help="each file is a letter")
        parser.add_argument("--wait", action="store_true", help="until it is read and routed")
        parser.add_argument("--timeout", type=float, default=3600, help="seconds for --wait")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deposit; exit 2 when any letter was refused, 1 when --wait ran out of time."""
        actor = actor_of(options["username"])
        groups = [[f] for f in options["files"]] if options["each"] else [options["files"]]
        # With --wait the lines follow at the end, in order; without it, each is printed at once.
        outcomes: list[tuple[list[str], Received | dict[str, Any]]] = []
        for group in groups:
            outcome = _deposit(group, actor=actor, options=options)
            outcomes.append((group, outcome))
            if not options["wait"]:
                self._tell(_line(group, outcome), options)
        finished = True
        if options["wait"]:
            ids = [o.letter.pk for _, o in outcomes if isinstance(o, Received)]
            finished = finish(ids, seconds=options["timeout"])
            for group, outcome in outcomes:
                self._tell(_line(group, outcome, waited=True), options)
        if any(isinstance(outcome, dict) for _, outcome in outcomes):
            sys.exit(REFUSED)
        if not finished:
            sys.exit(1)

    def _tell(self, line: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(_printable(json.dumps(line, ensure_ascii=False)))
        elif "error" in line:
            self.stderr.write(_printable(line["error"]["message"]))
        else:
            self.stdout.write(_printable("  ".join(f"{n}: {value}" for n, value in line.items())))


def _printable(text: str) -> str:
    """Replace what is not text: a file name on disk need not be UTF-8, a line of JSON must be."""
    return text.encode(errors="surrogateescape").decode(errors="replace")


def _deposit(
    paths: Sequence[str], *, actor: User | None, options: dict[str, Any]
) -> Received | dict[str, Any]:
    """Return the registered letter, or the error as it is printed."""
    data = LetterData(
        channel=options["channel"],
        register=options["register"],
        subject=options["subject"],
        parties=[PartyData("sender", options["sender"])] if options["sender"] else [],
    )
    try:
        with ExitStack() as stack:
            files = list(_opened(paths, stack))
            key = options["key"]
            if key and options["each"]:
                key = _key_of_file(key, files[0])
            return receive_letter(data, actor=actor, files=files, deposit_key=key)
    except DepositRefusedError as error:
        words = [refusal.words() for refusal in error.refusals]
        return {"code": error.refusals[0].code, "message": " ".join(words)}
    except OSError as error:
        refusal = Refusal("unreadable", Path(str(error.filename)).name)
        return {"code": refusal.code, "message": refusal.words()}


def _key_of_file(key: str, file: IncomingFile) -> str:
    """Return the key of one file under the batch's key (--each): by its name and content."""
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return f"{key}:{file.name}:{digest}"


def _opened(paths: Sequence[str], stack: ExitStack) -> Iterator[IncomingFile]:
    for path in paths:
        yield IncomingFile(Path(path).name, stack.enter_context(Path(path).open("rb")))  # noqa: SIM115


def _line(
    paths: Sequence[str], outcome: Received | dict[str, Any], *, waited: bool = False
) -> dict[str, Any]:
    names = [Path(path).name for path in paths]
    if isinstance(outcome, dict):
        return {"files": names, "error": outcome}
    line = {
        "id": str(outcome.letter.pk),
        "number": outcome.letter.number,
        "tracking_code": outcome.tracking_code,
        "files": names,
    }
    return line | outcome_of(outcome.letter) if waited else line


def outcome_of(letter: Letter) -> dict[str, Any]:
    """Return how far the letter has come: stage, language, kind, department, found."""
    letter = Letter.objects.select_related("kind", "department").get(pk=letter.pk)
    kind = letter.kind.code if letter.kind else suggested_value(letter, "kind")
    unit = letter.department.code if letter.department else suggested_value(letter, "department")
    viewer = User.objects.filter(duty__in=["director", "clerk"], is_active=True)
    reader = viewer.filter(clearance__gte=letter.confidentiality).first()
    return {
        "stage": letter.stage,
        "language": letter.language,
        "kind": kind,
        "department": unit,
        "found": reader is not None and is_found(letter, viewer=reader),
    }
