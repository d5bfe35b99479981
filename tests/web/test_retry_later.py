"""Where a part of the office is away, an answer says so (503) and when to ask again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
)
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from rest_framework.test import APIClient

from channels.services import make_key
from correspondence.replies import drafting
from jobs.models import Job
from org.models import User
from registry import intake
from registry.files.vault import get_vault
from registry.models.letters import Letter
from registry.refusals import DepositRefusedError, Refusal
from routing.assigning import giving
from routing.clocks import pieces
from routing.inbox import assignments
from tests.eservices.office import WATER, published_type
from tests.factories import api_key, department, deposit, drain, pdf_bytes
from web.api.errors import problem_of
from web.database_outage import DatabaseAway
from web.portal.forms import new_key
from web.retry_later import later_where_it_passes, too_many_attempts
from web.throttle import TooManyAttemptsError

pytestmark = pytest.mark.django_db
SECONDS = range(1, 601)


@pytest.fixture
def no_vault(own_data_dir: Path, settings: Any) -> Iterator[None]:
    """The folder of the vault is none: a disk that is not there."""
    (own_data_dir / "disk").write_bytes(b"")
    settings.VAULT_URL = f"file://{own_data_dir}/disk"
    get_vault.cache_clear()
    yield
    get_vault.cache_clear()


@pytest.fixture
def read_only(transactional_db: None) -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("a session of PostgreSQL that takes nothing is another matter")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        yield
        cursor.execute("PRAGMA query_only = OFF")


def letter() -> dict[str, Any]:
    file = SimpleUploadedFile("lettre.pdf", pdf_bytes())
    return {"subject": "Une fuite", "message": "Une fuite.", "files": [file]}


def program() -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.credentials(HTTP_AUTHORIZATION=f"Token {api_key('amina')}")
    return client


def told_later(answer: Any) -> bool:
    return answer.status_code == 503 and int(answer.headers.get("Retry-After", 0)) in SECONDS


def test_a_deposit_over_the_api_without_a_vault(no_vault: None) -> None:
    answer = program().post("/api/v1/letters", letter(), format="multipart")
    assert told_later(answer)
    assert answer.json()["error"]["code"] == "unavailable"
    assert answer.json()["error"]["refusals"][0]["code"] == "vault_away"
    assert not Letter.objects.exists()


def test_a_deposit_of_a_citizen_without_a_vault(no_vault: None, client: Client) -> None:
    form = {**letter(), "name": "Une cliente", "deposit_key": new_key()}
    answer = client.post("/portal/deposit/", form)
    assert told_later(answer)
    page = answer.content.decode()
    assert "deposit-errors" in page
    assert "Une fuite." in page  # what was written stays, and so does the file
    assert "lettre.pdf" in page
    assert not Letter.objects.exists()


def test_a_citizen_sends_again_without_choosing_the_file_again(
    own_data_dir: Path, client: Client, settings: Any
) -> None:
    """The session that the file was kept for is saved with the answer, and is the browser's."""
    form = {"subject": "Une fuite", "message": "", "name": "Une cliente", "deposit_key": new_key()}
    settings.CLAMD_URL = "tcp://127.0.0.1:1"  # nobody may listen to it but root's tcpmux
    file = SimpleUploadedFile("lettre.pdf", pdf_bytes())
    assert told_later(client.post("/portal/deposit/", {**form, "files": [file]}))
    settings.CLAMD_URL = ""
    client.post("/portal/deposit/", form)
    assert [one.title for one in Letter.objects.get().documents.all()] == ["lettre.pdf"]


def test_a_deposit_at_the_desk_without_a_vault(
    no_vault: None, client_as: Callable[[str], Client]
) -> None:
    form = {**letter(), "channel": "counter", "register": "IN", "confidentiality": "0"}
    answer = client_as("amina").post("/deposit/", {**form, "deposit_key": "k1"})
    assert told_later(answer)
    assert not Letter.objects.exists()


def test_a_deposit_that_is_the_senders_fault_is_not_to_be_sent_again(client: Client) -> None:
    file = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00")
    given = {"subject": "x", "files": [file]}
    refused = program().post("/api/v1/letters", given, format="multipart")
    file.seek(0)
    form = {"name": "Une cliente", "deposit_key": new_key(), "subject": "x", "message": ""}
    page = client.post("/portal/deposit/", {**form, "files": [file]})
    for answer in (refused, page):
        assert answer.status_code == 422
        assert "Retry-After" not in answer.headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["a program", "a citizen"])
