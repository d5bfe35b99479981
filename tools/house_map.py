"""`python -m tools.house_map [--check]`: write docs/map.md, whose tables come from docstrings.

The part above the marker is written by hand and kept; below it, each package is described by the
first paragraph of its `__init__` docstring, and each module by the first sentence of its own.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.check import HOUSE

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "map.md"
MARKER: Final = "<!-- From here on: python -m tools.house_map -->"
DESCRIBED: Final = (*HOUSE, "samples", "benches", "tools")
LEFT_OUT: Final = {"migrations", "locale", "templates", "static", "__pycache__"}


def generated() -> str:
    """Return the part of the page below the marker."""
    return "\n".join(line for name in DESCRIBED for line in _package(ROOT / name))


def whole_page() -> str:
    """Return the page as it should be: the part by hand, the marker, the tables."""
    by_hand = PAGE.read_text(encoding="utf-8").partition(MARKER)[0].rstrip()
    return f"{by_hand}\n\n{MARKER}\n\n{generated().rstrip()}\n"


def _package(folder: Path) -> Iterator[str]:
    yield from _room(folder, level=2)
    for room in sorted(p for p in folder.rglob("*") if p.is_dir()):
        inside = room.relative_to(folder).parts
        if not LEFT_OUT & set(inside) and any(room.glob("*.py")) and "management" not in inside:
            yield from _room(room, level=3)


def _room(folder: Path, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} `{folder.relative_to(ROOT).as_posix()}/`"
    yield ""
    if about := _docstring(folder / "__init__.py").split("\n\n")[0].strip():
        yield " ".join(about.split())
        yield ""
    modules = [p for p in sorted(folder.glob("*.py")) if p.name != "__init__.py"]
    if level == 2:  # commands stand with their package
        modules += [p for p in sorted(folder.glob("management/commands/*.py")) if _docstring(p)]
    if modules:
        yield "| Module | What it answers for |"
        yield "|---|---|"
        yield from (_row(path) for path in modules)
        yield ""


def _row(path: Path) -> str:
    about = _docstring(path).split("\n\n")[0]
    sentence = re.split(r"(?<=[.!?])\s", " ".join(about.split()), maxsplit=1)[0]
    return f"| `{path.relative_to(ROOT).as_posix()}` | {sentence.replace('|', '&#124;')} |"


def _docstring(path: Path) -> str:
    if not path.exists():
        return ""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def main(arguments: list[str]) -> int:
    """Write the page, or with --check return 1 where it is not current."""
    wanted = whole_page()
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/map.md is not current: python -m tools.house_map")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
