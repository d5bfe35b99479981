"""What becomes of each table's rows when a letter is disposed of, as the composition root has it.

Every table that leads to a letter is named once: its rows are deleted, blanked, or kept for a
reason (tests/architecture/test_disposal.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

DASH: Final = "—"  # in place of words that a row has; where it has none, none


@dataclass(frozen=True, slots=True)
class Deleted:
    """A table whose rows go; `paths` lead from a row to its letter's id, any of them."""

    label: str
    paths: tuple[str, ...]

    def rows(self, letter_id: UUID) -> Any:
        """Return the rows of a letter."""
        return _rows(self.label, self.paths, letter_id)


@dataclass(frozen=True, slots=True)
class Blanked:
    """A table whose rows stay for figures or references, with these columns emptied."""

    label: str
    paths: tuple[str, ...]
    columns: Mapping[str, Any]

    def rows(self, letter_id: UUID) -> Any:
        """Return the rows of a letter."""
        return _rows(self.label, self.paths, letter_id)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them.

    deleted: in this order, what refers to others first. kept: table → reason. obstacles: of
    letters, letter → code of why it must stay. files: further hashes that only this letter used.
    not_handed: table → why a package for the archives holds none of its rows. needed: those of some
    hashes that are used by what the database does not link by keys. forget: what is to be done when
    a file is deleted (caches).
    """

    deleted: Sequence[Deleted] = ()
    blanked: Sequence[Blanked] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    not_handed: Mapping[str, str] = field(default_factory=dict)
    obstacles: Sequence[Callable[[Iterable[UUID]], Mapping[UUID, str]]] = ()
    files: Sequence[Callable[[UUID], set[str]]] = ()
    needed: Sequence[Callable[[Iterable[str]], set[str]]] = ()
    forget: Sequence[Callable[[str], None]] = ()

    @property
    def emptied(self) -> Sequence[Deleted | Blanked]:
        """The tables whose rows go or lose their words."""
        return (*self.deleted, *self.blanked)

    @property
    def handed_over(self) -> Sequence[Deleted | Blanked]:
        """Those of them whose rows a package holds."""
        return [each for each in self.emptied if each.label not in self.not_handed]


@cache
def rules() -> Rules:
    """Return the table that the composition root holds."""
    found: Rules = import_string(settings.DISPOSAL_RULES)
    return found


def _rows(label: str, paths: tuple[str, ...], letter_id: UUID) -> Any:
    wanted = Q()
    for path in paths:
        wanted |= Q(**{path: letter_id})
    return apps.get_model(label)._base_manager.filter(wanted)
