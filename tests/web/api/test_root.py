"""The root of the API leads on: to its versions, its schema and words about them."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


def test_the_root_tells_versions_document_and_schema() -> None:
    answer = Client().get("/api/")
    assert answer.status_code == 200
    assert answer.json() == {
        "versions": [{"version": "v1", "address": f"{HERE}/api/v1/"}],
        "documentation": f"{HERE}/api/",
        "schema": f"{HERE}/api/schema/",
    }
    schema = Client().get(answer.json()["schema"].removeprefix(HERE)).json()
    [version] = answer.json()["versions"]
    assert f"{version['address']}me".removeprefix(HERE) in schema["paths"]


def test_a_browser_is_shown_a_page_with_the_link() -> None:
    answer = Client().get("/api/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer["Content-Type"].startswith("text/html")
    assert "Accept" in answer["Vary"]
    page = answer.content.decode()
    assert f'href="{HERE}/api/schema/"' in page
    assert "Interface de programmation (API)" in page


def test_the_root_is_for_reading() -> None:
    answer = Client().post("/api/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_what_is_not_there_says_where_the_api_is_described() -> None:
    answer = Client().get("/api/v1/nowhere")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert f"{HERE}/api/" in answer.json()["error"]["message"]
    assert '</api/>; rel="service-doc"' in answer["Link"]
    assert '</api/schema/>; rel="service-desc"' in answer["Link"]


def test_a_letter_that_is_not_there_links_to_the_description(api_as: Any) -> None:
    answer = api_as("amina").get("/api/v1/letters/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert '</api/>; rel="service-doc"' in answer["Link"]
