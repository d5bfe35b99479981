"""A run of a bench as one SVG: small charts under each other, drawn by the house's own code."""

import statistics
from collections.abc import Callable, Sequence
from typing import Final

from benches._recorded import Record, at_share
from benches._watched import Sample

_POINTS: Final = 30
_WIDTH, _TALL, _COLUMNS = 440, 250, 2
Points = list[tuple[float, float | None]]


def series(samples: Sequence[Sample], record: Record, *, seconds: float) -> dict[str, Points]:
    """Return the lines to draw by their titles: points of (seconds, value)."""
    lines: dict[str, Points] = {}
    for name in samples[-1].memory if samples else ():
        lines[f"{name}: memory, MB"] = [(one.at, one.memory.get(name)) for one in samples]
    for queue in ("fast", "slow"):
        title = f"jobs that wait, {queue}"
        lines[title] = [(one.at, float(one.waiting.get(queue, 0))) for one in samples]
    lines["seconds from deposit to read"] = [(one.at, one.delay) for one in samples]
    lines |= _requests(record, seconds)
    return lines


def _requests(record: Record, seconds: float) -> dict[str, Points]:
    span = max(seconds / _POINTS, 1.0)
    slots: list[list[float]] = [[] for _slot in range(_POINTS + 1)]
    for one in list(record.asked):
        slots[min(int(one.at / span), _POINTS)].append(one.seconds)
    rate: Points = [(at * span, len(slot) * 60 / span) for at, slot in enumerate(slots)]
    slow: Points = [
        (at * span, at_share(slot, 0.95) * 1000 if slot else None) for at, slot in enumerate(slots)
    ]
    return {"requests a minute": rate[:-1], "all requests: p95, ms": slow[:-1]}


def drawn(lines: dict[str, Points], *, title: str) -> str:
    """Return the SVG."""
    from django.template.loader import render_to_string

    from figures.drawing import trend

    parts = []
    for place, (name, points) in enumerate(lines.items()):
        rows = thinned(points)
        ticks = [f"{name}" for name, _value in rows]
        chart = trend(rows, ticks=ticks, target=None, number=_number, rtl=False)
        inner = render_to_string("figures/chart.svg", {"chart": chart, "label": name})
        x, y = place % _COLUMNS * _WIDTH + 10, place // _COLUMNS * _TALL + 40
        sized = inner.strip().replace("<svg ", '<svg width="420" height="210" ', 1)
        parts.append(
            f'<g transform="translate({x},{y})"><text x="34" y="0" font-size="13">{name}</text>'
            f'<g transform="translate(0,8)">{sized}</g></g>'
        )
    tall = -(-len(lines) // _COLUMNS) * _TALL + 50
    wide = _COLUMNS * _WIDTH + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" '
        f'font-family="sans-serif"><rect width="{wide}" height="{tall}" fill="#fffdf7"/>'
        f'<text x="10" y="20" font-size="15">{title}</text>{"".join(parts)}</svg>\n'
    )


def thinned(points: Points, *, most: int = _POINTS) -> list[tuple[str, int | None]]:
    """Return at most so many points, each the middle of those it stands for, named by minutes."""
    size = max(1, -(-len(points) // most))
    rows: list[tuple[str, int | None]] = []
    for first in range(0, len(points), size):
        some = points[first : first + size]
        known = [value for _at, value in some if value is not None]
        middle = round(statistics.median(known)) if known else None
        rows.append((f"{some[0][0] / 60:.0f}′", middle))
    return rows


_number: Callable[[float], str] = "{:,.0f}".format
