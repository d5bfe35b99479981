"""Numbers of letters stand in an element that keeps them in order within Arabic text."""

import re
from pathlib import Path
from typing import Final

from tests.journeys.office import ROOT

TEMPLATES: Final = sorted((ROOT / "web" / "templates").rglob("*.html"))
_NUMBER: Final = re.compile(r"\{\{ [\w.]*\b(?:letter|answers|incoming|outgoing)\.number \}\}")
_TAG: Final = re.compile(r"<[^<>]*>?(?=[^<>]*$)")
_KEEPS: Final = re.compile(r"<(?:bdi|title|option|input|\w+[^>]*\b(?:number|ltr)\b)")


def _loose(path: Path) -> list[str]:
    """Return the lines where a number is shown by an element that does not isolate it."""
    text = path.read_text("utf-8")
    loose = []
    for found in _NUMBER.finditer(text):
        before = text[: found.start()]
        tag = _TAG.search(before)
        if tag and not _KEEPS.match(tag[0]) and not before.endswith("block title %}"):
            loose.append(f"{path.name}: {tag[0]}{found[0]}")
    return loose


def test_numbers_are_not_turned_round() -> None:
    assert [line for path in TEMPLATES for line in _loose(path)] == []
