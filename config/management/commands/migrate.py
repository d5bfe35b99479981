"""`manage migrate`: Django's own, quick where the database is empty."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from config.quick_migrations import is_empty, quick_states


class Command(migrate.Command):
    """Apply migrations; to an empty database without rendering related models at each step."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply them as Django does."""
        empty = is_empty(connections[options["database"]])
        with quick_states() if empty else nullcontext():
            super().handle(*args, **options)
