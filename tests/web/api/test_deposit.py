"""Depositing over the API: the busiest door of the office."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from registry.models.letters import Letter
from registry.tracking import code_fits
from tests.factories import pdf_bytes
from web.uploads import LargeOnDisk, SmallInMemory

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
URL = "/api/v1/letters"


def upload(content: bytes = b"", name: str = "lettre.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf_bytes())


def send(client: APIClient, *, key: str = "", **fields: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    return client.post(URL, fields, format="multipart", headers=headers)


def test_a_deposit_answers_with_number_code_and_files(api_as: Caller) -> None:
    content = pdf_bytes("Fuite")
    answer = send(
        api_as("amina"),
        files=[upload(content, "fuite.pdf"), upload(name="annexe.pdf")],
        subject="Fuite d'eau",
        sender_name="Client d'essai",
        kind="complaint_technical",
        external_reference="A-12",
    )
    assert answer.status_code == 201
    body = answer.json()
    letter = Letter.objects.get(pk=body["id"])
    assert body["number"] == letter.number
    assert code_fits(letter.pk, letter.tracking_hash, body["tracking_code"])
    assert [file["title"] for file in body["files"]] == ["fuite.pdf", "annexe.pdf"]
    assert body["files"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert (letter.subject, letter.channel, letter.external_reference) == (
        "Fuite d'eau",
        "api",
        "A-12",
    )
    assert letter.sender is not None
    assert letter.sender.name == "Client d'essai"
    assert letter.kind is not None
    assert letter.kind.code == "complaint_technical"


def test_the_same_key_answers_with_the_same_letter(api_as: Caller) -> None:
    content = pdf_bytes()
    first = send(api_as("amina"), key="batch-7/1", files=[upload(content)])
    second = send(api_as("amina"), key="batch-7/1", files=[upload(content)])
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert second.json()["number"] == first.json()["number"]
    assert second.json()["files"] == first.json()["files"]
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("other", ["subject", "files"])
def test_the_same_key_with_other_content_is_refused(api_as: Caller, other: str) -> None:
    content, client = pdf_bytes(), api_as("amina")

    def sent(**changes: Any) -> Any:
        given = {"files": [upload(content)], "subject": "Fuite"} | changes
        return send(client, key="batch-7/1", **given)

    first = sent()
    answer = sent(**{other: {"subject": "Autre", "files": [upload(pdf_bytes())]}[other]})
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "key_used"
    assert error["refusals"][0]["name"] == first.json()["number"]
    assert (sent().status_code, sent().json()["number"]) == (200, first.json()["number"])
    assert Letter.objects.count() == 1


def test_a_message_in_json_is_a_letter_without_a_file(api_as: Caller) -> None:
    answer = api_as("amina").post(URL, {"message": "Plus d'eau depuis hier."}, format="json")
    assert answer.status_code == 201
    assert answer.json()["files"][0]["media_type"] == "text/plain"


def test_each_refused_file_is_named_in_the_language_of_the_caller(api_as: Caller) -> None:
    client = api_as("amina")
    answer = client.post(
        URL,
        {
            "files": [
                upload(b"MZ\x90\x00 program", "facture.pdf"),
                SimpleUploadedFile("vide.pdf", b""),
            ]
        },
        format="multipart",
        headers={"accept-language": "ar"},
    )
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "refused"
    assert [(r["code"], r["name"]) for r in error["refusals"]] == [
        ("executable", "facture.pdf"),
        ("empty", "vide.pdf"),
    ]
    assert Letter.objects.count() == 0


def test_wrong_values_are_named_field_by_field_and_nothing_is_registered(api_as: Caller) -> None:
    answer = send(
        api_as("amina"),
        files=[upload()],
        kind="no-such-kind",
        document_date="31/12/2025",
        sender_email="nobody",
        confidentiality="9",
    )
    assert answer.status_code == 400
    fields = answer.json()["error"]["fields"]
    assert {"document_date", "sender_email", "confidentiality"} <= set(fields)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("field", ["document_date", "received_at"])
def test_a_date_that_lies_ahead_is_refused(api_as: Caller, field: str) -> None:
    answer = send(api_as("amina"), files=[upload()], **{field: "2199-01-01"})
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]


@pytest.mark.parametrize("username", ["chafik", "badr", "dounia", "direction", "audit", "admin"])
def test_only_the_office_registers(api_as: Caller, username: str) -> None:
    answer = send(api_as(username), files=[upload()])
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_allowed"
    assert Letter.objects.count() == 0


def test_without_a_token_nothing_is_registered(api_as: Caller) -> None:
    answer = send(api_as(""), files=[upload()])
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert Letter.objects.count() == 0


def test_a_deposit_asks_the_database_few_questions(api_as: Caller) -> None:
    """One of them is the entry of the ledger, for all rows that the registration writes."""
    client = api_as("amina")
    send(client, files=[upload()])  # the year's series of numbers exists from here on
    with CaptureQueriesContext(connection) as asked:
        assert send(client, files=[upload()], sender_name="Client").status_code == 201
    assert len(asked) <= 15, "\n".join(q["sql"][:100] for q in asked)


def test_a_file_over_the_limit_is_refused_by_name_and_fills_no_disk(
    api_as: Caller, settings: Any
) -> None:
    settings.UPLOAD_MAX_MB = 1
    answer = send(api_as("amina"), files=[upload(pdf_bytes() + b" " * 3_000_000, "grand.pdf")])
    assert answer.status_code == 422
    refusal = answer.json()["error"]["refusals"][0]
    assert (refusal["code"], refusal["name"]) == ("too_large", "grand.pdf")


def test_the_spool_stops_one_byte_after_the_limit(settings: Any) -> None:
    settings.UPLOAD_MAX_MB = 1
    handler = LargeOnDisk()
    handler.new_file("files", "grand.pdf", "application/pdf", None)
    for start in range(0, 3 << 20, 1 << 16):
        handler.receive_data_chunk(b"x" * (1 << 16), start)
    assert handler.file.tell() == (1 << 20) + 1


@pytest.mark.parametrize(("length", "kept"), [(999_999, True), (1_000_001, False)])
def test_only_small_requests_stay_in_memory(length: int, kept: bool) -> None:
    handler = SmallInMemory()
    handler.handle_raw_input(None, {}, length, "")
    assert handler.activated is kept
