"""The administration's front page leads everywhere; each page says who may, and helps."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from web.desk.administration.places import PLACES

pytestmark = pytest.mark.django_db


def test_every_place_is_on_the_front_page_in_groups(
    client_as: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    client = client_as("admin")
    client.get("/administration/")

    with django_assert_max_num_queries(10):
        page = client.get("/administration/").content.decode()

    assert page.count('aria-labelledby="group-') == 5
    assert all(f'href="{place.url}"' in page for place in PLACES.values())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_two_places_bear_one_name(language: str) -> None:
    with override(language):
        names = [str(place.title) for place in PLACES.values()]
    assert sorted(set(names)) == sorted(names)


def test_every_page_says_who_may_and_has_its_help(client_as: Callable[[str], Client]) -> None:
    client = client_as("admin")
    for key, place in PLACES.items():
        answer = client.get(place.url)
        page = answer.content.decode()
        assert answer.status_code == 200, key
        assert 'id="help"' in page, key
        assert f'href="{place.url}" aria-current="page"' in page, key


@pytest.mark.parametrize("username", ["audit", "direction"])
def test_who_only_reads_is_not_led_into_the_administration(
    username: str, client_as: Callable[[str], Client]
) -> None:
    page = client_as(username).get("/deadlines/").content.decode()
    assert 'href="/administration/' not in page
    assert 'id="help"' in page
