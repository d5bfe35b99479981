"""Every module can be imported, whichever is imported first.

That it can be imported alone follows from two things: it imports at all, and what it imports
never leads back to it, so that no module is met half made. Django loads the models before
anything else; `models.py` may therefore gather what stands in files beside it.
"""

import ast
import graphlib
import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.architecture.test_house import modules, name_of
from tests.every import each

PROGRAMS = {"__main__", "child"}


def dotted(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def house() -> dict[str, Path]:
    return {dotted(path): path for path in modules()}


def imports_of(body: Iterable[ast.AST]) -> Iterator[str]:
    """What is imported when a module is, as far as the house goes: not what functions import."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name their module in full"
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from parts
            if not set(parts) <= house().keys():  # something of the package itself is wanted
                yield str(node.module)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from imports_of(node.orelse)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from imports_of(ast.iter_child_nodes(node))


def gathers_models(name: str, other: str) -> bool:
    package, _, rest = name.rpartition(".")
    return rest == "models" and other.startswith(f"{package}.") and other.endswith("_models")


def graph() -> dict[str, set[str]]:
    made: dict[str, set[str]] = {}
    for name, path in house().items():
        found = set(imports_of(ast.parse(path.read_text(encoding="utf-8")).body))
        made[name] = {o for o in found & house().keys() - {name} if not gathers_models(name, o)}
    return made


def circle_in(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, or none."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def test_every_module_can_be_imported() -> None:
    names = [name for name, path in house().items() if path.stem not in PROGRAMS]

    def attempt(name: str) -> None:
        importlib.import_module(name)

    each(names, attempt)
    assert len(names) > 500


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circle_in(graph()) == []


def test_imports_in_any_place_that_runs_are_counted() -> None:
    source = """
from typing import TYPE_CHECKING
import registry.intake
try:
    from org import calendar
except ImportError:
    from registry.models import Letter
class Rule:
    import jobs.runner
if TYPE_CHECKING:
    import ocr.reader
else:
    import org.models
def later():
    import search.contract
"""
    found = set(imports_of(ast.parse(source).body)) & house().keys()
    said = {"registry.intake", "org.calendar", "registry.models", "jobs.runner", "org.models"}
    assert found == said


def test_a_circle_is_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
