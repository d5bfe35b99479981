"""Changing a database's tables without rendering every related model at every step.

Django renders a changed model anew together with all that are related to it, recursively; where
most tables name the staff and the letter, that is all of them, at each of some hundred operations:
26 seconds of a processor for a new office, 4 without, and an upgrade holds its locks as long.
Operations on tables need the changed model alone. Before a step of Python code Django renders all
models anew, as it does for delayed ones.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db.migrations.state import ProjectState


@contextlib.contextmanager
def quick_states() -> Iterator[None]:
    """Render the changed model alone while migrations are applied."""

    def find(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Any]:
        state.is_delayed = True
        return {(app_label, model_name)}

    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = find  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # type: ignore[attr-defined]
