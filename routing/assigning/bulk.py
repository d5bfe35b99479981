"""One action on many letters, each in its own savepoint, with the result for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one letter; `reason` is empty where it succeeded."""

    letter: Letter
    reason: str = ""


def each(rows: Iterable[tuple[Letter, Any]], action: Callable[[Any], object]) -> list[Outcome]:
    """Apply the action to each row in its own savepoint; a refusal stops no other row.

    `rows` are letters with the arguments of the action. Raise NotAllowedError for none, or for
    more than 100.
    """
    chosen = list(rows)
    if not 1 <= len(chosen) <= MOST_AT_ONCE:
        raise NotAllowedError(_("Choose from one to 100 letters."))
    return [_one(letter, row, action) for letter, row in chosen]


def _one(letter: Letter, row: Any, action: Callable[[Any], object]) -> Outcome:
    try:
        with transaction.atomic():
            action(row)
    except NotAllowedError as error:
        return Outcome(letter, str(error))
    except ConflictError:
        return Outcome(letter, str(_("Someone was faster: the letter has moved on.")))
    return Outcome(letter)
