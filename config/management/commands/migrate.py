"""`manage migrate`: Django's own, quick where the database is empty; new tables join the ledger."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from config.quick_migrations import is_empty, quick_states
from ledger import opening, recording


class Command(migrate.Command):
    """Apply migrations; to an empty database without rendering related models at each step."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply them as Django does, then enter what stands in tables that are newly covered."""
        connection = connections[options["database"]]
        with (
            quick_states() if is_empty(connection) else nullcontext(),
            nullcontext() if opening.is_there(connection) else recording.paused(),
        ):
            super().handle(*args, **options)
        if options["app_label"] is None and opening.is_there(connection):
            opening.open_tables()
