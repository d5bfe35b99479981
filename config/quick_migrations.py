"""Making an empty database's tables without rendering every related model at every step.

Django renders a changed model anew together with all that are related to it, recursively; where
most tables name the staff and the letter, that is all of them, at each of some hundred operations:
26 seconds of a processor for a new office, 4 without. Operations on tables need the changed model
alone. Before a step of Python code Django renders all models anew, as it does for delayed ones.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Return whether no migration was ever applied here."""
    return not MigrationRecorder(connection).applied_migrations()


@contextlib.contextmanager
def quick_states() -> Iterator[None]:
    """Render the changed model alone while migrations are applied to an empty database."""

    def find(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Any]:
        state.is_delayed = True
        return {(app_label, model_name)}

    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = find  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # type: ignore[attr-defined]
