"""`manage compare_letters [--missing]`: enqueue every letter for the index of same mail again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from jobs.outbox import enqueue_all
from registry.doubles.finding import letters_to_compare
from registry.kinds import RegistryJob

BATCH = 500


class Command(BaseCommand):
    """For letters that were read before there was an index, or after its rules have changed."""

    help = "Compare every letter with all others again; --missing: those that never were."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the choice of letters."""
        parser.add_argument("--missing", action="store_true", help="only letters not in the index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enqueue a job for each letter, some hundred at a time; harmless to repeat."""
        count = 0
        for batch in letters_to_compare(missing=options["missing"], size=BATCH):
            with transaction.atomic():
                enqueue_all([(RegistryJob.LETTER_COMPARE, pk) for pk in batch])
            count += len(batch)
        self.stdout.write(_("Letters that will be compared: %(n)d") % {"n": count})
