"""A clerk takes a letter in."""

import io
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, DataError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import intake, tracking
from registry.book.numbering import take_number
from registry.models.letters import Letter
from registry.sender_copies import TIME
from tests.factories import drain, pdf_bytes
from tests.registry.papers import words_of_pdf

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
ADDRESS = "/deposit/"


def _upload(name: str = "lettre.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else pdf_bytes())


def _fields(**more: Any) -> dict[str, Any]:
    return {
        "channel": "counter",
        "register": "IN",
        "confidentiality": "0",
        "deposit_key": "k1",
        **more,
    }


def test_a_letter_gets_its_number_code_and_pieces(browser: Browser) -> None:
    client = browser("amina")
    fields = _fields(
        subject="Fuite d'eau", sender_name="Khadija Alami", kind="complaint_technical",
        department="EAU", files=[_upload("a.pdf"), _upload("b.pdf")],
    )  # fmt: skip

    answer = client.post(ADDRESS, fields, follow=True)

    letter = Letter.objects.get()
    page = answer.content.decode()
    assert answer.redirect_chain == [(reverse("desk:registered", args=[letter.pk]), 303)]
    assert letter.number in page
    assert tracking.code_of(letter.pk) not in page
    assert (letter.subject, letter.sender.name, letter.kind.code) == (  # type: ignore[union-attr]
        "Fuite d'eau", "Khadija Alami", "complaint_technical",
    )  # fmt: skip
    assert [d.title for d in letter.documents.all()] == ["a.pdf", "b.pdf"]


def test_sending_the_same_form_twice_registers_once(browser: Browser) -> None:
    client, content = browser("amina"), pdf_bytes()

    first = client.post(ADDRESS, _fields(files=[_upload(content=content)]))
    again = client.post(ADDRESS, _fields(files=[_upload(content=content)]))

    assert Letter.objects.count() == 1
    assert first["Location"] == again["Location"]


def _scans(name: str = "{}.txt") -> list[SimpleUploadedFile]:
    return [_upload(name.format(n), f"Lettre {n}: une fuite.".encode()) for n in range(3)]


def test_each_file_is_a_letter_of_its_own_where_the_clerk_says_so(browser: Browser) -> None:
    client = browser("amina")
    answer = client.post(ADDRESS, _fields(each="1", channel="post", files=_scans()), follow=True)
    letters = list(Letter.objects.order_by("serial"))
    assert [[d.title for d in one.documents.all()] for one in letters] == [
        ["0.txt"],
        ["1.txt"],
        ["2.txt"],
    ]
    page = answer.content.decode()
    for letter in letters:
        assert f'href="{reverse("desk:registered", args=[letter.pk])}"' in page
    assert "3 courriers sont enregistrés" in page
    form = answer.context["form"]
    assert (form["channel"].value(), form["each"].value()) == ("post", "1")
    again = client.post(ADDRESS, _fields(each="1", channel="email", files=_scans()), follow=True)
    assert "3 courriers sont enregistrés" in again.content.decode()
    assert Letter.objects.count() == 3


def test_of_many_letters_a_bad_file_is_named_and_none_is_registered(browser: Browser) -> None:
    files = [*_scans(), _upload("vide.pdf", b"")]
    answer = browser("amina").post(ADDRESS, _fields(each="1", files=files))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "vide.pdf" in page
    assert "Rien n’a été enregistré" in page
    assert not Letter.objects.exists()


class _Scanner(socketserver.StreamRequestHandler):
    """A virus scanner that has no answer after so many files (`server.patience`)."""

    def handle(self) -> None:
        self.rfile.read(10)
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            self.rfile.read(size)
        self.server.patience -= 1  # type: ignore[attr-defined]
        tired = self.server.patience < 0  # type: ignore[attr-defined]
        self.wfile.write(b"out of memory. ERROR\0" if tired else b"stream: OK\0")


@pytest.mark.parametrize("sent_again", [True, False])
@pytest.mark.parametrize("name", ["{}.txt", "Lettre  n\u00a0{}.txt", "n" * 300 + "{}.txt"])
def test_what_stops_many_letters_midway_says_which_are_registered_and_goes_on(
    browser: Browser, settings: Any, name: str, sent_again: bool
) -> None:
    """Whether the page sends the files again or the office kept them."""
    client = browser("amina")
    with socketserver.TCPServer(("127.0.0.1", 0), _Scanner) as server:
        server.patience = 4  # type: ignore[attr-defined]  # three are looked at, one is registered
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        stopped = client.post(ADDRESS, _fields(each="1", files=_scans(name)))
        first = Letter.objects.get()
        page = stopped.content.decode()
        assert "Tout n’a pas été enregistré" in page
        assert first.number in page
        server.patience = 100  # type: ignore[attr-defined]
        client.post(ADDRESS, _fields(each="1", files=_scans(name) if sent_again else []))
        server.shutdown()
    letters = Letter.objects.order_by("serial")
    assert len({one.documents.get().file.sha256 for one in letters}) == len(letters) == 3


def test_many_letters_are_no_more_than_the_files_of_a_deposit(
    browser: Browser, settings: Any
) -> None:
    settings.UPLOAD_MAX_FILES = 2
    answer = browser("amina").post(ADDRESS, _fields(each="1", files=_scans()))
    assert answer.status_code == 422
    assert "Plus de 2 fichiers" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_scanner_that_is_away_is_told_once_for_many_letters(
    browser: Browser, settings: Any
) -> None:
    with socket.socket() as nobody:  # who listens to this port
        nobody.bind(("127.0.0.1", 0))
        settings.CLAMD_URL = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        answer = browser("amina").post(ADDRESS, _fields(each="1", files=_scans()))
    assert answer.status_code == 503
    assert answer.content.decode().count("antivirus") == 1
    assert not Letter.objects.exists()


def test_a_message_is_no_letter_beside_many(browser: Browser) -> None:
    answer = browser("amina").post(ADDRESS, _fields(each="1", message="Bonjour", files=_scans()))
    assert answer.status_code == 422
    assert "Avec un message, les fichiers forment un seul courrier" in answer.content.decode()
    assert not Letter.objects.exists()


def test_letters_of_another_clerk_are_not_shown_as_done(browser: Browser) -> None:
    browser("amina").post(ADDRESS, _fields(files=[_upload()]))
    letter = Letter.objects.get()
    page = browser("admin").get(ADDRESS, {"done": [str(letter.pk), "x"]})
    assert page.status_code != 200 or letter.number not in page.content.decode()
    assert letter.number in browser("amina").get(ADDRESS, {"done": str(letter.pk)}).content.decode()


def test_each_opening_of_the_form_is_another_letter(browser: Browser) -> None:
    client = browser("amina")
    keys = {client.get(ADDRESS).context["form"]["deposit_key"].value() for _ in range(3)}

    assert len(keys) == 3


def test_refused_files_are_named_and_nothing_is_registered(browser: Browser) -> None:
    bad = [_upload("programme.pdf", b"MZ\x90\x00" + b"\0" * 60), _upload("vide.pdf", b"")]

    answer = browser("amina").post(ADDRESS, _fields(subject="Objet gardé", files=bad))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "programme.pdf" in page
    assert "Objet gardé" in page  # what was typed stays
    assert Letter.objects.count() == 0


def test_a_deposit_without_file_or_message_is_refused(browser: Browser) -> None:
    assert browser("amina").post(ADDRESS, _fields()).status_code == 422
    assert Letter.objects.count() == 0


def test_a_message_takes_the_place_of_a_file(browser: Browser) -> None:
    browser("amina").post(ADDRESS, _fields(message="Appel de M. Alami : plus d'eau."))

    assert Letter.objects.get().documents.get().media_type == "text/plain"


@pytest.mark.parametrize("field", ["document_date", "received_at"])
def test_a_date_that_lies_ahead_is_refused(field: str, browser: Browser) -> None:
    value = "2999-01-01" + ("T10:00" if field == "received_at" else "")

    answer = browser("amina").post(ADDRESS, _fields(files=[_upload()], **{field: value}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_clerk_hands_out_the_number_of_a_letter_above_their_clearance(browser: Browser) -> None:
    client = browser("amina")

    answer = client.post(ADDRESS, _fields(confidentiality="2", files=[_upload()]), follow=True)

    letter = Letter.objects.get()
    assert answer.status_code == 200
    assert letter.number in answer.content.decode()
    assert client.get(reverse("desk:letter", args=[letter.pk])).status_code == 404


def test_the_receipt_is_promised_and_then_given_as_pdf(browser: Browser) -> None:
    client = browser("amina")
    client.post(ADDRESS, _fields(files=[_upload()]))
    address = reverse("desk:receipt", args=[Letter.objects.get().pk])

    assert client.get(address).status_code == 202
    drain("receipt.render")
    answer = client.get(address)

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_the_sender_gets_the_code_once_and_that_is_on_record(browser: Browser) -> None:
    client = browser("amina")
    page = client.post(ADDRESS, _fields(files=[_upload()]), follow=True).content.decode()
    letter = Letter.objects.get()
    code = tracking.code_of(letter.pk)
    drain("receipt.render")
    with_code = reverse("desk:sender_receipt", args=[letter.pk])
    assert code not in page
    assert client.get(with_code).status_code == 403

    for _ in range(2):  # a second click changes nothing
        answer = client.post(reverse("desk:hand_over_receipt", args=[letter.pk]), follow=True)
        assert code in answer.content.decode()

    copy: Any = client.get(with_code)
    assert code in words_of_pdf(b"".join(copy.streaming_content))
    acts = letter.events.filter(kind="receipt_handed")
    assert [act.actor and act.actor.username for act in acts] == ["amina"]


def test_later_nobody_gets_the_code_any_more(browser: Browser) -> None:
    client = browser("amina")
    client.post(ADDRESS, _fields(files=[_upload()]))
    letter = Letter.objects.get()
    client.post(reverse("desk:hand_over_receipt", args=[letter.pk]))
    drain("receipt.render")
    Letter.objects.filter(pk=letter.pk).update(registered_at=timezone.now() - TIME)

    page = client.get(reverse("desk:registered", args=[letter.pk])).content.decode()

    assert tracking.code_of(letter.pk) not in page
    assert "hand-over" not in page
    assert client.get(reverse("desk:sender_receipt", args=[letter.pk])).status_code == 403


def test_no_other_clerk_hands_it_over(browser: Browser) -> None:
    from org.models import User

    browser("amina").post(ADDRESS, _fields(files=[_upload()]))
    letter = Letter.objects.get()
    User.objects.create_user("zineb", duty=User.Duty.CLERK, clearance=1)

    answer = browser("zineb").post(reverse("desk:hand_over_receipt", args=[letter.pk]), follow=True)

    assert tracking.code_of(letter.pk) not in answer.content.decode()
    assert not letter.events.filter(kind="receipt_handed").exists()


def test_the_form_is_protected_against_forgery() -> None:
    from tests.factories import person

    client = Client(enforce_csrf_checks=True)
    client.force_login(person("amina"))

    answer = client.post(ADDRESS, _fields(files=[io.BytesIO(pdf_bytes())]))

    assert answer.status_code == 403
    assert "Veuillez envoyer de nouveau le formulaire" in answer.content.decode()
    assert Letter.objects.count() == 0


def _fails_once(monkeypatch: pytest.MonkeyPatch, error: Exception, *, after: int) -> None:
    """Let the registration of one letter fail: the one after so many."""
    taken = take_number
    left = [after]

    def failing(*args: Any, **how: Any) -> Any:
        left[0] -= 1
        if left[0] == -1:
            raise error
        return taken(*args, **how)

    monkeypatch.setattr(intake, "take_number", failing)


FAILURES = [OperationalError("disk I/O error"), DatabaseError("malformed"), OSError(28, "full")]


@pytest.mark.parametrize("error", FAILURES)
@pytest.mark.parametrize("each", ["1", ""])
def test_what_fails_midway_is_told_and_what_is_left_is_registered_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception, each: str
) -> None:
    client = browser("amina")
    _fails_once(monkeypatch, error, after=1)
    stopped = client.post(ADDRESS, _fields(each="1", subject="Fuite", files=_scans()))
    page = stopped.content.decode()
    assert (stopped.status_code, stopped["Retry-After"]) == (503, "30")
    assert "Le registre ne peut pas être tenu en ce moment" in page
    assert Letter.objects.get().number in page
    assert 'value="Fuite"' in page
    again = _fields(subject="Fuite", **({"each": each} if each else {}))
    answer = client.post(ADDRESS, again, follow=True)
    titles = [sorted(d.title for d in one.documents.all()) for one in _in_order()]
    left = [["1.txt"], ["2.txt"]] if each else [["1.txt", "2.txt"]]
    assert titles == [["0.txt"], *left]
    for letter in _in_order():
        assert letter.number in answer.content.decode()


def _in_order() -> list[Letter]:
    return list(Letter.objects.order_by("serial"))


@pytest.mark.parametrize("first", ["1", ""])
def test_the_same_files_are_registered_once_where_the_box_was_changed(
    browser: Browser, first: str
) -> None:
    """The answer was lost, and the clerk sends the form again."""
    client, ways = browser("amina"), [{"each": "1"}, {}]
    ways = ways if first else ways[::-1]
    client.post(ADDRESS, _fields(files=_scans(), **ways[0]))
    before = Letter.objects.count()
    assert before == (3 if first else 1)
    answer = client.post(ADDRESS, _fields(files=_scans(), **ways[1]), follow=True)
    assert Letter.objects.count() == before
    assert _in_order()[0].number in answer.content.decode()


def test_a_row_that_the_database_refuses_is_no_outage(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser("amina")
    client.raise_request_exception = False
    _fails_once(monkeypatch, DataError("too long"), after=0)
    assert client.post(ADDRESS, _fields(files=[_upload()])).status_code == 500
