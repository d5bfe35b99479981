"""What rooms above contracts show on a contract's pages: readings, bills, payments.

A room registers a maker, which gives a template and its context for one contract, or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from eservices.contracts.models import Contract


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a template that finds its context as `section.context`."""

    template: str
    context: Mapping[str, Any]


Maker = Callable[[HttpRequest, Contract], Section | None]
_MAKERS: Final[dict[str, dict[str, tuple[int, Maker]]]] = {"citizen": {}, "staff": {}}


def add_section(page: str, name: str, maker: Maker, *, position: int = 100) -> None:
    """Add a part to the page of a contract for "citizen" or "staff", smaller positions first."""
    _MAKERS[page][name] = (position, maker)


def sections_of(page: str, request: HttpRequest, contract: Contract) -> list[Section]:
    """Return the parts of a contract's page."""
    makers = [maker for _position, maker in sorted(_MAKERS[page].values(), key=lambda one: one[0])]
    made = (maker(request, contract) for maker in makers)
    return [section for section in made if section is not None]
