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

from config.backup.database import DumpError
from config.backup.encryption import EncryptionError, make_identity
from config.backup.making import Snapshot, forget, make_backup, moment, working_root
from config.backup.places import PlaceError, place_of
from registry.backups import record_backup
from registry.files.receiving import VaultError

_MISUSED: Final = 2


class Command(BaseCommand):
    help = (
        "Back up database, originals and keys to /folder, sftp://user@host/folder or s3://…, "
        "sealed for age recipients. Originals that are there are not copied again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the place (BACKUP_URL), for whom it is sealed, and what is kept."""
        parser.add_argument("to", nargs="?", default=settings.BACKUP_URL)
        parser.add_argument("--recipient", action="append", default=[], metavar="age1…")
        parser.add_argument("--plain", action="store_true", help="not sealed, and without keys")
        parser.add_argument(
            "--every", type=float, default=0, metavar="HOURS", help="again and again"
        )
        parser.add_argument("--keep", type=int, default=0, help="remove all but so many snapshots")
        parser.add_argument("--make-identity", metavar="FILE", help="make a key to open backups")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, and say what it holds. Exit 1 where it failed; with --every, go on."""
        if options["make_identity"]:
            self._make_identity(Path(options["make_identity"]))
            return
        while options["every"] > 0:
            began = time.monotonic()
            try:
                self._make(options)
            except Exception as error:
                if getattr(error, "returncode", 0) == _MISUSED:
                    raise
                # The health page tells how old the last one is.
                words = str(error) if isinstance(error, CommandError) else type(error).__name__
                self.stderr.write(f"No backup: {words}")
            close_old_connections()
            time.sleep(max(60.0, options["every"] * 3600 - (time.monotonic() - began)))
        self._make(options)

    def _make(self, options: dict[str, Any]) -> None:
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        if not options["to"]:
            raise CommandError("Say where to, or set BACKUP_URL.", returncode=_MISUSED)
        if bool(recipients) == options["plain"]:
            raise CommandError(
                "Say for whom it is sealed (--recipient, BACKUP_RECIPIENTS), or --plain.",
                returncode=_MISUSED,
            )
        try:
            place = place_of(options["to"])
            made = make_backup(place, recipients=recipients, progress=self._progress)
            record_backup(moment(made))
            (working_root() / "done").touch()
            gone = forget(place, keep=options["keep"]) if options["keep"] > 0 else []
        except (PlaceError, EncryptionError, DumpError, VaultError, OSError) as error:
            raise CommandError(f"The backup failed: {error}", returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(made) | {"names_key": "", "removed": gone}))
        else:
            self._tell(made)
        if made.missing:
            sys.exit(1)

    def _tell(self, made: Snapshot) -> None:
        self.stdout.write(
            f"{made.id}: {made.letters} letters, {made.originals} originals "
            f"({made.original_bytes / 1e6:.1f} MB), {made.copied} of them new; "
            f"holds everything up to {made.began_at}"
        )
        for sha256 in made.missing[:100]:
            self.stderr.write(f"missing in the vault: {sha256}")
        for name in made.unread_keys:
            self.stderr.write(f"{name} belongs to another user: back it up as that user")

    def _make_identity(self, path: Path) -> None:
        try:
            recipient = make_identity(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=_MISUSED) from error
        self.stdout.write(recipient)
        self.stderr.write(f"Keep {path} away from this machine: it alone opens the backups.")

    def _progress(self, done: int, of: int) -> None:
        if sys.stderr.isatty() and (done % 100 == 0 or done == of):
            self.stderr.write(f"\r{done} of {of} originals", ending="" if done < of else "\n")
