"""Charts as SVG: their words are escaped, and those that a paper sets itself are left out."""

from xml.etree import ElementTree

from figures.drawing import Bar, Chart, Label, Line
from figures.svg import svg, table

NAMES = 'Eau & "gaz" <b>'
CHART = Chart(
    80,
    bars=[Bar(1.5, 2, 3, 4, "heat2", NAMES), Bar(1, 2, 3, 4, "first")],
    labels=[Label(5, 6, "end", NAMES, "value light"), Label(5, 6, "end", "x")],
    lines=[Line("0,0 1,1", "target", NAMES), Line("0,0 2,2", "grid")],
)


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own


def test_words_are_escaped_and_the_scale_stands_behind() -> None:
    root = parsed(svg(CHART, label=NAMES, rtl=True, wordless=False))
    assert (root.get("aria-label"), root.get("direction")) == (NAMES, "rtl")
    assert [one.tag for one in root] == ["polyline", "rect", "rect", "polyline", "text", "text"]
    assert [one[0].text for one in root if len(one)] == [NAMES, NAMES]
    assert [one.text for one in root.iter("text")] == [NAMES, "x"]
    assert [one.get("fill") for one in root.iter("text")] == ["#fffdf7", "#51626a"]


def test_a_paper_gets_no_words() -> None:
    root = parsed(svg(CHART, label="", rtl=False, wordless=True))
    assert not list(root.iter("text"))
    assert root.get("direction") is None


def test_the_table_heads_each_row_and_is_escaped() -> None:
    root = parsed(table(["Kind", NAMES], [[NAMES, "1"], ["x", NAMES]]))
    assert [[cell.text for cell in row] for row in root.iter("tr")] == [
        ["Kind", NAMES], [NAMES, "1"], ["x", NAMES],
    ]  # fmt: skip
    assert [cell.get("scope") for cell in root.iter("th")] == ["col", "col", "row", "row"]
