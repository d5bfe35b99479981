"""The demo's own French texts are written as a native writes them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = (*sorted(ROOT.glob("config/demo_*.py")), ROOT / "config" / "organisation.py")
STRAIGHT = re.compile(r"\b(?:[cdjlmnst]|qu)'[a-zàâéèêîôœ]", re.IGNORECASE)
PLAIN_SPACE = re.compile(r"\w [;!?»](?!\w)|« ")


def strings_of(path: Path) -> Iterator[str]:
    """Yield the texts of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documented:
            yield from [node.value] if isinstance(node.value, str) else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_french_has_its_apostrophe_and_spaces(path: Path) -> None:
    texts = list(strings_of(path))
    assert texts
    assert [one for one in texts if STRAIGHT.search(one) or PLAIN_SPACE.search(one)] == []


def test_what_is_looked_for_would_be_found() -> None:
    assert STRAIGHT.search("Coupure d'eau")
    assert STRAIGHT.search("ce qu'il faut")
    assert not STRAIGHT.search("the sender's letter, don't")
    assert PLAIN_SPACE.search("Où ? Ici.")
