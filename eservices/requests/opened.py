"""What follows from the opening of a request in rooms above, in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from eservices.requests.models import Request


@dataclass(frozen=True, slots=True)
class Opening:
    """A request that was just opened: its service, how it came, and the contact given."""

    request: Request
    service: str
    channel: str
    contact: str


_AFTER: Final[list[Callable[[Opening], None]]] = []


def after_open(do: Callable[[Opening], None]) -> None:
    """Register what follows from every opening."""
    _AFTER.append(do)


def run_after_opening(opening: Opening) -> None:
    """Do what was registered."""
    for do in _AFTER:
        do(opening)
