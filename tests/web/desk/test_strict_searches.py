"""What a search does not know is told on the desk's pages, and nothing is kept or made of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from search.address.strict import BadSearchError, read_search
from search.exports.models import Export
from search.saved.models import SavedSearch
from tests.factories import deposit, drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_letter(own_data_dir: Path) -> None:
    """There is something to be found, in an index of the test's own."""
    deposit(subject="Fuite")
    drain("letter.index")


@pytest.mark.parametrize("where", ["/search/exports/new/", "/search/saved/new/"])
def test_an_unknown_name_is_refused_and_named(
    client_as: Callable[[str], Client], where: str
) -> None:
    form = {"address": "rubbish=1", "format": "csv", "name": "Mes fuites"}
    answer = client_as("amina").post(where, form, follow=True)
    assert "rubbish" in answer.content.decode()
    assert not Export.objects.exists()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("name", ["q", "order"])
def test_what_is_said_once_is_not_said_twice(name: str) -> None:
    with pytest.raises(BadSearchError) as refused:
        read_search(f"{name}=newest&{name}=newest")
    assert set(refused.value.fields) == {name}


def test_the_search_page_names_what_it_does_not_know(client_as: Callable[[str], Client]) -> None:
    page = client_as("amina").get("/search/", {"q": "fuite", "depatment": "EAU"})
    assert "<bdi>depatment</bdi>" in page.content.decode()
    page = client_as("amina").get("/search/", {"q": "fuite", "department": "EAU"})
    assert not page.context["unknown"]
