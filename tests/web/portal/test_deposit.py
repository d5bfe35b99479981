"""A citizen deposits a letter without an account: registered once, proven, and never refused by
accident."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models.letters import Letter
from registry.tracking import code_of
from tests.factories import drain, pdf_bytes
from web.portal.forms import new_key
from web.throttle import DEPOSIT_BY_ADDRESS

pytestmark = pytest.mark.django_db
URL = "/portal/deposit/"
WORDS = {"subject": "Fuite d'eau", "name": "Client d'essai", "message": "Une fuite."}


def send(client: Client, **changes: Any) -> Any:
    return client.post(URL, {**WORDS, "deposit_key": new_key(), **changes})


def test_a_letter_is_registered_and_its_code_shown(client: Client) -> None:
    file = SimpleUploadedFile("photo.pdf", pdf_bytes())
    answer = send(client, files=[file], phone="0523000012", email="a@example.org")
    assert (answer.status_code, answer["Location"]) == (303, "/portal/deposit/done/")
    letter = Letter.objects.get()
    assert (letter.channel, letter.registered_by) == ("portal", None)
    assert letter.sender is not None
    assert (letter.sender.phone, letter.sender.email) == ("0523000012", "a@example.org")
    assert [d.title for d in letter.documents.all()] == ["photo.pdf", "message.txt"]
    page = client.get("/portal/deposit/done/").content.decode()
    assert letter.number in page
    assert code_of(letter.pk) in page


def test_the_photo_of_the_camera_field_comes_with_the_chosen_files(client: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", pdf_bytes()) for n in ("chosen", "camera")]
    send(client, files=files, message="")
    assert {d.title for d in Letter.objects.get().documents.all()} == {"chosen.pdf", "camera.pdf"}


def test_sent_twice_is_registered_once(client: Client) -> None:
    key = new_key()
    send(client, deposit_key=key)
    assert send(client, deposit_key=key).status_code == 303
    assert Letter.objects.count() == 1


def test_a_made_up_key_gives_nobody_another_persons_letter(client: Client) -> None:
    send(client, deposit_key="1")
    other = Client()
    send(other, deposit_key="1")
    assert Letter.objects.count() == 2
    numbers = set(Letter.objects.values_list("number", flat=True))
    seen = {n for n in numbers if n in other.get("/portal/deposit/done/").content.decode()}
    assert len(seen) == 1


def test_what_is_wrong_is_said_and_what_was_written_stays(client: Client) -> None:
    answer = send(client, name="", email="nobody", subject="Ma demande")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Ma demande"' in page
    assert page.count('aria-invalid="true"') == 2
    assert Letter.objects.count() == 0


def test_a_refused_file_is_named(client: Client) -> None:
    answer = send(client, files=[SimpleUploadedFile("virus.pdf", b"MZ\x90\x00")])
    assert answer.status_code == 422
    assert "virus.pdf" in answer.content.decode()
    assert Letter.objects.count() == 0


def test_neither_file_nor_message_is_refused(client: Client) -> None:
    assert send(client, message=" ").status_code == 422
    assert Letter.objects.count() == 0


def test_the_trap_stops_a_program_and_loses_nothing_of_a_persons_words(client: Client) -> None:
    answer = send(client, website="http://spam.example", subject="Ma demande")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Ma demande"' in page
    assert "spam.example" not in page
    assert Letter.objects.count() == 0


def test_a_flood_from_one_address_ends_and_others_go_on(client: Client) -> None:
    for _ in range(DEPOSIT_BY_ADDRESS.most):
        client.post(URL, {})
    answer = send(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Fuite d&#x27;eau" in answer.content.decode()
    assert client.post(URL, {**WORDS}, REMOTE_ADDR="192.0.2.9").status_code == 303


def test_a_request_over_every_limit_is_not_read(client: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_MB = settings.UPLOAD_MAX_FILES = 1

    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("was read")

    post: Any = client.generic
    answer = post("POST", URL, b"", CONTENT_LENGTH="9999999", **{"wsgi.input": Unread()})
    assert answer.status_code == 413
    assert Letter.objects.count() == 0


def test_a_forged_form_of_another_site_is_refused() -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
    assert Letter.objects.count() == 0


def test_the_receipt_is_there_once_it_is_drawn_and_only_for_this_visit(client: Client) -> None:
    send(client)
    waiting = client.get("/portal/receipt/")
    assert waiting.status_code == 202
    drain("receipt.render")
    answer: Any = client.get("/portal/receipt/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "/portal/receipt/" in client.get("/portal/receipt/state/").content.decode()
    assert Client().get("/portal/receipt/").status_code == 303


def test_hostile_direction_signs_in_a_file_name_change_nothing_on_the_page(client: Client) -> None:
    name = "facture\u202egpj.pdf"
    send(client, files=[SimpleUploadedFile(name, pdf_bytes())])
    page = client.get("/portal/deposit/done/").content.decode()
    assert "\u202e" not in page
    assert "<bdi>facture" in page
