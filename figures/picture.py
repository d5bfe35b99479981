"""A chart with its title, unit, legend and table, and where its words stand on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import get_language_bidi

from figures.drawing import WIDTH, Chart, Label

PAPER: Final = 84 / WIDTH  # mm of a unit on paper


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in words: what it shows, in which unit, what its looks mean, and its table."""

    code: str
    title: str
    unit: str
    chart: Chart
    legend: list[tuple[str, str]]
    headings: list[str]
    rows: list[list[str]] = field(default_factory=list)
    wide: bool = False

    @property
    def placed(self) -> list[tuple[str, str, str, str]]:
        """The words of the chart for paper: left, top (mm), side, text.

        WeasyPrint does not join Arabic letters inside an SVG.
        """
        rtl = get_language_bidi()
        return [
            (
                f"{label.x * PAPER:.2f}",
                f"{label.y * PAPER - 2.4:.2f}",
                _side(label, rtl),
                label.text,
            )
            for label in self.chart.labels
        ]


def _side(label: Label, rtl: bool) -> str:
    """Return on which side of its place a word stands, in the words of the paper's styles."""
    light = " light" if "light" in label.look else ""
    if label.anchor == "middle":
        return f"middle{light}"
    return f"before{light}" if (label.anchor == "end") != rtl else f"after{light}"
