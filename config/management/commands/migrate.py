"""`manage migrate [--thorough]`: Django's own, made quick; new tables join the ledger."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from config.quick_migrations import quick_states
from ledger import opening, recording


class Command(migrate.Command):
    """Apply migrations, without rendering related models at each step."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --thorough to Django's own."""
        super().add_arguments(parser)
        parser.add_argument(
            "--thorough",
            action="store_true",
            help="render all related models at each step, as Django does: eight times as long",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply them as Django does, then enter what stands in tables that are newly covered."""
        connection = connections[options["database"]]
        with (
            nullcontext() if options.get("thorough") else quick_states(),
            nullcontext() if opening.is_there(connection) else recording.paused(),
        ):
            super().handle(*args, **options)
        if options["app_label"] is None and opening.is_there(connection):
            opening.open_tables()
