"""The catalogue over the API: for everybody, in the wanted language, kept by who has it."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from rest_framework.test import APIClient

from eservices.catalogue.publishing import published_types, withdraw
from org.models import User
from tests.eservices.office import content_of, published_type
from web.api.service_shapes import ServiceOut, ServiceRow

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/services"
ONE = f"{ADDRESS}/complaint_water"


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()


def codes(answer: Any) -> list[str]:
    return [row["code"] for row in answer.json()["services"]]


def test_everybody_reads_the_catalogue(anybody: APIClient) -> None:
    answer = anybody.get(ADDRESS, {"language": "ar"})
    assert answer.status_code == 200
    assert codes(answer) == [one.code for one in published_types()]
    row = next(row for row in answer.json()["services"] if row["code"] == "complaint_water")
    definition = published_type().definition
    assert set(row) == set(ServiceRow().fields)
    assert row["title"] == definition.title.ar
    page = reverse("portal:service", args=["complaint_water"])
    assert row["address"] == f"{settings.PUBLIC_URL}{page}"
    assert row["terms"]["legal_days"] == definition.term.legal_days


def test_a_service_tells_its_form(anybody: APIClient) -> None:
    told = anybody.get(ONE, {"language": "en"}).json()
    definition = published_type().definition
    assert set(told) == set(ServiceOut().fields)
    assert [page["code"] for page in told["pages"]] == [page.code for page in definition.pages]
    fields = {one["code"]: one for page in told["pages"] for one in page["fields"]}
    assert list(fields) == [one.code for one in definition.fields()]
    assert fields["where_leaks"]["show_if"] == {
        "field": "problem",
        "in": ["leak"],
        "answered": False,
        "not": False,
    }
    assert fields["problem"]["options"][0]["value"] == "leak"
    assert [stage["label"] for stage in told["stages"]] == [
        stage.public.en for stage in definition.stages
    ]
    assert "internal" not in str(told["stages"])


def test_the_language_is_the_one_asked_for_or_the_browsers(anybody: APIClient) -> None:
    title = published_type().definition.title
    told = anybody.get(ONE, headers={"Accept-Language": "ar"})
    assert (told.json()["language"], told.json()["title"]) == ("ar", title.ar)
    named = anybody.get(ONE, {"language": "fr"}, headers={"Accept-Language": "ar"})
    assert named.json()["title"] == title.fr
    assert anybody.get(ONE, {"language": "de"}).status_code == 400


def test_services_are_found_by_words_and_filtered(anybody: APIClient) -> None:
    assert codes(anybody.get(ADDRESS, {"q": "تسريب"}))[0] == "complaint_water"
    water = codes(anybody.get(ADDRESS, {"need": "water"}))
    assert "complaint_water" in water
    wanted = [one.code for one in published_types() if "water" in one.definition.needs]
    assert water == wanted
    assert codes(anybody.get(ADDRESS, {"q": "fuite", "need": "electricity"})) != ["complaint_water"]
    assert anybody.get(ADDRESS, {"need": "air"}).status_code == 400
    assert anybody.get(ADDRESS, {"word": "fuite"}).status_code == 400


def test_the_catalogue_can_be_read_page_by_page(anybody: APIClient) -> None:
    published_type(content_of(code="leak_two", position=2))
    whole = codes(anybody.get(ADDRESS))
    read: list[str] = []
    cursor = ""
    for _page in whole:
        answer = anybody.get(ADDRESS, {"limit": "1", "cursor": cursor})
        read += codes(answer)
        cursor = answer.json()["next_cursor"]
    assert read == whole
    assert cursor == ""
    assert anybody.get(ADDRESS, {"cursor": "none"}).json()["error"]["code"] == "bad_cursor"


def test_who_has_an_answer_is_told_that_it_is_the_same(anybody: APIClient) -> None:
    for address in (ADDRESS, ONE):
        first = anybody.get(address)
        assert "public" in first.headers["Cache-Control"]
        assert "Accept-Language" in first.headers["Vary"]
        seen = {"If-None-Match": first.headers["ETag"]}
        again = anybody.get(address, headers=seen)
        assert (again.status_code, again.content) == (304, b"")
        assert anybody.get(address, {"language": "en"}, headers=seen).status_code == 200
    content = content_of(position=1)
    published_type(content)
    assert anybody.get(ONE, headers=seen).json()["version"] == 2


def test_what_is_not_published_is_not_there(anybody: APIClient, admin: User) -> None:
    assert anybody.get(f"{ADDRESS}/none").status_code == 404
    withdraw(published_type().version, actor=admin)
    assert anybody.get(ONE).status_code == 404
    assert "complaint_water" not in codes(anybody.get(ADDRESS))


def test_the_list_costs_one_query(anybody: APIClient, django_assert_num_queries: Any) -> None:
    anybody.get(ADDRESS)
    with django_assert_num_queries(1):
        anybody.get(ADDRESS)
