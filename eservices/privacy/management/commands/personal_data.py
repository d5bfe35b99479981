"""`manage personal_data print|officers|rectifications`: personal data by law 09-08, by command."""

import errno
import json
import os
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from eservices.privacy import officers
from eservices.privacy.models import Rectification
from eservices.privacy.printing import PrintoutRequest, ask_printout, person_source
from eservices.privacy.rights import DataNotAllowedError
from eservices.relations.customers import NoSuchCustomerError
from jobs.errors import Permanent
from org.file_errors import unwritable
from org.models import User
from org.table_command import actor_of
from registry.models.letters import Letter
from search.exports.export_requests import (
    ExportRefusedError,
    MadeExport,
    fetch_export,
    path_of,
    save_export,
)
from search.exports.job import make_export
from search.exports.models import Export

MOST = 1000


class Command(BaseCommand):
    """Print a person's data, appoint who answers for it, list rectifications."""

    help = "Print-outs for those concerned, who answers for personal data, rectifications."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the three things that it does."""
        what = parser.add_subparsers(dest="what", required=True)
        made = what.add_parser("print", help="make a print-out of a person's data")
        made.add_argument("subject", help='"contact:12", "person:UUID", "contract:NUMBER"')
        made.add_argument("to", help="the ZIP to write")
        made.add_argument("--as", dest="actor", required=True, help="user name of who prints")
        made.add_argument("--reason", required=True, help="why, and who asked")
        made.add_argument("--letter", default="", help="number of the letter that asks for it")
        made.add_argument("--language", default="fr", choices=["ar", "fr", "en"])
        made.add_argument("--without-documents", action="store_true")
        held = what.add_parser("officers", help="list, appoint or end")
        held.add_argument("--appoint", default="", metavar="USER")
        held.add_argument("--end", default="", metavar="USER")
        held.add_argument("--as", dest="actor", default="", help="user name of who appoints")
        listed = what.add_parser("rectifications", help="list those that wait for an answer")
        listed.add_argument("--all", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it."""
        try:
            {"print": self._print, "officers": self._officers, "rectifications": self._list}[
                options["what"]
            ](options)
        except (DataNotAllowedError, ExportRefusedError, Permanent) as error:
            raise CommandError(str(error)) from error
        except NoSuchCustomerError as error:
            raise CommandError(_("There is nobody of this name."), returncode=2) from error

    def _print(self, options: dict[str, Any]) -> None:
        target, actor = Path(options["to"]), actor_of(options["actor"])
        if actor is None:
            raise CommandError(_("Say on whose behalf, by --as."), returncode=2)
        if target.is_dir() or not target.parent.is_dir():
            code = errno.EISDIR if target.is_dir() else errno.ENOENT
            raise CommandError(unwritable(target, OSError(code, "")), returncode=2)
        wanted = PrintoutRequest(
            subject=options["subject"],
            reason=options["reason"],
            letter=_letter(options["letter"], actor),
            language=options["language"],
            documents=not options["without_documents"],
        )
        export = ask_printout(wanted, actor=actor).export
        key = str(export.pk)
        made = make_export(key, lambda _done, _total: None, source_of=person_source)
        save_export(key, made)
        _drop_second(key, made)
        _export, stream = fetch_export(actor, export.pk)
        try:
            with stream, _own_file(target) as out:
                shutil.copyfileobj(stream, out)
        except OSError as error:
            raise CommandError(unwritable(target, error), returncode=2) from error
        self.stdout.write(f"{target}")

    def _officers(self, options: dict[str, Any]) -> None:
        actor = actor_of(options["actor"])
        if person := actor_of(options["appoint"]):
            officers.appoint(person, actor=actor)
        if person := actor_of(options["end"]):
            officers.end(person, actor=actor)
        for row in officers.officers():
            self.stdout.write(f"{row.person.username}\t{row.appointed_at:%Y-%m-%d}")

    def _list(self, options: dict[str, Any]) -> None:
        rows = Rectification.objects.order_by("due_on", "pk")
        if not options["all"]:
            rows = rows.filter(answered_at=None)
        for row in rows[:MOST]:
            told = {"id": row.pk, "subject": row.subject, "what": row.what, "state": row.state}
            self.stdout.write(json.dumps({**told, "due_on": row.due_on.isoformat()}))


def _drop_second(export_id: str, made: MadeExport | None) -> None:
    """Delete the file where a worker that took the job as well was faster: one is kept."""
    named = Export.objects.filter(pk=export_id).values_list("file_name", flat=True).first()
    if made is not None and made.file_name != named:
        path_of(made.file_name).unlink(missing_ok=True)


def _own_file(target: Path) -> BinaryIO:
    """Open a file that its owner alone reads, one that stands there as well."""
    out = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb")
    os.fchmod(out.fileno(), 0o600)
    out.truncate()
    return out


def _letter(number: str, actor: User) -> Letter | None:
    if not number:
        return None
    found: Letter | None = Letter.objects.visible_to(actor).filter(number=number).first()
    if found is None:
        words = _("There is no letter %(number)s that this person may see.")
        raise CommandError(words % {"number": number}, returncode=2)
    return found
