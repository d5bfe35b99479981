"""Which tests a profile runs; production those to which its services make a difference.

The profiles differ by what DATABASE_URL and the variables TEST_..._URL name, and by nothing else.
A test that asks for the database, or that reaches a file of the tests where such a variable or
the profile is named, runs in both; every other one runs once, embedded. What is long (a browser, a
whole office, anything over ten seconds) runs once too, here: the embedded profile leaves it out
unless it is asked for.
"""

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from tests.imports import ROOT, reached_from

# Without these pytest-django lets no test reach the database.
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
MARKS = ("django_db", "production")
LONG = ("browser", "whole_office", "slow")
SERVICE = re.compile(r"TEST_(?:POSTGRES|REDIS|ELASTICSEARCH|S3)_URL|SIJILL_PROFILE")
# The house reads no such name; the others set every test process up, and what they give a test
# is known by its name.
NOT = frozenset(
    {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    | {"tests.conftest", "tests.profiles"}
)


def choose(items: list[pytest.Item], config: pytest.Config) -> None:
    """Keep the tests that services make a difference to; the others are told as deselected."""
    kept = [item for item in items if needs_services(item)]
    config.hook.pytest_deselected(items=[item for item in items if not needs_services(item)])
    items[:] = kept


def leave_out_long(items: list[pytest.Item], config: pytest.Config) -> None:
    """Leave out what is long from a run that asks for all of the suite, and for nothing by name."""
    option: Any = config.option
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    if option.markexpr or option.keyword:
        return
    config.hook.pytest_deselected(items=[item for item in items if is_long(item)])
    items[:] = [item for item in items if not is_long(item)]


def give_time(items: list[pytest.Item], config: pytest.Config) -> None:
    """Give what is long twice the time after which a test counts as hung."""
    twice = 2 * float(config.getini("timeout") or 0)
    for item in items:
        if is_long(item):
            item.add_marker(pytest.mark.timeout(twice))


def is_long(item: pytest.Item) -> bool:
    """Whether the test drives a browser, starts a whole office, or is marked as slow."""
    return any(item.get_closest_marker(mark) for mark in LONG)


def needs_services(item: pytest.Item) -> bool:
    """Whether the test is long, asks for the database, or may reach another service."""
    if is_long(item) or any(item.get_closest_marker(mark) for mark in MARKS):
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
    tests = name.split(".")[0] == "tests"
    return tests and any(SERVICE.search(source) for _, source in reached_from([name], outside=NOT))
