"""Charts as shapes, mirrored for right-to-left languages; a page or a paper draws them as SVG.

Colours stand as attributes of the shapes, for papers; a page's style sheet overrides them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from org.signs import colon

WIDTH: Final = 420
_HEIGHT: Final = 210
_HEAD, _FOOT, _SIDE = 12, 24, 34
_NAMES, _AFTER, _ROW = 112, 44, 40
_TICKED: Final = 8  # more ticks than these: every second one
_STEPS: Final = 6  # of a heat map, besides "none"
_NUMBERED: Final = 20  # a cell that is as wide shows its number
COLOURS: Final = {
    "first": "#bfd6d3",
    "second": "#0d5a5f",
    "grid": "#dfd9cb",
    "base": "#8e9489",
    "earlier": "#a84f1f",
    "target": "#a84f1f",
    "line": "#0d5a5f",
}
_HEAT: Final = ("#efebe1", "#dfe9e5", "#c6d9d5", "#a3c2bf", "#86adae", "#317376", "#0d5a5f")


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in units of the picture; `look` names its colour, `title` says its value."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str = ""

    @property
    def colour(self) -> str:
        """The colour on paper."""
        return _HEAT[int(self.look[4:])] if self.look.startswith("heat") else COLOURS[self.look]


@dataclass(frozen=True, slots=True)
class Label:
    """A word; `anchor` is SVG's, already turned for the direction of reading."""

    x: float
    y: float
    anchor: str
    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points (a string of SVG)."""

    points: str
    look: str
    title: str = ""

    @property
    def colour(self) -> str:
        """The colour on paper."""
        return COLOURS[self.look]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of `width` by `height`."""

    height: float
    bars: list[Bar] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a chart: two series, and the first one in the period before, if known."""

    name: str
    first: int
    second: int
    earlier: int | None = None


Words = Callable[[float], str]


def columns(
    rows: Sequence[Row], *, ticks: Sequence[str], names: tuple[str, str, str], number: Words,
    rtl: bool,
) -> Chart:  # fmt: skip
    """Draw two upright bars for each row, and a mark where the first stood before.

    `names` are those of the series; `number` writes a value.
    """
    frame = _Frame(max((max(r.first, r.second, r.earlier or 0) for r in rows), default=0), rtl)
    chart = frame.chart(number)
    room = (WIDTH - _SIDE) / max(len(rows), 1)
    wide = min(room * 0.4, 22)
    for place, row in enumerate(rows):
        left = _SIDE + place * room + room / 2 - wide
        for at, (value, look) in enumerate(((row.first, "first"), (row.second, "second"))):
            x, top = frame.x(left + at * wide, wide - 1), frame.y(value)
            title = f"{row.name} · {names[at]}{colon()} {number(value)}"
            chart.bars.append(
                Bar(x, top, round(wide - 1, 1), round(frame.floor - top, 1), look, title)
            )
        if row.earlier is not None:
            title = f"{row.name} · {names[2]}{colon()} {number(row.earlier)}"
            ends = frame.x(left - 1), frame.x(left + wide)
            y = frame.y(row.earlier)
            chart.lines.append(Line(f"{ends[0]},{y} {ends[1]},{y}", "earlier", title))
    chart.labels.extend(frame.ticks(ticks))
    return chart


def trend(
    rows: Sequence[tuple[str, int | None]], *, ticks: Sequence[str], target: int | None,
    number: Words, rtl: bool, most: int | None = None,
) -> Chart:  # fmt: skip
    """Draw a line through the values, broken where there is none, and the target's own line."""
    known = [value for _name, value in rows if value is not None]
    frame = _Frame(most or max([*known, target or 0], default=0), rtl)
    chart = frame.chart(number)
    room = (WIDTH - _SIDE) / max(len(rows), 1)
    runs: list[list[str]] = [[]]
    numbered = len(rows) <= 2 * _TICKED
    for place, (name, value) in enumerate(rows):
        if value is None:
            runs.append([])
            continue
        x, y = frame.x(_SIDE + place * room + room / 2), frame.y(value)
        runs[-1].append(f"{x},{y}")
        chart.bars.append(Bar(x - 3, y - 3, 6, 6, "second", f"{name}{colon()} {number(value)}"))
        if numbered:
            above = y - 8 if y > _HEAD + 12 else y + 16
            chart.labels.append(Label(x, above, "middle", number(value), "value"))
    chart.lines.extend(Line(" ".join(run), "line") for run in runs if len(run) > 1)
    if target is not None:
        y = frame.y(target)
        ends = frame.x(_SIDE), frame.x(WIDTH)
        chart.lines.append(Line(f"{ends[0]},{y} {ends[1]},{y}", "target", number(target)))
    chart.labels.extend(frame.ticks(ticks))
    return chart


