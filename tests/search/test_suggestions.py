"""Suggestions while typing: few, from what the person reads, and silent without the engine."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from org.models import User
from registry.models.readers import DepartmentReader
from search.address.request import SearchRequest
from search.saved.searches import save_search
from search.suggestions import MOST, suggest
from tests.factories import address, deposit, drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index(own_data_dir: Path) -> None:
    """An index of the test's own."""


def texts(viewer: User, typed: str, kind: str = "") -> list[str]:
    return [one.text for one in suggest(viewer, typed) if kind in ("", one.kind)]


def test_words_names_subjects_and_numbers_are_suggested(amina: User) -> None:
    letter = deposit(subject="Réclamation du compteur", sender="Tazi Mourad").letter
    drain("letter.index")
    assert texts(amina, "récl", "word") == ["Réclamation"]
    assert texts(amina, "compteur recl", "word") == ["compteur Réclamation"]
    assert texts(amina, "taz", "party") == ["Tazi Mourad"]
    assert texts(amina, "récl", "letter") == ["Réclamation du compteur"]
    assert letter.number in texts(amina, f"{letter.year}/IN/{letter.serial:06d}", "number")
    assert letter.number in texts(amina, f"{letter.serial:06d}", "number")


def test_nothing_of_others_is_suggested(amina: User, chafik: User) -> None:
    letter = deposit(subject="Zellige", sender="Zellou Karim", departments=["EAU"]).letter
    drain("letter.index")
    assert texts(amina, "zell")
    for typed in ("zell", "zellige", letter.number, str(letter.serial), f"{letter.serial:06d}"):
        assert texts(chafik, typed) == [], typed


def test_a_right_lost_a_second_ago_is_lost_here_too(chafik: User) -> None:
    row = address(deposit(subject="Zellige").letter, "SI")
    drain("letter.index")
    assert texts(chafik, "zell")
    DepartmentReader.objects.filter(pk=row.pk).update(active=False)
    assert texts(chafik, "zell") == []


def test_own_saved_searches_are_suggested_and_no_ones_else(amina: User, chafik: User) -> None:
    save_search(person=amina, name="Zellige du mois", asked=SearchRequest(words="zellige"))
    assert texts(amina, "zell", "saved") == ["Zellige du mois"]
    assert texts(chafik, "zell") == []


def test_they_are_few_and_take_a_fixed_number_of_queries(amina: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            suggest(amina, "zell")
        return len(caught)

    deposit(subject="Zellige un", sender="Zellou A")
    drain("letter.index")
    one = queries()
    for number in range(15):
        deposit(subject=f"Zellige {number} zellij{number}", sender=f"Zellou {number}")
    drain("letter.index")
    assert len(suggest(amina, "zell")) == MOST
    assert queries() == one


@pytest.mark.parametrize("typed", ["", "z", "  ", "«", "*", "-", '"', "a" * 5000])
def test_too_little_or_too_much_suggests_nothing(amina: User, typed: str) -> None:
    assert suggest(amina, typed) == []


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_safe(amina: User, typed: str) -> None:
    assert len(suggest(amina, typed)) <= MOST


def test_while_the_engine_is_away_there_are_none(amina: User, settings: Any) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    settings.SEARCH_URL = "http://127.0.0.1:9/?timeout=1"
    assert suggest(amina, "zell") == []
