"""The production profile leaves out a test only where its services make no difference.

Of pages it leaves out those that ask the database what others ask too.
"""

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests import profiles
from tests.imports import file_of, imported_by
from tests.plugins.wanting import PRODUCTION, runs_nowhere

TESTPATHS = pytest.Config.ArgsSource.TESTPATHS


@pytest.fixture
def asked(request: pytest.FixtureRequest) -> Callable[[], bool]:
    """Whether the test that asks would run in the production profile."""
    return lambda: profiles.needs_services(request.node)


@pytest.mark.django_db
def test_who_marks_the_database_runs(asked: Callable[[], bool]) -> None:
    assert asked()


def test_who_asks_for_a_person_of_the_database_runs(asked: Callable[[], bool], amina: Any) -> None:
    assert asked()


@pytest.mark.production
def test_who_is_marked_runs(asked: Callable[[], bool]) -> None:
    assert asked()


@pytest.mark.slow
def test_who_is_long_runs(asked: Callable[[], bool]) -> None:
    assert asked()


@pytest.mark.slow
def test_who_is_long_is_left_out_of_a_run_that_names_nothing(
    request: pytest.FixtureRequest,
) -> None:
    items = [request.node]
    profiles.leave_out_long(items, _asked_for(TESTPATHS))
    assert items == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("ARGS", {}),
        ("TESTPATHS", {"keyword": "long"}),
        ("TESTPATHS", {"markexpr": "slow"}),
        ("TESTPATHS", {"all": True}),
    ],
)
def test_who_is_asked_for_by_name_or_with_all_runs(
    request: pytest.FixtureRequest, source: str, named: dict[str, Any]
) -> None:
    items = [request.node]
    profiles.leave_out_long(items, _asked_for(pytest.Config.ArgsSource[source], **named))
    assert items == [request.node]


def _asked_for(source: Any, **named: str) -> Any:
    option = SimpleNamespace(**{"markexpr": "", "keyword": "", "all": False} | named)
    hook = SimpleNamespace(pytest_deselected=lambda items: None)
    return SimpleNamespace(args_source=source, option=option, hook=hook)


def test_who_touches_nothing_is_left_out_and_cannot_reach_the_database(
    asked: Callable[[], bool],
) -> None:
    assert not asked()
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


@pytest.mark.parametrize(
    ("module", "named"),
    [
        ("tests.search.conftest", True),
        ("tests.search.test_cases", True),  # by what it imports of conftest
        ("tests.journeys.test_letter_to_reply", True),  # by the office that it walks through
        ("tests.production.conftest", True),
        ("tests.language.test_dates", False),
        ("tests.factories", False),
        ("pytest_django.plugin", False),
    ],
)
def test_a_file_that_reaches_the_name_of_a_service_is_known(module: str, named: bool) -> None:
    assert profiles.names_service(module) is named


@pytest.mark.parametrize(
    ("module", "named"),
    [
        ("tests.search.conftest", False),  # its cases of Elasticsearch are marked
        ("tests.search.test_meaning_embedded", False),
        ("tests.docker.test_compose", True),  # by those who start services
        ("tests.journeys.test_letter_to_reply", True),
        ("tests.language.test_dates", False),
    ],
)
def test_a_file_that_marks_who_needs_a_service_keeps_no_other(module: str, named: bool) -> None:
    assert profiles.names_service_unmarked(module) is named


def test_who_is_skipped_for_a_service_and_unmarked_would_run_nowhere(
    request: pytest.FixtureRequest,
) -> None:
    unmarked: Any = request.node
    assert runs_nowhere(unmarked, PRODUCTION)
    assert runs_nowhere(unmarked, "no object store here (TEST_S3_URL)")
    assert not runs_nowhere(unmarked, "SQLite knows no TRUNCATE")
    unmarked.add_marker(pytest.mark.production)
    assert not runs_nowhere(unmarked, PRODUCTION)


@pytest.mark.parametrize(
    ("module", "whole"),
    [
        ("tests.web.desk.test_rights", True),  # tables of addresses
        ("tests.web.desk.test_money", True),
        ("tests.web.portal.test_payment", True),
        ("tests.web.desk.test_menu", False),
        ("tests.web.desk.test_figures_pages", False),  # counts queries, and asks nothing itself
    ],
)
def test_a_file_of_pages_that_is_tried_whole_is_known(module: str, whole: bool) -> None:
    assert profiles.is_tried_whole(module) is whole


def test_of_a_file_of_pages_the_first_tests_run_each_with_its_first_case() -> None:
    names = ["one[ar]", "one[fr]", "two", "three[a]", "three[b]", "four", "five"]
    menu = [_item("tests.web.desk.test_my_day", name) for name in names]
    committing = _item(
        "tests.web.desk.test_my_day", "six", pytest.mark.django_db(transaction=True).mark
    )
    long = _item("tests.web.desk.test_my_day", "seven", pytest.mark.slow.mark)
    money = [_item("tests.web.desk.test_money", name) for name in names]
    below = [_item("tests.routing.test_clocks", name) for name in names]
    items = [*menu, committing, long, *money, *below]
    repeated = [item.name for item in profiles.repeated_on_pages(items)]
    assert repeated == ["one[fr]", "three[b]", "four", "five"]


def _item(module: str, name: str, *marks: pytest.Mark) -> Any:
    """Return what the rules ask of a test."""
    held = {mark.name: mark for mark in marks}
    return SimpleNamespace(
        module=importlib.import_module(module),
        path=file_of(module),
        name=name,
        originalname=name.partition("[")[0],
        get_closest_marker=held.get,
    )


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
from tests.search.letters import found
from tests.services import verapdf
def later():
    from tests.services import running
    import tests.factories
"""
    assert set(imported_by(source)) == {
        *("tests.search.letters", "tests.search.letters.found", "tests.services.verapdf"),
        *("tests.services", "tests.services.running", "tests.factories"),
    }
