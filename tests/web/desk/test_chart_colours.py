"""Colours of charts: words on each step of a heat map, edges on the ground, day and night."""

import re
from pathlib import Path

import pytest

from org.theme import contrast

STYLES = Path(__file__).parents[3] / "web" / "static" / "web"
AA, SHAPES = 4.5, 3.0  # WCAG 1.4.3 and 1.4.11


def variables(*, night: bool) -> dict[str, str]:
    roots = re.findall(r":root \{(.*?)\}", (STYLES / "sijill.css").read_text(), re.S)
    found = dict(re.findall(r"--([\w-]+): (#\w{6})", roots[0]))
    return found | dict(re.findall(r"--([\w-]+): (#\w{6})", roots[1] if night else ""))


def mixed(one: str, other: str, share: float) -> str:
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


@pytest.mark.parametrize("night", [False, True])
def test_charts_can_be_read(night: bool) -> None:
    colours = variables(night=night)
    steps = re.findall(r"\.heat(\d) \{ --heat: (\d+)%; \}", (STYLES / "figures.css").read_text())
    assert [level for level, _share in steps] == list("0123456")
    for level, share in steps:
        ground = mixed(colours["brand"], colours["surface"], int(share) / 100)
        words = colours["brand-ink" if int(level) > 4 else "ink"]
        assert contrast(words, ground) >= AA, level
    for edge in ("brand", "seal"):
        assert contrast(colours[edge], colours["surface"]) >= SHAPES, edge
