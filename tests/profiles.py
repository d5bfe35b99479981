"""Which tests the production profile runs: those to which its services make a difference.

The profiles differ by what DATABASE_URL and the variables TEST_..._URL name, and by nothing else.
A test that asks for the database, or that reaches a file of the tests where such a variable or
the profile is named, runs in both; every other one runs once, embedded.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

# Without these pytest-django lets no test reach the database.
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
MARKS = ("django_db", "production")
SERVICE = re.compile(r"TEST_(?:POSTGRES|REDIS|ELASTICSEARCH|S3)_URL|SIJILL_PROFILE")
# They set every test process up; what they give a test is known by its name.
EVERYWHERE = {"tests.conftest", "tests.profiles"}
ROOT = Path(__file__).resolve().parents[1]


def choose(items: list[pytest.Item], config: pytest.Config) -> None:
    """Keep the tests that services make a difference to; the others are told as deselected."""
    kept = [item for item in items if needs_services(item)]
    config.hook.pytest_deselected(items=[item for item in items if not needs_services(item)])
    items[:] = kept


def needs_services(item: pytest.Item) -> bool:
    """Whether the test asks for the database, or may reach another service."""
    if any(item.get_closest_marker(mark) for mark in MARKS):
        return True
    if DATABASE & set(getattr(item, "fixturenames", ())):
        return True
    return any(names_service(name) for name in _modules_of(item))


def _modules_of(item: pytest.Item) -> Iterator[str]:
    """The file of the test, and those of its fixtures."""
    module = getattr(item, "module", None)
    if isinstance(module, ModuleType):
        yield module.__name__
    known = getattr(item, "_fixtureinfo", None)
    for definitions in known.name2fixturedefs.values() if known else ():
        yield from (one.func.__module__ for one in definitions)


@cache
def names_service(name: str) -> bool:
    """Whether the module, or one of the tests' modules that it imports, names a service."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        path = _file_of(one)
        if one in seen or one in EVERYWHERE or path is None:
            continue
        seen.add(one)
        source = path.read_text(encoding="utf-8")
        if SERVICE.search(source):
            return True
        waiting += imported_by(source)
    return False


def imported_by(source: str) -> Iterator[str]:
    """The modules that a text imports, in its functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from parts
            if not all(map(_file_of, parts)):  # something of the package itself is wanted
                yield str(node.module)


def _file_of(name: str) -> Path | None:
    """Where a module of the tests stands; None for every other."""
    place = ROOT.joinpath(*name.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    found = (file for file in files if file.exists())
    return next(found, None) if name.split(".")[0] == "tests" else None
