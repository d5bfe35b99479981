"""Figures in large, each with its definition."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from figures.headline import Headline
from figures.summing import Figures
from figures.wording import DASH, days, number, share
from web.desk.figures.definitions import DEFINITIONS


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure in large: its name, value with unit, and definition; more as in Headline."""

    name: str
    value: str
    definition: Any
    bad: bool = False
    was: tuple[str, ...] = ()
    target: str = ""
    reached: bool | None = None


def tiles_of(found: list[Headline]) -> list[Tile]:
    """Return the headlines with their definitions."""
    return [
        Tile(
            name=one.name,
            value=one.value,
            definition=DEFINITIONS[one.code],
            bad=one.bad,
            was=one.was,
            target=one.target,
            reached=one.reached,
        )
        for one in found
    ]


def complaint_tiles(found: Figures) -> list[Tile]:
    """Return the figures of complaints."""
    wanted = [
        (pgettext("complaints", "Came in"), number(found.received), "received"),
        (pgettext("complaints", "Treated"), number(found.treated), "treated"),
        (_("With an answer"), number(found.answered), "answered"),
        (_("Positive"), _positive(found), "positive"),
        (_("Not recorded"), number(found.unrecorded), "unrecorded"),
        (_("Opened again"), number(found.reopened), "reopened"),
        (_("Mean delay"), days(found.mean), "mean"),
    ]
    return [Tile(name, value, DEFINITIONS[code]) for name, value, code in wanted]


def _positive(found: Figures) -> str:
    recorded = found.treated - found.unrecorded
    shown = share(found.positive, recorded)
    if shown == DASH or found.percent_positive is None:
        return DASH
    return shown if recorded < 10 else f"{number(found.positive)} · {shown}"
