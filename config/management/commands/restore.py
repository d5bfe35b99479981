"""`manage restore FROM [--identity FILE] [--at ID] [--verify] [--list] [--json]`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import localize
from django.utils.translation import gettext as _

from config.backup.checking import check_backup
from config.backup.database import DumpError
from config.backup.encryption import EncryptionError, identities_in
from config.backup.making import snapshot_names
from config.backup.places import PlaceError, place_of
from config.backup.restoring import RestoreError, as_json, restore
from config.backup.words import NOT_RESTORED, moment_words, why
from registry.files.receiving import VaultError


class Command(BaseCommand):
    help = (
        "Put a backup in place of an office without letters, or (--verify) restore it aside, "
        "verify its register and throw it away. Exit 1: it is not whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the place, what opens it, which snapshot, and a trial."""
        parser.add_argument("source", nargs="?", default=settings.BACKUP_URL, metavar="FROM")
        parser.add_argument(
            "--identity", default="", metavar="FILE", help="opens what is encrypted"
        )
        parser.add_argument("--at", default="", metavar="ID", help="a snapshot but the newest")
        parser.add_argument("--verify", action="store_true", help="only try it, beside the office")
        parser.add_argument("--list", action="store_true", help="name the snapshots")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore or try it, and say what came back."""
        if not options["source"]:
            raise CommandError(_("Say where from, or set BACKUP_URL."), returncode=2)
        try:
            told = self._done(options)
        except OSError as error:
            raise CommandError(why(error), returncode=2) from error
        except (PlaceError, EncryptionError, DumpError, RestoreError, VaultError) as error:
            words = NOT_RESTORED % {"why": why(error)}
            raise CommandError(words, returncode=1) from error
        if options["list"]:
            self.stdout.write(json.dumps(told) if options["json"] else "\n".join(told["snapshots"]))
            if not told["snapshots"]:
                raise CommandError(_("There is no backup in this place."), returncode=1)
            return
        self.stdout.write(json.dumps(told) if options["json"] else _words(told))
        if told["lost"] or not told.get("verified", True):
            sys.exit(1)

    def _done(self, options: dict[str, Any]) -> dict[str, Any]:
        place = place_of(options["source"])
        if options["list"]:
            return {"snapshots": snapshot_names(place)}
        if options["verify"]:
            return check_backup(options["source"], identity=options["identity"], at=options["at"])
        identities = identities_in(Path(options["identity"])) if options["identity"] else []
        began = time.monotonic()
        done = restore(place, identities=identities, at=options["at"])
        return as_json(done, seconds=time.monotonic() - began)


def _words(told: dict[str, Any]) -> str:
    words = _(
        "%(snapshot)s – letters: %(letters)d, originals: %(originals)d, seconds: %(seconds)s; "
        "everything up to %(until)s"
    )
    numbers = {"seconds": localize(told["seconds"]), "until": moment_words(told["began_at"])}
    lines = [words % (told | numbers)]
    lines += [_("lost: %(file)s") % {"file": sha256} for sha256 in told["lost"][:100]]
    if "verified" in told:
        whole = _("The register is whole."), _("The register is not whole:")
        lines.append(whole[not told["verified"]])
        return "\n".join([*lines, *map(str, told["problems"])])
    if told["keys_in"]:
        words = _("Keys lie in %(folder)s; put them in place and remove that folder.")
        lines.append(words % {"folder": told["keys_in"]})
    if told["other_settings"]:
        words = _("This office has another value for %(names)s: set those of settings.json.")
        lines.append(words % {"names": ", ".join(told["other_settings"])})
    lines.append(_("Now: manage setup_office, manage verify_register, and start the office."))
    return "\n".join(lines)
