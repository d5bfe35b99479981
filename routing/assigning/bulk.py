"""One deed on many letters: each by itself, and of each it is said what became of it."""

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
    """What became of one letter; `reason` is empty where it went."""

    letter: Letter
    reason: str = ""


def each(rows: Iterable[tuple[Letter, Any]], deed: Callable[[Any], object]) -> list[Outcome]:
    """Do the deed with each row, in a savepoint of its own; what is refused stops no other.

    `rows` are letters with what the deed is told. NotAllowedError for none, or more than 100.
    """
    chosen = list(rows)
    if not 1 <= len(chosen) <= MOST_AT_ONCE:
        raise NotAllowedError(_("Choose from one to 100 letters."))
    return [_one(letter, row, deed) for letter, row in chosen]


def _one(letter: Letter, row: Any, deed: Callable[[Any], object]) -> Outcome:
    try:
        with transaction.atomic():
            deed(row)
    except NotAllowedError as error:
        return Outcome(letter, str(error))
    except ConflictError:
        return Outcome(letter, str(_("Someone was faster: the letter has moved on.")))
    return Outcome(letter)
