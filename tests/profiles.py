"""Which tests a profile runs; production those to which its services make a difference.

The profiles differ by what DATABASE_URL and the variables TEST_..._URL name, and by nothing else.
A test that asks for the database, or that reaches a file of the tests where such a variable or
the profile is named, runs in both; every other one runs once, embedded. A file that marks tests or
cases `production` says so itself: those of its others that ask for no database have the same
engine in both profiles (`tests/plugins/wanting.py` fails one that runs in neither). What is long (a
browser, a whole office, anything over ten seconds) runs once too, here: the embedded profile leaves
it out unless it is asked for.

A page asks the same functions as the tests of the packages below, which run in both. So of a file
of tests/web the first tests run here, not all, unless it holds a table of addresses, asks the
database itself, or is about money. A run that names a path, `-k` or `-m`, or says `--all`, leaves
none of them out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from tests.imports import ROOT, file_of, imported_by, reached_from

# Without these pytest-django lets no test reach the database.
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
MARKS = ("django_db", "production")
LONG = ("browser", "whole_office", "slow")
SERVICE = re.compile(r"TEST_(?:POSTGRES|REDIS|ELASTICSEARCH|S3)_URL|SIJILL_PROFILE")
MARKED = re.compile(r"\bmark\.production\b")
PAGES = "tests.web."
FIRST = 3  # tests of a file of pages, of one with cases the first case
# A file of pages that imports one of these is tried whole.
WHOLE = (
    *("tests.web.undone", "eservices.agency", "eservices.bank", "eservices.bills"),
    "eservices.payments",
)
# And one that does such a thing itself, as others do not who count queries.
ITSELF = re.compile(r"connection\.(?:cursor|vendor)|select_for_update|RawSQL|\bThread\b")
# The house reads no such name; the others set every test process up, and what they give a test
# is known by its name.
NOT = frozenset(
    {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    | {"tests.conftest", "tests.profiles"}
)


def choose(items: list[pytest.Item], config: pytest.Config) -> None:
    """Keep the tests that services make a difference to; the others are told as deselected."""
    kept = [item for item in items if needs_services(item)]
    if asks_for_all(config):
        repeated = set(repeated_on_pages(kept))
        kept = [item for item in kept if item not in repeated]
    left_out = set(items) - set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = kept


def repeated_on_pages(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the tests of pages that ask the database what others ask too: all but the first."""
    files: dict[str, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        if not asks_as_others(item):
            continue
        known = files[item.path.as_posix()]
        name: str = getattr(item, "originalname", item.name)
        if name in known or len(known) >= FIRST:
            yield item
        else:
            known[name] = item


def leave_out_long(items: list[pytest.Item], config: pytest.Config) -> None:
    """Leave out what is long from a run that asks for all of the suite, and for nothing by name."""
    if not asks_for_all(config):
        return
    config.hook.pytest_deselected(items=[item for item in items if is_long(item)])
    items[:] = [item for item in items if not is_long(item)]


def asks_for_all(config: pytest.Config) -> bool:
    """Whether the run is one of all of the suite, names nothing and does not want every test."""
    option: Any = config.option
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return whole and not (option.markexpr or option.keyword or option.all)


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
    if DATABASE & set(_fixtures_of(item)):
        return True
    return any(names_service_unmarked(name) for name in _modules_of(item))


def asks_as_others(item: pytest.Item) -> bool:
    """Whether the test is one of pages, and its file neither a table of them nor about money."""
    module = getattr(item, "module", None)
    name = module.__name__ if isinstance(module, ModuleType) else ""
    if not name.startswith(PAGES) or is_long(item) or item.get_closest_marker("production"):
        return False
    if _is_transactional(item) or any(names_service(one) for one in _modules_of(item)):
        return False
    return not is_tried_whole(name)


def _is_transactional(item: pytest.Item) -> bool:
    """Whether the test commits: it is about locks, or about what several do at once."""
    mark = item.get_closest_marker("django_db")
    marked = bool(mark and (mark.kwargs.get("transaction") or mark.args[:1] == (True,)))
    return marked or bool({"transactional_db", "live_server"} & set(_fixtures_of(item)))


def _fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


@cache
def is_tried_whole(name: str) -> bool:
    """Whether the file imports what makes all of its tests worth PostgreSQL."""
    path = file_of(name)
    source = path.read_text(encoding="utf-8") if path else ""
    imported = set(imported_by(source))
    reaches = any(one == what or one.startswith(f"{what}.") for one in imported for what in WHOLE)
    return reaches or bool(ITSELF.search(source))


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


@cache
def names_service_unmarked(name: str) -> bool:
    """Whether one of them names a service, and marks no test as one that needs it."""
    outside = NOT | {"tests.plugins.wanting"}
    return name.split(".")[0] == "tests" and any(
        SERVICE.search(source) and not MARKED.search(source)
        for _, source in reached_from([name], outside=outside)
    )
