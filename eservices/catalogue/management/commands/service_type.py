"""`manage service_type --check FILE | --import FILE | --export CODE`: a service as a TOML file."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from eservices.catalogue.definition import BadServiceTypeError, Problem
from eservices.catalogue.fitting import misfits
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import OverlapError, keep_version, publish
from eservices.catalogue.reading import read_definition
from eservices.catalogue.toml_files import MOST_BYTES, as_toml, from_toml
from org.file_errors import file_error
from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError


class Command(BaseCommand):
    """Check, take in or write a service type."""

    help = (
        "A service type as a TOML file (docs/eservices.md): checked, kept as its next version, or "
        "written to stdout. What is wrong stands on stderr, a line each: path: words; exit 2."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three actions; "-" is standard input."""
        action = parser.add_mutually_exclusive_group(required=True)
        action.add_argument("--check", metavar="FILE")
        action.add_argument("--import", metavar="FILE", dest="source")
        action.add_argument("--export", metavar="CODE")
        parser.add_argument("--number", type=int, help="with --export: the version; the latest")
        parser.add_argument(
            "--publish", action="store_true", help="with --import: publish the version too"
        )
        parser.add_argument("--from", dest="start", default="", help="with --publish; now")
        parser.add_argument("--to", dest="end", default="", help="with --publish; without end")
        parser.add_argument("--note", default="", help="with --import: why, for the history")
        parser.add_argument("--as", dest="actor", default="", help="user name of who does it")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; exit 2 for what cannot be done."""
        if options["export"]:
            self._export(options["export"], options["number"])
            return
        try:
            content = from_toml(_read(options["check"] or options["source"]))
            if options["check"]:
                self._check(content, as_json=options["json"])
            else:
                self._import(content, options)
        except BadServiceTypeError as error:
            self._tell_problems(error.problems)
            sys.exit(2)

    def _tell_problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self.stderr.write(f"{problem.path}: {problem.words}")

    def _check(self, content: dict[str, Any], *, as_json: bool) -> None:
        definition = read_definition(content)
        if problems := misfits(definition):
            raise BadServiceTypeError(problems)
        told = {
            "code": definition.code,
            "fields": len(list(definition.fields())),
            "pieces": len(definition.pieces),
            "stages": len(definition.stages),
        }
        if as_json:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(_("%(code)s: nothing is wrong with it.") % told)

    def _import(self, content: dict[str, Any], options: dict[str, Any]) -> None:
        actor = _actor(options["actor"])
        try:
            version = keep_version(content, actor=actor, note=options["note"])
            if options["publish"]:
                start, end = _moment(options["start"]), _moment(options["end"])
                version = publish(version, actor=actor, start=start, end=end)
        except (NotAllowedError, OverlapError) as error:
            raise CommandError(str(error), returncode=2) from error
        except ConflictError as error:
            words = _("This version is published already.")
            raise CommandError(words, returncode=2) from error
        self._tell_problems(misfits(read_definition(content)))
        told = {
            "code": version.service.code,
            "version": version.version,
            "published": version.published_from is not None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        elif told["published"]:
            self.stdout.write(_("%(code)s: version %(version)d, published.") % told)
        else:
            self.stdout.write(_("%(code)s: version %(version)d, a draft.") % told)

    def _export(self, code: str, number: int | None) -> None:
        rows = ServiceTypeVersion.objects.filter(service__code=code).order_by("-version")
        version = (rows.filter(version=number) if number is not None else rows).first()
        if version is None:
            raise CommandError(_("There is no such service or version."), returncode=2)
        self.stdout.write(as_toml(version.content), ending="")


def _read(name: str) -> str:
    """Return the text of a file, or of standard input."""
    try:
        if name == "-":
            return sys.stdin.read(MOST_BYTES)
        if Path(name).stat().st_size > MOST_BYTES:
            raise CommandError(_("The file is too large for a service."), returncode=2)
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        words = _("The file cannot be read: %(why)s") % {"why": file_error(error)}
        raise CommandError(words, returncode=2) from error
    except UnicodeDecodeError as error:
        words = _("The file is no TOML: %(why)s") % {"why": error.reason}
        raise BadServiceTypeError([Problem("type", words)]) from error


def _moment(given: str) -> datetime | None:
    """Return the moment that was written (a day: its first minute), None for none."""
    if not given:
        return None
    try:
        found = parse_datetime(given if "T" in given or " " in given else f"{given}T00:00")
    except ValueError:
        found = None
    if found is None:
        words = _("--from and --to are like 2026-11-24 or 2026-11-24T08:30")
        raise CommandError(words, returncode=2)
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _actor(username: str) -> User | None:
    actor = User.objects.filter(username=username, is_active=True).first()
    if username and actor is None:
        raise CommandError(_("There is no person with this user name."), returncode=2)
    return actor
