"""Files chosen beside an error are kept through it, for one form of one session, for an hour."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from registry.models.letters import Letter
from tests.factories import pdf_bytes
from web.models import PendingUpload, PendingUploadPart
from web.pending_uploads import delete_expired_uploads

pytestmark = pytest.mark.django_db
WORDS = {"subject": "Fuite d'eau", "name": "Client d'essai", "message": "Une fuite."}
DESK = {"channel": "counter", "register": "IN", "confidentiality": "0", "subject": "Fuite"}


def photo(name: str = "photo.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf_bytes())


class Visitor:
    """A citizen or clerk without JavaScript: sends the form that the last page showed."""

    def __init__(self, client: Client, url: str = "/portal/deposit/", **words: str) -> None:
        self.client, self.url, self.words = client, url, words or WORDS
        self.page: Any = client.get(url)

    @property
    def key(self) -> str:
        found = re.search(r'name="deposit_key" value="([^"]+)"', self.page.content.decode())
        assert found
        return found[1]

    def send(self, **changes: Any) -> Any:
        given = {**self.words, "deposit_key": self.key, **changes}
        answer = self.client.post(self.url, given)
        if answer.status_code != 303:
            self.page = answer
        return answer

    def listed(self) -> list[str]:
        return [row.name for row in self.page.context["held"]]


@pytest.fixture(params=["portal", "desk"])
def visitor(request: Any, client_as: Callable[[str], Client]) -> Visitor:
    if request.param == "portal":
        return Visitor(Client())
    return Visitor(client_as("amina"), "/deposit/", **DESK)


def titles() -> list[str]:
    return [d.title for d in Letter.objects.get().documents.order_by("position")]


WRONG = {"email": "nobody", "sender_email": "nobody"}  # each form has one of them


def test_a_photo_beside_a_wrong_field_is_kept_and_registered(visitor: Visitor) -> None:
    content = pdf_bytes()
    answer = visitor.send(files=[photo("une.pdf", content), photo("deux.pdf")], **WRONG)
    assert answer.status_code == 422
    assert visitor.listed() == ["une.pdf", "deux.pdf"]
    assert visitor.send(**WRONG).status_code == 422  # a second error loses nothing either
    assert visitor.listed() == ["une.pdf", "deux.pdf"]
    again = [photo("une.pdf", content), photo("trois.pdf")]
    assert visitor.send(files=again, message="Une fuite.").status_code == 303
    assert titles() == ["une.pdf", "deux.pdf", "trois.pdf", "message.txt"]


def test_the_same_file_beside_a_second_error_is_kept_once(visitor: Visitor) -> None:
    content = pdf_bytes()
    for _ in range(2):
        visitor.send(files=[photo("une.pdf", content)], **WRONG)
    assert visitor.listed() == ["une.pdf"]


def test_a_kept_file_is_left_out_where_that_is_wanted(visitor: Visitor) -> None:
    visitor.send(files=[photo("une.pdf"), photo("deux.pdf")], **WRONG)
    first = str(visitor.page.context["held"][0].pk)
    visitor.send(leave_out=[first, "no id", "\ud800".encode(errors="replace").decode()], **WRONG)
    assert visitor.listed() == ["deux.pdf"]
    visitor.send(leave_out=[first])
    assert titles()[0] == "deux.pdf"


def test_of_several_files_the_good_ones_are_kept_and_the_bad_one_is_named(
    visitor: Visitor,
) -> None:
    answer = visitor.send(files=[photo("bonne.pdf"), photo("mauvaise.pdf", b"MZ\x90\x00 x")])
    assert answer.status_code == 422
    assert "mauvaise.pdf" in answer.content.decode()
    assert visitor.listed() == ["bonne.pdf"]
    assert visitor.send().status_code == 303
    assert titles()[0] == "bonne.pdf"


def test_a_bad_file_beside_a_wrong_field_is_named_at_once(visitor: Visitor) -> None:
    answer = visitor.send(files=[photo("mauvaise.pdf", b"MZ\x90\x00 x")], **WRONG)
    assert "mauvaise.pdf" in answer.content.decode()
    assert visitor.listed() == []
    assert not PendingUpload.objects.exists()


def test_a_form_sent_twice_is_one_letter_also_with_kept_files(visitor: Visitor) -> None:
    visitor.send(files=[photo()], **WRONG)
    first, again = visitor.send(), visitor.send()
    assert (first.status_code, again.status_code) == (303, 303)
    assert Letter.objects.count() == 1


def test_new_content_of_a_form_that_is_registered_is_told_and_sent_as_a_new_letter(
    visitor: Visitor,
) -> None:
    visitor.send(message="Une fuite.")
    number = Letter.objects.get().number
    answer = visitor.send(message="Une fuite, rue B.", files=[photo("rue.pdf")])
    assert answer.status_code == 422
    page = answer.content.decode()
    assert number in page
    assert "Une fuite, rue B." in page
    assert visitor.listed() == ["rue.pdf"]
    assert visitor.send(message="Une fuite, rue B.").status_code == 303
    newest = Letter.objects.order_by("serial").last()
    assert newest is not None
    assert newest.number != number
    assert [d.title for d in newest.documents.all()] == ["rue.pdf", "message.txt"]


def test_nothing_is_reached_from_another_session_or_form(visitor: Visitor) -> None:
    visitor.send(files=[photo()], **WRONG)
    held = str(visitor.page.context["held"][0].pk)
    other = Visitor(Client())
    other.send(deposit_key=visitor.key, email="nobody", leave_out=[held])
    assert other.listed() == []
    same_session = Visitor(visitor.client, visitor.url, **visitor.words)
    same_session.send(leave_out=[held], **WRONG)
    assert same_session.listed() == []
    visitor.send(**WRONG)
    assert visitor.listed() == ["photo.pdf"]


def test_after_an_hour_kept_files_are_gone_and_the_clock_deletes_them(visitor: Visitor) -> None:
    visitor.send(files=[photo()], **WRONG)
    visitor.send(**WRONG)
    PendingUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    visitor.send(**WRONG)
    assert visitor.listed() == []
    assert PendingUploadPart.objects.exists()
    delete_expired_uploads()
    assert not PendingUploadPart.objects.exists()
    assert not PendingUpload.objects.exists()


def test_what_is_too_much_to_be_kept_is_named(visitor: Visitor, settings: Any) -> None:
    settings.HELD_MAX_MB = 1
    large = photo("grande.txt", b"a" * 700_000)
    second = photo("seconde.txt", b"b" * 700_000)
    answer = visitor.send(files=[large, second], **WRONG)
    assert visitor.listed() == ["grande.txt"]
    assert "seconde.txt" in answer.content.decode()


def test_an_address_has_its_share(settings: Any) -> None:
    settings.HELD_MAX_MB = 1
    for _number in range(6):
        visitor = Visitor(Client())
        visitor.send(files=[photo("p.txt", b"a" * 900_000)], email="nobody")
    assert PendingUpload.objects.count() == 4
    elsewhere = Visitor(Client(REMOTE_ADDR="192.0.2.9"))
    elsewhere.send(files=[photo()], email="nobody")
    assert elsewhere.listed() == ["photo.pdf"]


def test_a_page_that_keeps_its_files_itself_has_none_kept(client: Client) -> None:
    visitor = Visitor(client)
    given = {**WORDS, "deposit_key": visitor.key, "email": "nobody", "files": [photo()]}
    client.post(visitor.url, given, headers={"x-files-stay": "1"})
    assert not PendingUpload.objects.exists()


def test_files_of_a_flood_are_named_as_not_kept(client: Client) -> None:
    from web.throttle import DEPOSIT_BY_ADDRESS

    for _ in range(DEPOSIT_BY_ADDRESS.most):
        client.post("/portal/deposit/", {})
    visitor = Visitor(client)
    answer = visitor.send(files=[photo()])
    assert answer.status_code == 429
    assert "photo.pdf" in answer.content.decode()
