"""Changing a database's tables without rendering every related model at every step.

Django renders a changed model anew together with all that are related to it, recursively; where
most tables name the staff and the letter, that is all of them, at each of some hundred operations:
26 seconds of a processor for a new office, 4 without, and an upgrade holds its locks as long.
Most operations need the changed model alone. Migrations with another are applied as Django does:
one that changes what other tables may name (a key), or that is none of those named here. For a step
of Python code Django renders all models anew, as it does for delayed ones; here they are rendered
once the code asks for one, which few do in an empty database.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.migrations import operations
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils.functional import SimpleLazyObject

_ALONE: Final = (  # what changes nothing that another table names, whoever brings it
    *(operations.CreateModel, operations.DeleteModel, operations.AddField, operations.RemoveField),
    *(operations.AddIndex, operations.RemoveIndex, operations.AddConstraint),
    *(operations.RemoveConstraint, operations.AlterUniqueTogether, operations.AlterModelOptions),
    *(operations.AlterModelManagers, operations.RunPython),
)


@contextlib.contextmanager
def quick_states() -> Iterator[None]:
    """Render the changed model alone while migrations are applied that allow it."""
    find = ProjectState._find_reload_model  # type: ignore[attr-defined]
    apply, unapply = Migration.apply, Migration.unapply
    run = operations.RunPython.database_forwards

    def find_it(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Any]:
        state.is_delayed = True
        return {(app_label, model_name)}

    def as_needed(usual: Any) -> Any:
        def done(migration: Any, state: Any, *args: Any, **more: Any) -> Any:
            thorough = needs_related(migration, state)
            if thorough:
                state.__dict__.pop("apps", None)  # what the quick way left behind knows no related
            ProjectState._find_reload_model = find if thorough else find_it  # type: ignore[attr-defined]
            try:
                return usual(migration, state, *args, **more)
            finally:
                ProjectState._find_reload_model = find_it  # type: ignore[attr-defined]

        return done

    def run_it(step: Any, label: str, editor: Any, before: Any, after: Any) -> None:
        rendered: Any = _RenderedLater(before)
        run(step, label, editor, rendered, after)

    ProjectState._find_reload_model = find_it  # type: ignore[attr-defined]
    operations.RunPython.database_forwards = run_it  # type: ignore[assignment, method-assign]
    Migration.apply, Migration.unapply = as_needed(apply), as_needed(unapply)  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState._find_reload_model = find  # type: ignore[attr-defined]
        operations.RunPython.database_forwards = run  # type: ignore[method-assign]
        Migration.apply, Migration.unapply = apply, unapply  # type: ignore[method-assign]


class _RenderedLater:
    """A state as RunPython reads it, whose models are rendered once its code asks for one."""

    def __init__(self, state: ProjectState) -> None:
        self.apps = SimpleLazyObject(lambda: state.apps)
        self.clear_delayed_apps_cache = state.clear_delayed_apps_cache


def needs_related(migration: Migration, state: ProjectState) -> bool:
    """Return whether models related to those that it changes must be rendered with them.

    `state`: of the models before it.
    """
    return any(not _is_alone(one, migration.app_label, state) for one in _all(migration.operations))


def _all(given: Iterable[Operation]) -> Iterator[Operation]:
    for one in given:
        if isinstance(one, operations.SeparateDatabaseAndState):
            yield from _all([*one.database_operations, *one.state_operations])
        else:
            yield one


def _is_alone(one: Operation, app_label: str, state: ProjectState) -> bool:
    """Return whether an operation changes nothing that another table may name."""
    if not isinstance(one, operations.AlterField | operations.RenameField):
        return isinstance(one, _ALONE)
    name = one.name if isinstance(one, operations.AlterField) else one.old_name
    model = state.models.get((app_label, one.model_name_lower))
    before = model.fields.get(name) if model else None
    after = one.field if isinstance(one, operations.AlterField) else before
    return not any(field is None or field.primary_key or field.unique for field in (before, after))
