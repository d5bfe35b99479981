"""The security page keeps its word: its tests exist, its counts and its list of open ones fit."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.architecture.test_house import ROOT

PAGE = ROOT / "docs" / "security.md"
MODEL = ROOT / "docs" / "threat-model.md"
VERDICTS = ("met", "met, no test", "n.a.", "open")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PLACE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/(?:[\w.-]+\.\w+)?)(?:::\w+)?`")


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_each_test_named_there_exists() -> None:
    named = NAMED.findall(text_of(PAGE)) + NAMED.findall(text_of(MODEL))
    assert len(named) > 100
    missing = {
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and f"def {name}(" not in text_of(ROOT / path))
    }
    assert not missing, f"the security pages name {sorted(missing)}"


def test_each_place_named_there_exists() -> None:
    named = {place for page in (PAGE, MODEL) for place in PLACE.findall(text_of(page))}
    missing = {place for place in named if not (ROOT / place).exists()}
    assert not missing, f"the security pages name {sorted(missing)}"


def test_each_requirement_has_one_verdict_and_the_counts_are_theirs() -> None:
    rows = ROW.findall(text_of(PAGE))
    numbers = [number for number, _verdict, _where in rows]
    assert len(numbers) == len(set(numbers)) == 253  # levels 1 and 2 of ASVS 5.0.0
    counts = Counter(verdict for _number, verdict, _where in rows)
    assert set(counts) <= set(VERDICTS)
    told = " | ".join(f"**{counts[verdict]}**" for verdict in VERDICTS)
    assert f"| **All 253** | {told} |" in text_of(PAGE)


def test_the_list_of_open_ones_is_whole() -> None:
    page = text_of(PAGE)
    said = page.partition("## Open, by weight")[2].partition("\n# ")[0]
    listed = re.findall(r"\b\d+\.\d+\.\d+\b", said)
    is_open = [number for number, verdict, _where in ROW.findall(page) if verdict == "open"]
    assert sorted(listed) == sorted(is_open)


def test_each_field_by_right_stands_there() -> None:
    """Fields whose shape asks who reads them; others are the same to every reader."""
    listed = set(re.findall(r"`(\w+Out\.\w+)`", text_of(PAGE).partition("## Fields by right")[2]))
    asking = set()
    for path in sorted((ROOT / "web").glob("*/*.py")):
        for shape in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(shape, ast.ClassDef):
                asking |= {f"{shape.name}.{name}" for name in _by_right(shape)}
    assert len(asking) > 5
    assert listed == asking


def _by_right(shape: ast.ClassDef) -> set[str]:
    """Return the fields of a shape whose methods look at the reader (`context["viewer"]`)."""
    methods = [one for one in shape.body if isinstance(one, ast.FunctionDef)]
    asks = ("self.context['viewer']", "self.context['notes']")
    return {
        one.name.removeprefix("show_")
        for one in methods
        if one.name.startswith("show_") and any(way in ast.unparse(one) for way in asks)
    }