def test_whoever_meets_no_database_is_told_when_to_come_again(
    who: str, client: Client, request: pytest.FixtureRequest
) -> None:
    caller = program()
    request.getfixturevalue("read_only")
    form = {**letter(), "name": "Une cliente", "deposit_key": new_key()}
    answers: dict[str, Callable[[], Any]] = {
        "a program": lambda: caller.post("/api/v1/letters", letter(), format="multipart"),
        "a citizen": lambda: client.post("/portal/deposit/", form),
    }
    answer = answers[who]()
    assert told_later(answer)


@pytest.mark.parametrize(
    ("codes", "status"),
    [(("vault_away",), 503), (("vault_away", "virus"), 422), (("virus",), 422), ((), 422)],
)
def test_one_file_that_is_never_taken_makes_the_deposit_one_that_is_not(
    codes: tuple[str, ...], status: int
) -> None:
    refusals = [Refusal(code) for code in codes]
    assert later_where_it_passes(HttpResponse(status=422), refusals).status_code == status
    assert problem_of(DepositRefusedError(*refusals)).status == status


def test_a_scan_of_many_letters_without_a_vault(
    no_vault: None, client_as: Callable[[str], Client]
) -> None:
    answer = client_as("amina").post("/batches/new/", {"files": letter()["files"]})
    assert told_later(answer)


def test_what_is_done_with_files_at_the_desk_without_a_vault(
    request: pytest.FixtureRequest, client_as: Callable[[str], Client], amina: User, badr: User
) -> None:
    """A reply and its draft: not now, and not a message on the page before."""
    found = deposit(actor=amina).letter
    assignments.accept(giving.assign(found, department=department("EAU"), actor=amina), actor=badr)
    reply = drafting.draft_reply(found, actor=badr, subject="Re", body="Bonjour")
    request.getfixturevalue("no_vault")
    browser, back = client_as("badr"), f"/letters/{found.pk}/"
    words = {"subject": "Re", "body": "Bonjour", "text": "Bonjour"}
    for path in (f"{back}replies/", f"{back}replies/{reply.pk}/edit/"):
        file = SimpleUploadedFile("piece.pdf", pdf_bytes())
        answer = browser.post(path, {**words, "file": file, "next": back})
        assert told_later(answer), (path, answer.status_code)
        assert "dans une minute" in answer.content.decode()
        assert "Location" not in answer.headers


def test_missing_pieces_that_are_brought_to_the_desk_without_a_vault(
    request: pytest.FixtureRequest, client_as: Callable[[str], Client], amina: User
) -> None:
    found = deposit(actor=amina).letter
    pieces.ask_for_pieces(found, actor=amina, pieces="Plan")
    request.getfixturevalue("no_vault")
    file = SimpleUploadedFile("plan.pdf", pdf_bytes())
    given = {"files": file, "pieces": "1"}
    answer = client_as("amina").post(f"/letters/{found.pk}/pieces/", given)
    assert told_later(answer)
    assert "dans une minute" in answer.content.decode()
    assert found.documents.count() == 1


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [
        ("fr", 40, "dans 1 minute."),
        ("fr", 61, "dans 2 minutes."),
        ("ar", 40, "بعد دقيقة واحدة."),
        ("ar", 120, "بعد دقيقتين."),
        ("ar", 300, "بعد 5 دقائق."),
    ],
)
def test_minutes_to_wait_are_counted_as_the_language_counts(
    language: str, seconds: int, words: str
) -> None:
    with translation.override(language):
        assert too_many_attempts(TooManyAttemptsError(seconds)).endswith(words)


@pytest.mark.parametrize("error", [OperationalError("disk I/O error"), OSError(28, "full")])
def test_a_citizen_keeps_file_and_text_where_the_register_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    form = {"subject": "Une fuite", "message": "", "name": "Une cliente", "deposit_key": new_key()}
    file = SimpleUploadedFile("lettre.pdf", pdf_bytes())
    with monkeypatch.context() as patch:

        def failing(*_args: Any, **_how: Any) -> None:
            raise error

        patch.setattr(intake, "take_number", failing)
        answer = client.post("/portal/deposit/", {**form, "files": [file]})
    assert told_later(answer)
    assert "lettre.pdf" in answer.content.decode()
    assert "Une fuite" in answer.content.decode()
    client.post("/portal/deposit/", form)
    assert [one.title for one in Letter.objects.get().documents.all()] == ["lettre.pdf"]


