"""Whatever goes wrong, the API answers in one shape and in the caller's language."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from web.api import office
from web.api.error_codes import WORDS
from web.api.errors import Problem
from web.throttle import TOKEN_BY_NAME

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
SHAPE = {"code", "message", "fields", "refusals"}


def error_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert set(error) == SHAPE
    assert error["message"]
    return error


@pytest.mark.parametrize(
    ("method", "url", "status", "code"),
    [
        ("get", "/api/v1/nowhere", 404, "not_found"),
        ("post", "/api/nowhere", 404, "not_found"),
        ("get", "/api/v1/letters/not-a-uuid", 404, "not_found"),
        ("delete", "/api/v1/letters", 405, "method_not_allowed"),
        ("get", "/api/v1/letters?cursor=made-up", 400, "bad_cursor"),
        ("get", "/api/v1/letters?limit=101", 400, "invalid"),
        ("get", "/api/v1/letters?limit=0", 400, "invalid"),
        ("get", "/api/v1/letters?stag=registered", 400, "invalid"),
        ("get", "/api/v1/letters?stage=lost", 400, "invalid"),
        ("post", "/api/v1/jobs/99999999/retry", 404, "not_found"),
    ],
)
def test_each_error_has_its_status_and_code(
    api_as: Caller, method: str, url: str, status: int, code: str
) -> None:
    assert error_of(getattr(api_as("amina"), method)(url), status)["code"] == code


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/csv", b"a,b", 415),
        ("application/json", b"{not json", 400),
        ("application/json", b'["a list"]', 400),
        ("application/json", b"\xff\xfe", 400),
        ("multipart/form-data; boundary=x", b"no part in here", 422),
        ("multipart/form-data", b"no boundary named", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_said_so(
    api_as: Caller, content_type: str, body: bytes, status: int
) -> None:
    client = api_as("amina")
    post: Any = client.generic
    error_of(post("POST", "/api/v1/letters", body, content_type=content_type), status)


def test_a_json_body_is_never_read_without_end(api_as: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api_as("amina").post("/api/v1/letters", {"message": "x" * 2000}, format="json")
    assert error_of(answer, 413)["code"] == "too_large"


def test_too_many_files_are_refused_with_the_number_that_is_taken(
    api_as: Caller, settings: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.UPLOAD_MAX_FILES = 2
    files = [SimpleUploadedFile(f"{n}.txt", b"Bonjour") for n in range(3)]
    answer = api_as("amina").post("/api/v1/letters", {"files": files}, format="multipart")
    refusal = error_of(answer, 422)["refusals"][0]
    assert refusal["code"] == "too_many_files"
    assert "2" in refusal["message"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_code_has_words_in_every_language(language: str) -> None:
    from django.utils import translation

    with translation.override(language):
        words = {code: Problem(code).body()["error"]["message"] for code in WORDS}
    assert all(words.values())
    assert len(set(words.values())) == len(words)
    if language == "ar":
        assert not any(any("a" <= c <= "z" for c in text.lower()) for text in words.values())


def test_an_error_comes_in_the_language_of_the_caller(client: Client) -> None:
    said = {
        language: client.get("/api/v1/me", headers={"accept-language": language}).json()["error"][
            "message"
        ]
        for language in ("ar", "fr", "en")
    }
    assert len(set(said.values())) == 3


def test_a_failure_of_ours_is_told_in_the_shape_and_logged_without_peoples_data(
    api_as: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    detail = f"duplicate key: name={'F'}atima Zahra"

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(detail)

    monkeypatch.setattr(office, "permissions_of", fail)
    with caplog.at_level(logging.ERROR):
        error = error_of(api_as("amina").get("/api/v1/me"), 500)
    assert error["code"] == "server_error"
    assert "RuntimeError" in caplog.text
    assert "Fatima" not in caplog.text + str(error)


def test_the_accept_header_does_not_keep_a_file_back(api_as: Caller) -> None:
    from tests.factories import deposit, pdf

    letter = deposit(files=[pdf(name="../rapport été.pdf")]).letter
    document = letter.documents.get()
    url = f"/api/v1/letters/{letter.pk}/documents/{document.pk}/content"
    answer: Any = api_as("amina").get(url, headers={"accept": "application/pdf"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".." not in answer["Content-Disposition"].split("filename")[1][:4]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_token_is_given_for_the_right_password_only(client: Client) -> None:
    from config.organisation import DEMO_PASSWORD

    url, json = "/api/v1/token", "application/json"
    wrong = client.post(url, {"username": "amina", "password": "wrong"}, content_type=json)
    nobody = client.post(url, {"username": "nobody", "password": "wrong"}, content_type=json)
    assert error_of(wrong, 401) == error_of(nobody, 401)
    right = client.post(url, {"username": "amina", "password": DEMO_PASSWORD}, content_type=json)
    assert right.status_code == 200
    token = {"authorization": f"Token {right.json()['token']}"}
    assert client.get("/api/v1/me", headers=token).json()["username"] == "amina"
    assert client.delete("/api/v1/me/token", headers=token).status_code == 204
    assert client.get("/api/v1/me", headers=token).status_code == 401


def test_guessing_a_password_ends_soon(client: Client) -> None:
    body = {"username": "amina", "password": "wrong"}
    for _ in range(TOKEN_BY_NAME.most):
        answer = client.post("/api/v1/token", body, content_type="application/json")
        assert answer.status_code == 401
    answer = client.post("/api/v1/token", body, content_type="application/json")
    assert error_of(answer, 429)["code"] == "throttled"
    assert 0 < int(answer["Retry-After"]) <= TOKEN_BY_NAME.seconds
