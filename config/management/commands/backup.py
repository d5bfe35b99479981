"""`manage backup [TO] [--recipient AGE…] [--plain] [--keep N] [--make-identity FILE] [--json]`."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils.translation import gettext as _

from config.backup.database import DumpError
from config.backup.encryption import EncryptionError, make_identity
from config.backup.making import Snapshot, forget, make_backup, moment, working_root
from config.backup.places import PlaceError, place_of
from config.backup.words import moment_words, why
from org.file_errors import file_error
from org.sizes import file_size
from registry.backups import record_backup
from registry.files.receiving import VaultError

_MISUSED: Final = 2
_MOST_HOURS: Final = 366 * 24  # between two backups


def _check(options: dict[str, Any]) -> None:
    """Raise CommandError for a number that would be taken as if it was unsaid."""
    if (options["keep"] or 0) < 0:
        raise CommandError(_("--keep is a whole number from 0 on."), returncode=_MISUSED)
    if options["every"] is not None and not 0 < options["every"] <= _MOST_HOURS:
        words = _("--every is a number of hours, at most %(most)d.") % {"most": _MOST_HOURS}
        raise CommandError(words, returncode=_MISUSED)


class Command(BaseCommand):
    help = (
        "Back up database, originals and keys to /folder, sftp://user@host/folder or s3://…, "
        "encrypted for age recipients. Originals that are there are not copied again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the place (BACKUP_URL), for whom it is encrypted, and what is kept."""
        parser.add_argument("to", nargs="?", default=settings.BACKUP_URL)
        parser.add_argument("--recipient", action="append", default=[], metavar="age1…")
        parser.add_argument("--plain", action="store_true", help="not encrypted, and without keys")
        parser.add_argument("--every", type=float, metavar="HOURS", help="again and again")
        parser.add_argument("--keep", type=int, help="remove all but so many snapshots; 0: none")
        parser.add_argument("--make-identity", metavar="FILE", help="make a key to open backups")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, and say what it holds. Exit 1 where it failed; with --every, go on."""
        if options["make_identity"]:
            self._make_identity(Path(options["make_identity"]))
            return
        _check(options)
        while options["every"] is not None:
            began = time.monotonic()
            try:
                self._make(options)
            except Exception as error:
                if getattr(error, "returncode", 0) == _MISUSED:
                    raise
                # The health page tells how old the last one is.
                words = str(error) if isinstance(error, CommandError) else type(error).__name__
                self.stderr.write(_("No backup: %(why)s") % {"why": words})
            close_old_connections()
            time.sleep(max(60.0, options["every"] * 3600 - (time.monotonic() - began)))
        self._make(options)

    def _make(self, options: dict[str, Any]) -> None:
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        if not options["to"]:
            raise CommandError(_("Say where to, or set BACKUP_URL."), returncode=_MISUSED)
        if bool(recipients) == options["plain"]:
            raise CommandError(
                _("Say for whom it is encrypted (--recipient, BACKUP_RECIPIENTS), or --plain."),
                returncode=_MISUSED,
            )
        try:
            place = place_of(options["to"])
            made = make_backup(place, recipients=recipients, progress=self._progress)
            record_backup(moment(made))
            (working_root() / "done").touch()
            gone = forget(place, keep=options["keep"]) if options["keep"] else []
        except (PlaceError, EncryptionError, DumpError, VaultError, OSError) as error:
            words = _("The backup failed: %(why)s") % {"why": why(error)}
            raise CommandError(words, returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(made) | {"names_key": "", "removed": gone}))
        else:
            self._tell(made)
        if made.missing:
            sys.exit(1)

    def _tell(self, made: Snapshot) -> None:
        words = _(
            "%(name)s – letters: %(letters)d, originals: %(originals)d (%(size)s), of these "
            "new: %(copied)d; it holds everything up to %(until)s"
        )
        size = file_size(made.original_bytes)
        told = {"size": size, "until": moment_words(made.began_at), "name": made.id}
        self.stdout.write(words % (asdict(made) | told))
        for sha256 in made.missing[:100]:
            self.stderr.write(_("missing in the vault: %(file)s") % {"file": sha256})
        for name in made.unread_keys:
            words = _("%(file)s belongs to another user: back it up as that user")
            self.stderr.write(words % {"file": name})

    def _make_identity(self, path: Path) -> None:
        try:
            recipient = make_identity(path)
        except OSError as error:
            raise CommandError(f"{path}: {file_error(error)}", returncode=_MISUSED) from error
        self.stdout.write(recipient)
        words = _("Keep %(file)s away from this machine: it alone opens the backups.")
        self.stderr.write(words % {"file": path})

    def _progress(self, done: int, of: int) -> None:
        if sys.stderr.isatty() and (done % 100 == 0 or done == of):
            words = _("Originals: %(done)d of %(all)d") % {"done": done, "all": of}
            self.stderr.write(f"\r{words}", ending="" if done < of else "\n")