@pytest.mark.parametrize("door", ["the office", "a partner", "a service"])
def test_a_program_is_told_to_come_again_where_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, admin: User, door: str
) -> None:
    published_type("complaint_water")
    office, partner, stranger = program(), APIClient(), APIClient()
    key = make_key(partner="Commune", actor=admin, may_deposit=True, may_follow=True, per_hour=9)[1]
    partner.credentials(HTTP_AUTHORIZATION=f"Key {key}")
    sent: dict[str, Callable[[], Any]] = {
        "the office": lambda: office.post("/api/v1/letters", {"message": "Une fuite."}),
        "a partner": lambda: partner.post("/api/v1/partner/letters", {"message": "Une fuite."}),
        "a service": lambda: stranger.post(
            "/api/v1/services/complaint_water/requests", {"answers": json.dumps(WATER)}
        ),
    }
    with monkeypatch.context() as patch:
        _full_disk(patch)
        answer = sent[door]()
    assert told_later(answer)
    assert answer.json()["error"]["code"] == "unavailable"
    assert not Letter.objects.exists()
    assert sent[door]().status_code == 201


def _full_disk(patch: pytest.MonkeyPatch) -> None:
    def failing(*_args: Any, **_how: Any) -> None:
        raise OSError(28, "full")

    patch.setattr(intake, "take_number", failing)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("locked"), True),
        (InternalError("a transaction that only reads"), True),
        (InterfaceError("the connection is closed"), True),
        (DataError("too long"), False),
        (IntegrityError("twice"), False),
        (ValueError(), False),
    ],
)
def test_a_database_that_cannot_serve_is_told_from_a_fault_of_ours(
    error: Exception, away: bool, rf: RequestFactory
) -> None:
    answer = DatabaseAway(lambda _request: HttpResponse()).process_exception(rf.get("/"), error)
    assert (answer is not None and told_later(answer)) is away
    assert (problem_of(error).code == "unavailable") is away


def _away(*_asked: Any) -> None:
    raise OperationalError("the server closed the connection unexpectedly")


@pytest.mark.parametrize(
    ("path", "signed_in"), [("/tray/", True), ("/portal/", True), ("/portal/", False)]
)
def test_a_page_whose_session_cannot_be_read_says_that_the_office_is_away(
    client: Client, amina: User, path: str, signed_in: bool
) -> None:
    """The session is read before any view: no view's error is told there."""
    if signed_in:
        client.force_login(amina)
    client.raise_request_exception = False
    with connection.execute_wrapper(_away):
        answer = client.get(path, headers={"accept-language": "fr"})
    assert told_later(answer)
    assert "Le bureau ne peut pas répondre pour le moment" in answer.content.decode()
    assert "faute" not in answer.content.decode()


def test_a_fault_of_ours_before_any_view_stays_one(client: Client, amina: User) -> None:
    def broken(*_asked: Any) -> None:
        raise DataError("of our own making")

    client.force_login(amina)
    client.raise_request_exception = False
    with connection.execute_wrapper(broken):
        answer = client.get("/tray/", headers={"accept-language": "fr"})
    assert answer.status_code == 500
    assert "C’est notre faute." in answer.content.decode()


def test_papers_to_be_kept_wait_for_a_vault_that_is_away_as_long_as_it_takes(
    own_data_dir: Path, settings: Any, amina: User
) -> None:
    """None is parked, which a person would have to mend."""
    usual = settings.VAULT_URL
    deposit(actor=amina)
    work = Job.objects.filter(kind="receipt.render")
    (own_data_dir / "disk").write_bytes(b"")
    settings.VAULT_URL = f"file://{own_data_dir}/disk"
    get_vault.cache_clear()
    for _again in range(8):
        work.update(run_after=timezone.now())
        assert drain("receipt.render") == 1
    assert list(work.values_list("state", "error_code")) == [("ready", "vault")]
    settings.VAULT_URL = usual
    get_vault.cache_clear()
    work.update(run_after=timezone.now())
    drain("receipt.render")
    assert list(work.values_list("state", "error_code")) == [("done", "")]
