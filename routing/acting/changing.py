"""One event for what routing changes in a letter: rows, columns and, where it moves, its stage."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import User
from registry.changes import record_change
from registry.kinds import EventKind
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import ConflictError, may_move
from routing.acting.errors import NotAllowedError


def change_letter(
    letter: Letter,
    kind: EventKind,
    *,
    actor: User | None,
    stage: str,
    data: dict[str, Any] | None = None,
    rows: Iterable[Model] = (),
    changes: dict[str, Any] | None = None,
    citizen: bool = False,
) -> None:
    """Record one event for the rows and columns, and for the stage where it changes.

    The letter is locked. Raise ConflictError where its stage does not allow the move.
    """
    changes, data = dict(changes or {}), dict(data or {})
    if stage != letter.stage:
        if not may_move(letter.stage, stage):
            raise ConflictError
        changes["stage"] = stage
        data |= {"stage_from": str(letter.stage), "stage_to": str(stage)}
    seen = LetterEvent.Visibility.CITIZEN if citizen else LetterEvent.Visibility.STAFF
    record_change(letter, kind, actor=actor, data=data, rows=rows, changes=changes, visibility=seen)


def needed(reason: str) -> str:
    """Return the reason as one line; raise NotAllowedError without one."""
    if not (said := one_line(reason)):
        raise NotAllowedError(_("Give a reason."))
    return said
