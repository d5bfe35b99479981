"""`manage migrate [--thorough]`: Django's own, made quick; new tables join the ledger."""

from collections.abc import Callable
from contextlib import nullcontext
from importlib import import_module
from typing import Any, Final

from django.apps import apps
from django.core.management.base import CommandParser, no_translations
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import module_has_submodule

from config.brief_migrations import brief_locks
from config.quick_migrations import quick_states
from ledger import opening, recording
from org.brief_locks import repeat_after

_ASKED: Final = (  # who asks for one of these wants Django's own way
    *("app_label", "plan", "check_unapplied", "run_syncdb", "fake", "fake_initial", "prune"),
    "thorough",
)
_TRIES: Final = 10
_DEADLOCK: Final = "40P01"


def through_deadlocks(apply: Callable[[], None]) -> None:
    """Apply migrations, again where one met somebody at work and each waited for the other.

    PostgreSQL rolls one of the two back; a migration that was rolled back is still to do. Other
    errors are raised, and this one after ten tries.
    """
    repeat_after(apply, states={_DEADLOCK}, tries=_TRIES)


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
        if not any(map(options.get, _ASKED)) and not options["verbosity"] and _is_done(connection):
            self._tell_the_apps(connection, options["interactive"])
        else:
            self._migrate(connection, *args, **options)
        if options["app_label"] is None and opening.is_there(connection):
            opening.open_tables()

    @no_translations
    def _tell_the_apps(self, connection: BaseDatabaseWrapper, interactive: bool) -> None:
        """Let each app make what it wants after migrations, its permissions for one.

        Django renders all models of the last migration for that; they are those of the code.
        """
        for app in apps.get_app_configs():
            if module_has_submodule(app.module, "management"):
                import_module(".management", app.name)
        for emit in (emit_pre_migrate_signal, emit_post_migrate_signal):
            emit(0, interactive, connection.alias, stdout=self.stdout, apps=apps, plan=[])

    def _migrate(self, connection: BaseDatabaseWrapper, *args: Any, **options: Any) -> None:
        def apply() -> None:
            with (
                brief_locks(),
                nullcontext() if options.get("thorough") else quick_states(),
                nullcontext() if opening.is_there(connection) else recording.paused(),
            ):
                super(Command, self).handle(*args, **options)

        through_deadlocks(apply)


def _is_done(connection: BaseDatabaseWrapper) -> bool:
    """Whether every migration is applied. Raise InconsistentMigrationHistory as Django does."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    if executor.loader.detect_conflicts():
        return False
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
