"""`manage upgrade_office [--backup-to PLACE] [--recipient AGE…] [--without-backup]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from config.backup.database import DumpError
from config.backup.encryption import EncryptionError
from config.backup.making import Snapshot, make_backup, moment
from config.backup.places import PlaceError, place_of
from config.backup.words import why
from registry.backups import record_backup
from registry.files.receiving import VaultError
from web.monitoring.parts import migrations_to_do


class Command(BaseCommand):
    help = "Bring tables, model and index to this version, after a backup where tables change."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where the backup goes: BACKUP_URL, else a folder beside DATA_DIR."""
        parser.add_argument("--backup-to", default=settings.BACKUP_URL, metavar="PLACE")
        parser.add_argument("--recipient", action="append", default=[], metavar="age1…")
        parser.add_argument("--without-backup", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Back up, upgrade, and say what changes. Exit 1 where the backup failed."""
        plan, made = migrations_to_do(), None
        has_tables = MigrationRecorder(connection).applied_migrations()
        if plan and has_tables and not options["without_backup"]:
            made = self._back_up(options)
        for migration in plan:
            names = {"app": migration.app_label, "name": migration.name}
            self.stdout.write(_("to do: %(app)s %(name)s") % names)
        call_command("setup_office")
        if made:
            record_backup(moment(made))
        self.stdout.write(_("Tables, model and index are those of this version."))

    def _back_up(self, options: dict[str, Any]) -> Snapshot:
        data = Path(settings.DATA_DIR)
        where = options["backup_to"] or str(data.with_name(f"{data.name}-backup"))
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        place = where.rpartition("@")[2]  # without a password
        self.stdout.write(_("backing up to %(place)s") % {"place": place})
        try:
            return make_backup(place_of(where), recipients=recipients)
        except (PlaceError, EncryptionError, DumpError, VaultError, OSError) as error:
            words = _("Nothing was upgraded, since the backup failed: %(why)s")
            raise CommandError(words % {"why": why(error)}, returncode=1) from error
