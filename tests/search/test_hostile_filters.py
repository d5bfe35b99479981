"""Filters that fit no letter find none, also while the database stands in for the engine."""

from typing import Any

import pytest

from org.models import User
from search.services import find_letters
from tests.factories import deposit


@pytest.mark.django_db
@pytest.mark.parametrize(
    "filters", [{"year": ["abc"]}, {"year": ["9" * 40]}, {"year": ["-1"]}, {"kind": ["x" * 9999]}]
)
def test_a_senseless_filter_finds_nothing_while_the_engine_is_away(
    settings: Any, amina: User, filters: dict[str, list[str]]
) -> None:
    settings.SEARCH_URL = "http://127.0.0.1:9/?timeout=1"
    deposit(actor=amina)
    found = find_letters(viewer=amina, words="", filters=filters)
    assert found.engine_down
    assert found.total == 0
    assert found.hits == []


@pytest.mark.django_db
def test_a_year_still_narrows_while_the_engine_is_away(settings: Any, amina: User) -> None:
    settings.SEARCH_URL = "http://127.0.0.1:9/?timeout=1"
    letter = deposit(actor=amina).letter
    filters = {"year": [str(letter.year), "abc"]}
    assert find_letters(viewer=amina, words="", filters=filters).total == 1
