"""Charts as shapes: the bars of two series, mirrored for right-to-left languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 600
_HEIGHT: Final = 200
_FOOT: Final = 24
_HEAD: Final = 8
_LINE: Final = 34
_NAMES: Final = 150


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure in large: its name, value and definition."""

    name: str
    value: str
    definition: Any
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in units of the picture; `series` is "first" or "second"."""

    x: float
    y: float
    width: float
    height: float
    series: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word; `anchor` is SVG's, already turned for the direction of reading."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of `width` by `height`, with the line that its bars stand on."""

    width: int
    height: int
    bars: list[Bar]
    labels: list[Label]
    base: tuple[float, float, float, float]


Row = tuple[str, int, int]  # name, first series, second series


def columns(rows: Sequence[Row], *, ticks: Sequence[str], rtl: bool) -> Chart:
    """Draw vertical bars, two for each row, with the tick under them ("" for none)."""
    top = max((max(first, second) for _name, first, second in rows), default=0) or 1
    room = WIDTH / max(len(rows), 1)
    bars, labels = [], []
    floor = _HEIGHT - _FOOT
    for place, (name, *values) in enumerate(rows):
        left = WIDTH - (place + 1) * room if rtl else place * room
        wide = min(room * 0.38, 26)
        middle = left + room / 2
        for number, value in enumerate(values):
            height = (floor - _HEAD) * value / top
            leads = (number == 0) != rtl
            bars.append(
                Bar(
                    x=round(middle - wide if leads else middle, 1),
                    y=round(floor - height, 1),
                    width=round(wide - 1, 1),
                    height=round(height, 1),
                    series=("first", "second")[number],
                    title=f"{name}: {value}",
                )
            )
        if ticks[place]:
            labels.append(Label(round(middle, 1), _HEIGHT - 7, "middle", ticks[place]))
    return Chart(WIDTH, _HEIGHT, bars, labels, (0, floor, WIDTH, floor))


def lines(rows: Sequence[Row], *, rtl: bool) -> Chart:
    """Draw horizontal bars, two for each row, behind its name."""
    top = max((max(first, second) for _name, first, second in rows), default=0) or 1
    bars, labels = [], []
    for place, (name, *values) in enumerate(rows):
        above = place * _LINE + 4
        for number, value in enumerate(values):
            length = round((WIDTH - _NAMES - 8) * value / top, 1)
            bars.append(
                Bar(
                    x=WIDTH - _NAMES - length if rtl else _NAMES,
                    y=above + number * 13,
                    width=length,
                    height=12,
                    series=("first", "second")[number],
                    title=f"{name}: {value}",
                )
            )
        at = WIDTH - _NAMES + 8 if rtl else _NAMES - 8
        # In a text that runs from the right, "start" is its right end.
        labels.append(Label(at, above + 17, "end", name))
    height = len(rows) * _LINE + 4
    axis = WIDTH - _NAMES if rtl else _NAMES
    return Chart(WIDTH, height, bars, labels, (axis, 0, axis, height))
