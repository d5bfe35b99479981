"""Requests that no browser sends: each is refused in plain words, none fails on our side."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from org.models import User
from registry.book.voiding import ask_to_void
from registry.intake import LetterData, receive_letter
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from tests.factories import deposit, file
from web.throttle import LOGIN_BY_NAME

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    "address",
    ["/verify/a%00b/", "/inbox/?department=%00", "/search/?q=a%00b", "/api/v1/letters?kind=%00"],
)
def test_an_address_with_a_nul_is_refused(client_as: Browser, address: str) -> None:
    assert client_as("badr").get(address).status_code == 400


@pytest.mark.parametrize("verb", ["assign", "void", "replies", "check"])
def test_a_form_with_a_nul_is_refused(amina: User, client_as: Browser, verb: str) -> None:
    letter = deposit(actor=amina).letter
    form = {"department": "EA\0U", "reason": "a\0b", "subject": "a\0b", "body": "a\0b"}
    answer = client_as("amina").post(f"/letters/{letter.pk}/{verb}/", form)
    assert answer.status_code == 400
    assert not VoidRequest.objects.filter(letter=letter).exists()


@pytest.mark.parametrize(
    "address",
    ["/mailings/new/", "/drafts/new/outgoing/", "/circuits/new/", "/distribution/new/",
     "/deadlines/new/", "/contacts/new/", "/rules/new/"],
)  # fmt: skip
def test_a_page_that_is_filled_in_takes_no_nul(client_as: Browser, address: str) -> None:
    who = "badr" if address.startswith(("/mail", "/drafts")) else "admin"
    form = {"subject": "a\0b", "body": "a\0b", "name": "a\0b", "name_fr": "a\0b", "find": "a\0b"}
    assert client_as(who).get(address).status_code == 200
    assert client_as(who).post(address, form).status_code == 400


@pytest.mark.parametrize("address", ["/portal/", "/search/", "/healthz", "/api/v1/letters"])
def test_an_endless_query_is_refused_as_too_long(client_as: Browser, address: str) -> None:
    client = client_as("amina")
    assert client.get(address, {"q": "a" * 100_000}).status_code == 414
    assert client.get(address, {"q": "a" * 900}).status_code < 500


def test_an_endless_query_is_told_in_the_shape_of_the_api(client_as: Browser) -> None:
    answer = client_as("amina").get("/api/v1/letters", {"q": "é" * 5000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (414, "too_long")


def test_a_session_cookie_with_a_nul_is_nobodys(client: Client) -> None:
    client.cookies["sessionid"] = "aaaaaaaa\0bbbbbbbb"
    assert client.get("/portal/").status_code == 200
    assert client.get("/tray/").status_code == 302


def test_a_reason_for_voiding_is_one_plain_line(amina: User) -> None:
    letter = deposit(actor=amina).letter
    assert ask_to_void(letter, actor=amina, reason="a\0b \u202e c\nd").reason == "a b c d"


@pytest.mark.parametrize("opening", ["[", '{"subject":'])
@pytest.mark.parametrize("address", ["/api/v1/letters", "/api/v1/token"])
def test_json_of_endless_depth_is_malformed(client_as: Browser, address: str, opening: str) -> None:
    body = opening * 100_000
    answer = client_as("amina").post(address, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"


@pytest.mark.parametrize(
    "body", [r'{"username": "a\ud800", "password": "x"}', r'"\udfff"', r'{"\uD83D": 1}']
)
def test_half_a_character_is_malformed(client_as: Browser, body: str) -> None:
    letter = deposit(actor=None).letter
    for address in ("/api/v1/token", f"/api/v1/letters/{letter.pk}/same"):
        answer = client_as("amina").post(address, body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "malformed"


def test_a_whole_character_of_two_halves_is_text(client_as: Browser) -> None:
    body = r'{"message": "Bonjour \ud83d\ude00", "subject": "\ud83d\ude00"}'
    answer = client_as("amina").post("/api/v1/letters", body, content_type="application/json")
    assert answer.status_code == 201
    assert Letter.objects.get(pk=answer.json()["id"]).subject == "\U0001f600"


def test_a_page_marker_of_another_list_is_refused(amina: User, client_as: Browser) -> None:
    for _ in range(2):
        deposit(actor=amina)
    client = client_as("amina")
    marker = client.get("/api/v1/letters", {"limit": 1}).json()["next_cursor"]
    assert client.get("/api/v1/letters", {"limit": 1, "cursor": marker}).status_code == 200
    for address in ("/inbox/", "/register/closings/", "/register/", "/tray/"):
        assert client.get(address, {"from": marker}).status_code == 404, address


@pytest.mark.parametrize("name", ["???", "..", ".", "!!!", "\u202e", "a\r\nX-Evil: 1"])
def test_a_document_of_any_name_can_be_fetched(amina: User, client_as: Browser, name: str) -> None:
    given = [file(name, b"a plain text of a letter")]
    letter = receive_letter(LetterData(channel="email"), actor=amina, files=given).letter
    document = Document.objects.get(letter=letter)
    for address in (
        reverse("desk:original", args=[letter.pk, document.pk]),
        f"/api/v1/letters/{letter.pk}/documents/{document.pk}/content",
    ):
        answer: Any = client_as("amina").get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert "X-Evil" not in answer


def test_a_document_goes_out_under_the_extension_of_what_it_is(
    amina: User, client_as: Browser
) -> None:
    given = [file("page.html", b"a plain text of a letter")]
    letter = receive_letter(LetterData(channel="email"), actor=amina, files=given).letter
    document = Document.objects.get(letter=letter)
    for address in (
        reverse("desk:original", args=[letter.pk, document.pk]),
        f"/api/v1/letters/{letter.pk}/documents/{document.pk}/content",
    ):
        answer = client_as("amina").get(address)
        assert answer["Content-Disposition"] == 'attachment; filename="page.html.txt"'
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/deposit/", "/portal/deposit/"])
@pytest.mark.parametrize("number", [1, 51])
def test_what_is_too_much_is_said_to_be_so(client_as: Browser, address: str, number: int) -> None:
    form: dict[str, Any] = {"files": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(number)]}
    if number == 1:
        form["message"] = "x" * 3_000_000
    answer = client_as("amina").post(address, form, headers={"accept-language": "en"})
    assert answer.status_code == 413
    said = "More than 50 files" if number > 1 else "larger than is taken"
    assert said in answer.content.decode()


def test_a_name_in_other_letters_of_the_same_shape_counts_as_the_same(client: Client) -> None:
    for _ in range(LOGIN_BY_NAME.most):
        client.post("/login/", {"username": "amina", "password": "guess"})
    other = {"username": "\uff41mina", "password": "guess"}  # the log-in reads it as "amina"
    assert client.post("/login/", other).status_code == 429


def test_a_page_that_is_no_address_is_not_led_back_to(client: Client) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://[elsewhere"}
    assert client.get("/inbox/", headers=headers)["HX-Redirect"] == "/login/?next=%2F"


def test_a_citizen_cannot_meet_a_letter_by_the_key_of_the_office(client: Client) -> None:
    key = "scan-2026-11-24-batch-0001"
    deposit(actor=None, deposit_key=key)
    form = {"subject": "s", "name": "n", "message": "m", "deposit_key": key}
    client.post("/portal/deposit/", form)
    assert client.get("/portal/deposit/done/").context["letter"].channel == "portal"


@pytest.mark.parametrize(
    "next",
    [
        "inf",
        "tray",
        "desk:tray",
        "https://evil.example/",
        "//evil.example",
        "\\\\evil",
        "/" + "x" * 9000,
    ],
)
def test_a_next_page_that_is_none_of_ours_is_not_gone_to(client_as: Browser, next: str) -> None:
    for address in ("/inbox/bulk/", "/custody/move/", "/reminders/seen/"):
        answer = client_as("badr").post(address, {"next": next})
        assert answer.status_code == 303, address
        assert answer["Location"].startswith("/")
        assert next not in answer["Location"]


ODD_DAYS = ["0001-01-01", "9999-12-31", "0000-01-01", "2026-02-30"]


@pytest.mark.parametrize("address", ["/lists/", "/lists/due/", "/lists/refusals/"])
@pytest.mark.parametrize("field", ["since", "until"])
@pytest.mark.parametrize("day", ODD_DAYS)
def test_a_list_until_the_end_of_time_opens(
    client_as: Browser, address: str, field: str, day: str
) -> None:
    assert client_as("badr").get(address, {field: day}).status_code == 200


@pytest.mark.parametrize("day", ODD_DAYS)
def test_work_and_money_at_the_ends_of_time_open(client_as: Browser, day: str) -> None:
    client, accounts = client_as("amina"), client_as("samira")
    for span in ("day", "week"):
        assert client.get("/work-orders/", {"span": span, "day": day}).status_code == 200
    for field in ("since", "until"):
        assert accounts.get(reverse("desk:payment_figures"), {field: day}).status_code == 200


@pytest.fixture
def read_only() -> Iterator[None]:
    """A database that takes nothing any more, as on a full disk."""
    if connection.vendor != "sqlite":
        pytest.skip("the database of the embedded office")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        yield
        cursor.execute("PRAGMA query_only = OFF")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_nothing_is_said_to_be_away(
    client: Client, caplog: pytest.LogCaptureFixture, read_only: None
) -> None:
    form = {"subject": "Zineb", "name": "n", "message": "m"}
    answer = client.post("/portal/deposit/", form)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    token = {"username": "amina", "password": "x"}
    answer = client.post("/api/v1/token", token, content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert "Zineb" not in caplog.text
