"""The schema is complete, valid, and true: what it says is what is answered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from rest_framework.test import APIClient

from tests.factories import deposit, drain, person
from web.api import answers, office
from web.api.document import written_in
from web.api.urls import urlpatterns

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


def test_the_schema_is_valid_openapi_and_free_of_guesses(schema: dict[str, Any]) -> None:
    # Its grammars of addresses cost whoever imports it a second.
    from drf_spectacular.validation import validate_schema

    validate_schema(schema)  # type: ignore[no-untyped-call]
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_address_is_in_the_schema_with_its_answers_and_errors(
    schema: dict[str, Any],
) -> None:
    named = [p for p in urlpatterns if p.name and p.name != "schema"]
    assert len(schema["paths"]) == len(named)
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            said = operation["responses"]
            assert any(code.startswith("2") for code in said), (path, verb)
            assert said["401"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/ErrorOut"
            }, (path, verb)
            assert operation["description"], (path, verb)
            for status in ("429", "503"):  # each caller is counted, and every part may be away
                assert "Retry-After" in said[status]["headers"], (path, verb, status)


def test_what_is_left_of_a_limit_is_a_header_of_each_answer(schema: dict[str, Any]) -> None:
    """As it is sent: with what was done, and where the limit is reached."""
    names = {"RateLimit", "RateLimit-Policy"}
    assert set(schema["components"]["headers"]) == names
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            said = operation["responses"]
            for status in [code for code in said if code.startswith("2") or code == "429"]:
                assert names <= set(said[status]["headers"]), (path, verb, status)


def test_it_is_made_once_in_a_language_whatever_is_asked(client: Client) -> None:
    written_in.cache_clear()
    house = settings.LANGUAGE_CODE
    asked = ("", f"?lang={house}", "?lang=xx", f"?lang={'x' * 300}", "?version=7", "?lang=ar")
    answers = [client.get(f"/api/schema/{query}") for query in asked]
    assert [answer.status_code for answer in answers] == [200] * len(asked)
    *others, arabic = [answer.content for answer in answers]
    assert set(others) == {written_in(house)}
    assert arabic == written_in("ar") != written_in(house)
    assert written_in.cache_info().misses == 2


def test_it_is_sent_as_what_is_asked_for(client: Client) -> None:
    plain = client.get("/api/schema/", headers={"accept": "application/json"})
    named = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert plain.content == named.content
    assert plain["Content-Type"] == "application/json"
    assert named["Content-Type"] == "application/vnd.oai.openapi+json"
    refused = client.post("/api/schema/")
    assert refused.status_code == 405
    assert refused.json()["error"]["code"] == "method_not_allowed"


def fields(shape: Any) -> set[str]:
    return set(shape().fields)


def test_answers_have_the_fields_that_the_schema_names(api_as: Caller) -> None:
    letter = deposit(actor=person("amina"), subject="Fuite").letter
    drain("letter.read")
    client = api_as("amina")
    url = f"/api/v1/letters/{letter.pk}"
    whole = client.get(url).json()
    assert set(whole) == fields(answers.LetterOut)
    assert set(whole["documents"][0]) == fields(answers.FileOut)
    assert set(whole["parties"][0]) == fields(answers.PartyOut)
    assert set(whole["receipt"]) == fields(answers.ReceiptOut)
    page = client.get("/api/v1/letters").json()
    assert set(page) == fields(answers.LetterPage)
    assert set(page["letters"][0]) == fields(answers.LetterRow)
    assert set(client.get(f"{url}/events").json()["events"][0]) == fields(answers.EventOut)
    text = client.get(f"{url}/text").json()["documents"][0]
    assert set(text) == fields(answers.DocumentText)
    assert set(text["pages"][0]) == fields(answers.PageText)
    assert set(client.get("/api/v1/me").json()) == fields(office.MeOut)
    assert set(client.get("/api/v1/search").json()) == fields(office.FoundOut)
    assert set(client.get("/api/v1/jobs").json()["jobs"][0]) == fields(office.JobOut)
    sent = client.post("/api/v1/letters", {"message": "Bonjour"}, format="json").json()
    assert set(sent) == fields(answers.DepositOut)
    assert set(sent["files"][0]) == fields(answers.FileOut)


def test_the_keys_of_partners_are_described(schema: dict[str, Any]) -> None:
    scheme = schema["components"]["securitySchemes"]["partnerKey"]
    assert "Authorization: Key sjl_…" in scheme["description"]
