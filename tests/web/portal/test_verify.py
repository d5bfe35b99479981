"""The verification page: what was registered and when, never what stands in it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.book.voiding import approve_void, ask_to_void
from registry.files.vault import get_vault
from registry.models.letters import Letter
from routing.clocks.pieces import add_from_citizen
from tests.factories import deposit, drain, file, pdf_bytes, person
from web.portal.verify import Hashing

pytestmark = pytest.mark.django_db
CONTENT = pdf_bytes("Pièce à comparer")


@pytest.fixture
def letter() -> Letter:
    return deposit(
        actor=person("amina"),
        subject="Objet secret",
        sender="Fatima Zahra",
        files=[file("contrat.pdf", CONTENT)],
    ).letter


def url(letter: Letter) -> str:
    return f"/verify/{letter.receipts.get().token}/"


def compare(client: Client, letter: Letter, content: bytes) -> Any:
    return client.post(url(letter), {"file": SimpleUploadedFile("copie.pdf", content)}).context


def test_it_tells_number_and_hour_and_nothing_of_the_content(
    client: Client, letter: Letter
) -> None:
    page = client.get(url(letter)).content.decode()
    assert letter.number in page
    assert letter.documents.get().file.sha256 in page
    for secret in ("Objet secret", "Fatima", "contrat.pdf"):
        assert secret not in page


def test_the_registered_file_is_known_and_any_other_is_not(client: Client, letter: Letter) -> None:
    known = compare(client, letter, CONTENT)
    assert (known["result"], known["piece"]) == ("piece", 1)
    assert compare(client, letter, CONTENT + b" ")["result"] == "other"
    assert client.post(url(letter), {}).context["result"] == "nothing"


def test_the_receipt_itself_is_known(client: Client, letter: Letter) -> None:
    drain("receipt.render")
    receipt = letter.receipts.get().file
    assert receipt is not None
    with get_vault().open(receipt.sha256) as stream:
        assert compare(client, letter, stream.read())["result"] == "receipt"


def test_pieces_added_later_are_named_apart(client: Client, letter: Letter) -> None:
    later = pdf_bytes("Ajoutée après")
    add_from_citizen(letter, files=[file("plus.pdf", later)])
    context = client.get(url(letter)).context["verified"]
    assert (len(context.pieces), len(context.pieces_later)) == (1, 1)
    assert compare(client, letter, CONTENT)["result"] == "piece"
    assert compare(client, letter, later)["result"] == "later"


def test_a_registry_number_leads_to_following_and_tells_nothing(
    client: Client, letter: Letter
) -> None:
    known = client.post("/verify/", {"address": letter.number})
    unknown = client.post("/verify/", {"address": "2026/IN/987654"})
    assert known.status_code == unknown.status_code == 200
    page = known.content.decode()
    assert 'action="/follow/"' in page
    assert f'value="{letter.number}"' in page
    assert "Objet secret" not in page
    assert client.post("/verify/", {"address": "bonjour"}).status_code == 422


def test_a_compared_file_is_kept_nowhere(client: Client, letter: Letter) -> None:
    import hashlib

    content = b"never seen before"
    compare(client, letter, content)
    assert not get_vault().has(hashlib.sha256(content).hexdigest())
    handler = Hashing()
    handler.new_file("file", "x", "text/plain", None)
    assert handler.receive_data_chunk(content, 0) is None
    done = handler.file_complete(len(content))
    assert done.file is None


def test_an_unknown_receipt_is_said_to_be_unknown(client: Client) -> None:
    assert client.get(f"/verify/{'x' * 43}/").status_code == 404


def test_a_voided_registration_is_said_to_be_voided(client: Client, letter: Letter) -> None:
    approve_void(ask_to_void(letter, actor=person("amina"), reason="x"), actor=person("direction"))
    page = client.get(url(letter)).content.decode()
    assert "verdict bad" in page
    assert letter.number in page


@pytest.mark.parametrize("form", ["{}", "https://example.org/verify/{}/", " {} "])
def test_a_typed_address_leads_to_its_receipt(client: Client, letter: Letter, form: str) -> None:
    token = letter.receipts.get().token
    answer = client.post("/verify/", {"address": form.format(token)})
    assert (answer.status_code, answer["Location"]) == (303, url(letter))
    assert client.post("/verify/", {"address": "https://evil.example/"}).status_code == 422


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_it_speaks_the_languages_of_the_office(
    client: Client, letter: Letter, language: str
) -> None:
    for path in (url(letter), "/verify/", f"/verify/{'x' * 43}/"):
        page = client.get(path, headers={"accept-language": language}).content.decode()
        assert f'lang="{language}"' in page
        assert "Objet secret" not in page


@pytest.mark.parametrize(
    ("name", "content", "result"),
    [
        ("empty.pdf", b"", "nothing"),
        ("<script>alert(1)</script>.pdf", b"x", "other"),
        ("../../etc/passwd", b"x", "other"),
        ("\u202efdp.exe", b"x", "other"),
        ("bombe.zip", b"PK\x03\x04" + b"\0" * 5000, "other"),
        ("contrat.pdf", CONTENT, "piece"),
    ],
)
def test_hostile_files_are_only_hashed(
    client: Client, letter: Letter, name: str, content: bytes, result: str
) -> None:
    upload = SimpleUploadedFile("file", content)
    upload.name = name
    answer: Any = client.post(url(letter), {"file": upload})
    assert answer.status_code == 200
    assert answer.context["result"] == result
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page or "\u2068" in page


def test_a_file_of_many_megabytes_takes_no_memory_or_disk(
    client: Client, letter: Letter, settings: Any
) -> None:
    settings.UPLOAD_MAX_MB = 20
    big = b"\0" * (8 * 1024 * 1024)
    assert compare(client, letter, big)["result"] == "other"
    answer = client.post(url(letter), {}, headers={"content-length": str(10**12)})
    assert answer.status_code in {200, 413}


def test_a_request_without_end_is_refused_unread(client: Client, letter: Letter) -> None:
    answer = client.generic(
        "POST", url(letter), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert answer.status_code == 413


def test_asking_without_end_is_put_off(client: Client, letter: Letter) -> None:
    from web.throttle import VERIFY_BY_ADDRESS

    for _ in range(VERIFY_BY_ADDRESS.most):
        client.get(url(letter))
    answer = client.get(url(letter))
    assert answer.status_code == 429
    assert letter.number not in answer.content.decode()
    assert int(answer["Retry-After"]) > 0
