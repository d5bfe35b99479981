"""What a module of this checkout may import, read from its text: in its functions too."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def reached_from(
    names: Iterable[str], *, outside: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Give the modules and all that they import of the checkout: name and text, each once.

    `outside` names modules, or whole packages at the top, that are not gone into.
    """
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = file_of(name)
        if path is None or name in seen or {name, name.split(".")[0]} & outside:
            continue
        seen.add(name)
        source = path.read_text(encoding="utf-8")
        yield name, source
        waiting += imported_by(source)


@cache
def imported_by(source: str) -> tuple[str, ...]:
    """The modules that a text imports; a text is read once a process."""
    return tuple(_imported_by(ast.parse(source)))


def _imported_by(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from parts
            if not all(map(file_of, parts)):  # something of the package itself is wanted
                yield str(node.module)


@cache
def file_of(name: str) -> Path | None:
    """Where a module of the checkout stands; None for every other."""
    place = ROOT.joinpath(*name.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def name_of(path: Path) -> str:
    """The dotted name of a file of the checkout."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
