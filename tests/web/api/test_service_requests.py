"""A program asks for a service over the API: once a key, or each wrong field by name."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from eservices.requests.models import Request
from registry.models.letters import Letter
from registry.tracking import code_of
from tests.eservices.office import WATER, content_of, published_type
from tests.factories import drain, picture_bytes
from web.throttle import DEPOSIT_BY_ADDRESS, count_attempt

pytestmark = pytest.mark.django_db
URL = "/api/v1/services/complaint_water/requests"


@pytest.fixture(autouse=True)
def water() -> None:
    published_type("complaint_water")


def send(answers: Any = WATER, *, key: str = "", url: str = URL, **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return Client().post(url, {"answers": json.dumps(answers), **more}, headers=headers)


def test_a_request_is_registered_with_its_files_and_contact() -> None:
    photo = SimpleUploadedFile("fuite.png", picture_bytes("fuite"))
    answer = send(photo=photo, name="Fatima Bennis", email="fatima@example.org")
    assert answer.status_code == 201, answer.content
    told, request = answer.json(), Request.objects.get()
    assert set(told) == {
        *("number", "tracking_code", "receipt_url", "stage", "due_on", "waiting_for", "remaining"),
    }
    assert told["number"] == request.letter.number
    assert told["tracking_code"] == code_of(request.letter_id)
    assert (told["stage"], told["remaining"]) == ("received", [])
    assert request.letter.channel == "api"
    assert request.letter.sender is not None
    assert request.letter.sender.email == "fatima@example.org"
    assert any("fuite.png" in row.title for row in request.letter.documents.all())


def test_the_receipt_is_behind_its_link_alone() -> None:
    url = send().json()["receipt_url"]
    path = "/" + url.split("/", 3)[3]
    assert Client().get(path).status_code == 202
    drain("receipt.render")
    answer: Any = Client().get(path)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert Client().get(f"{path[:-2]}x/").status_code == 404


@pytest.mark.parametrize("body", ["[]", '["a"]', '"text"', "1", "null", '{"language": []}'])
def test_a_body_that_is_no_object_is_told_so(body: str) -> None:
    answer = Client().post(URL, body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert not Letter.objects.exists()


def test_each_wrong_field_is_named_and_nothing_is_registered() -> None:
    wrong = {**WATER, "problem": "fire", "other": 1}
    virus = SimpleUploadedFile("x.png", b"MZ\x90\x00")
    answer = send(wrong, photo=virus, email="nobody", plan=SimpleUploadedFile("p.txt", b"x"))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "bad_answers"
    assert set(error["fields"]) == {"problem", "other", "photo", "plan", "email"}
    assert not Letter.objects.exists()


def test_problems_are_told_as_rfc_9457_where_they_are_accepted() -> None:
    accepts = {"Accept": "application/problem+json"}
    answer = Client().post(URL, {"answers": "{}"}, headers=accepts)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == 422


def test_the_contact_may_stand_among_the_answers_and_the_body_be_json() -> None:
    body = {"answers": {**WATER, "contact": {"name": "Fatima", "phone": "0612345678"}}}
    answer = Client().post(URL, body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    sender = Letter.objects.get().sender
    assert sender is not None
    assert (sender.name, sender.phone) == ("Fatima", "0612345678")


def test_the_same_key_registers_once_and_never_other_content() -> None:
    first, again = send(key="k-1"), send(key="k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    other = send({**WATER, "description": "Autre chose."}, key="k-1")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")
    stranger = send(key="k-1", email="other@example.org")
    assert stranger.json()["number"] != first.json()["number"]
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    "answers",
    [
        *("", "[]", "{", '"x"', "[" * 5000, '{"a": NaN}'),
        *(
            json.dumps(WATER | {"description": "a\ud800"}),
            json.dumps(WATER)[:-1] + ', "a": 1, "a": 1}',
        ),
    ],
)
def test_what_is_no_object_of_answers_is_refused(answers: str) -> None:
    assert Client().post(URL, {"answers": answers}).status_code == 422
    assert not Letter.objects.exists()


def test_fields_beside_the_answers_that_nobody_knows_are_refused() -> None:
    answer = send(mail="a@example.org")
    assert set(answer.json()["error"]["fields"]) == {"mail"}


def test_a_service_that_must_know_who_asks_is_for_the_portal() -> None:
    published_type(content_of(code="known", identity=1))
    assert send(url="/api/v1/services/known/requests").status_code == 403
    assert send(url="/api/v1/services/nothing/requests").status_code == 404


def test_a_flood_from_one_address_ends() -> None:
    for _ in range(DEPOSIT_BY_ADDRESS.most):
        count_attempt(DEPOSIT_BY_ADDRESS, "127.0.0.1")
    answer = send()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
