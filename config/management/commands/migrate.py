"""`manage migrate [--thorough]`: Django's own, made quick; new tables join the ledger."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from config.quick_migrations import quick_states
from ledger import opening, recording

_TRIES: Final = 10
_DEADLOCK: Final = "40P01"


def through_deadlocks(apply: Callable[[], None]) -> None:
    """Apply migrations, again where one met somebody at work and each waited for the other.

    PostgreSQL rolls one of the two back; a migration that was rolled back is still to do. Other
    errors are raised, and this one after ten tries.
    """
    for left in reversed(range(_TRIES)):
        try:
            apply()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                raise
        else:
            return


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

        def apply() -> None:
            with (
                nullcontext() if options.get("thorough") else quick_states(),
                nullcontext() if opening.is_there(connection) else recording.paused(),
            ):
                super(Command, self).handle(*args, **options)

        through_deadlocks(apply)
        if options["app_label"] is None and opening.is_there(connection):
            opening.open_tables()
