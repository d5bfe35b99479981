"""A chart as SVG, and the table behind it: put together here, since a page has some 2,000 shapes.

A template takes several times as long for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe

from figures.drawing import Bar, Chart, Label, Line

_SCALE: Final = ("grid", "base")  # looks of lines that stand behind the bars


def svg(chart: Chart, *, label: str, rtl: bool, wordless: bool) -> SafeString:
    """Return the chart; without its words where a paper sets them itself."""
    turned = ' direction="rtl"' if rtl else ""
    parts = (
        f'<svg class="chart" viewBox="0 0 {chart.width} {chart.height}" role="img"'
        f' aria-label="{escape(label)}" focusable="false"{turned}>',
        "".join(_scale(chart.lines)),
        "".join(map(_bar, chart.bars)),
        "".join(map(_line, (line for line in chart.lines if line.look not in _SCALE))),
        "" if wordless else "".join(map(_word, chart.labels)),
        "</svg>",
    )
    return mark_safe("\n".join(parts))  # noqa: S308 - all words are escaped


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """Return a table of numbers; the first cell of a row heads it."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows)
    return mark_safe(  # noqa: S308 - all words are escaped
        f'<table class="numbers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _cells(row: Sequence[str]) -> Iterator[str]:
    for at, cell in enumerate(row):
        yield f"<td>{escape(cell)}</td>" if at else f'<th scope="row">{escape(cell)}</th>'


def _scale(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.look in _SCALE:
            yield (
                f'<polyline class="{line.look}" points="{line.points}" fill="none"'
                f' stroke="{line.colour}" stroke-width="1"/>'
            )


def _bar(bar: Bar) -> str:
    return (
        f'<rect class="{bar.look}" x="{bar.x}" y="{bar.y}" width="{bar.width}"'
        f' height="{bar.height}" fill="{bar.colour}">{_title(bar.title)}</rect>'
    )


def _line(line: Line) -> str:
    dashes = ' stroke-dasharray="6 4"' if line.look == "target" else ""
    return (
        f'<polyline class="{line.look}" points="{line.points}" fill="none"'
        f' stroke="{line.colour}" stroke-width="2"{dashes}>{_title(line.title)}</polyline>'
    )


def _word(label: Label) -> str:
    look = f' class="{label.look}"' if label.look else ""
    colour = "#fffdf7" if "light" in label.look else "#51626a"
    return (
        f'<text{look} x="{label.x}" y="{label.y}" text-anchor="{label.anchor}"'
        f' font-size="11" fill="{colour}">{escape(label.text)}</text>'
    )


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""