def lying(rows: Sequence[Row], *, names: tuple[str, str, str], number: Words, rtl: bool) -> Chart:
    """Draw two lying bars for each row behind its name, with their values at the ends."""
    top = max((max(r.first, r.second, r.earlier or 0) for r in rows), default=0) or 1
    chart = Chart(len(rows) * _ROW + 6)
    length = (WIDTH - _NAMES - _AFTER) / top
    for place, row in enumerate(rows):
        above = place * _ROW + 5
        for at, (value, look) in enumerate(((row.first, "first"), (row.second, "second"))):
            long, y = round(value * length, 1), above + at * 15
            title = f"{row.name} · {names[at]}{colon()} {number(value)}"
            chart.bars.append(Bar(_turned(_NAMES, rtl, long), y, long, 13, look, title))
            end = _turned(_NAMES + long + 5, rtl)
            chart.labels.append(Label(end, y + 10.5, "start", number(value), "value"))
        if row.earlier is not None:
            x = _turned(_NAMES + row.earlier * length, rtl)
            title = f"{row.name} · {names[2]}{colon()} {number(row.earlier)}"
            chart.lines.append(Line(f"{x},{above - 2} {x},{above + 15}", "earlier", title))
        chart.labels.append(Label(_turned(_NAMES - 7, rtl), above + 18, "end", row.name))
    axis = _turned(_NAMES, rtl)
    chart.lines.append(Line(f"{axis},0 {axis},{chart.height}", "base"))
    return chart


def heat(
    names: Sequence[str], ticks: Sequence[str], values: Mapping[tuple[int, int], int], *,
    title: Callable[[int, int, int], str], number: Words, rtl: bool, room: int = 62,
) -> Chart:  # fmt: skip
    """Draw a cell for each row and column, the darker the more; `title` says a cell in words."""
    wide = (WIDTH - room) / max(len(ticks), 1)
    tall = 26.0
    chart = Chart(len(names) * tall + _FOOT)
    most = max(values.values(), default=0)
    for row, name in enumerate(names):
        chart.labels.append(Label(_turned(room - 6, rtl), row * tall + 17, "end", name))
        across = round(WIDTH - room - 1.5, 1)
        chart.bars.append(Bar(_turned(room, rtl, across), row * tall, across, tall - 1.5, "heat0"))
        for column in range(len(ticks)):
            value = values.get((row, column), 0)
            if not value:
                continue
            x, level = round(room + column * wide, 1), step_of(value, most)
            at, said = _turned(x, rtl, wide - 1.5), title(row, column, value)
            look = f"heat{level}"
            chart.bars.append(Bar(at, row * tall, round(wide - 1.5, 1), tall - 1.5, look, said))
            if wide >= _NUMBERED:
                middle = _turned(x + wide / 2 - 0.75, rtl)
                look = "value light" if level > 4 else "value"
                place = row * tall + 16.5
                chart.labels.append(Label(middle, place, "middle", number(value), look))
    for column, tick in enumerate(ticks):
        middle = _turned(room + (column + 0.5) * wide, rtl)
        if tick:
            chart.labels.append(Label(middle, len(names) * tall + 15, "middle", tick, "tick"))
    return chart


def step_of(value: int, most: int) -> int:
    """Return how dark a value is: 0 for none, 1 to 6 by its share of the most."""
    return -(-value * _STEPS // most) if value > 0 and most else 0


def _turned(x: float, rtl: bool, width: float = 0) -> float:
    return round(WIDTH - x - width if rtl else x, 1)


class _Frame:
    """Where values stand between the floor and the head of a chart with an upright scale."""

    def __init__(self, top: float, rtl: bool) -> None:
        self.step = _nice(top / 4)
        self.top = max(self.step * -(-top // self.step), self.step)
        self.rtl, self.floor = rtl, _HEIGHT - _FOOT

    def x(self, x: float, width: float = 0) -> float:
        return _turned(x, self.rtl, width)

    def y(self, value: float) -> float:
        return round(self.floor - (self.floor - _HEAD) * min(value, self.top) / self.top, 1)

    def chart(self, number: Words) -> Chart:
        """Return an empty chart with its scale."""
        chart = Chart(_HEIGHT)
        value = 0.0
        while value <= self.top:
            y, look = self.y(value), "grid" if value else "base"
            chart.lines.append(Line(f"{self.x(_SIDE)},{y} {self.x(WIDTH)},{y}", look))
            chart.labels.append(Label(self.x(_SIDE - 5), y + 4, "end", number(value), "tick"))
            value += self.step
        return chart

    def ticks(self, ticks: Sequence[str]) -> list[Label]:
        room = (WIDTH - _SIDE) / max(len(ticks), 1)
        every = 2 if sum(1 for tick in ticks if tick) > _TICKED else 1
        return [
            Label(self.x(_SIDE + (at + 0.5) * room), _HEIGHT - 7, "middle", tick, "tick")
            for at, tick in enumerate(ticks)
            if tick and at % every == (len(ticks) - 1) % every
        ]


def _nice(rough: float) -> int:
    """Return the least of 1, 2, 5, 10, 20, 50 … that is no smaller."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= rough:
                return digit * power
        power *= 10
