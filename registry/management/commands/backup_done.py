"""`manage backup_done [--at MOMENT]`: report to the office that a backup was made."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from registry.backups import record_backup


class Command(BaseCommand):
    help = "The last line of the script that makes backups; not for backups that failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the moment."""
        parser.add_argument("--at", default="", help="2026-11-24T03:00, in the office's time; now")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Record it; exit 2 for what is no moment of the past."""
        at = None
        if options["at"]:
            try:
                at = parse_datetime(options["at"])
            except ValueError:
                at = None
            if at is None:
                words = _("--at: write the moment like 2026-11-24T03:00.")
                raise CommandError(words, returncode=2)
            at = timezone.make_aware(at) if timezone.is_naive(at) else at
        try:
            record_backup(at)
        except ValueError as error:
            raise CommandError(_("--at: this moment is still to come."), returncode=2) from error
        self.stdout.write(_("The backup is on record."))
