"""Parts of files: what broke off on a slow link goes on where it ended."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.files.vault import get_vault
from tests.factories import deposit

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(amina: Any) -> str:
    document = deposit(actor=amina).letter.documents.get()
    return reverse("desk:original", args=[document.letter_id, document.pk])


@pytest.fixture
def ask(address: str, client_as: Callable[[str], Client]) -> Callable[..., Any]:
    client = client_as("amina")
    return lambda **headers: client.get(address, headers=headers)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-4", 0, 5), ("3-", 3, None), ("-4", -4, None), ("2-9999", 2, None), ("-9999", 0, None)],
)
def test_a_part_is_answered_alone(
    ask: Callable[..., Any], wanted: str, first: int, last: int | None
) -> None:
    whole = ask()
    content = body(whole)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert len(content) > 10
    answer = ask(range=f"bytes={wanted}")
    part = body(answer)
    assert (answer.status_code, part) == (206, content[first:last])
    begins = content.index(part)
    says = f"bytes {begins}-{begins + len(part) - 1}/{len(content)}"
    assert (answer["Content-Range"], answer["Content-Length"]) == (says, str(len(part)))
    assert answer["Content-Disposition"] == whole["Content-Disposition"]
    assert answer["Content-Security-Policy"] == whole["Content-Security-Policy"]


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "bytes=5-2", "bytes=-", "pages=1-2", "bytes"])
def test_what_is_no_single_part_is_answered_whole(ask: Callable[..., Any], wanted: str) -> None:
    answer = ask(range=wanted)
    assert (answer.status_code, body(answer)) == (200, body(ask()))


@pytest.mark.parametrize("wanted", ["bytes=99999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused_with_the_size(
    ask: Callable[..., Any], wanted: str
) -> None:
    answer = ask(range=wanted)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{len(body(ask()))}"


def test_a_part_of_another_file_is_not_mixed_in(ask: Callable[..., Any]) -> None:
    """If-Range names what the browser has the beginning of."""
    tag = ask()["ETag"]
    same = ask(range="bytes=1-", if_range=tag)
    assert same.status_code == 206
    assert ask(range="bytes=1-", if_range='"another"').status_code == 200
    assert ask(range="bytes=1-", if_range=f"W/{tag}").status_code == 200
    body(same)


def test_who_may_not_read_gets_no_part(address: str, client_as: Callable[[str], Client]) -> None:
    answer = client_as("chafik").get(address, headers={"range": "bytes=0-4"})
    assert answer.status_code in (403, 404)
    assert "Content-Range" not in answer


def test_a_part_is_read_from_where_it_begins_and_closed(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large scan nothing before the part is read, and no file stays open."""
    opened: list[Any] = []
    really = get_vault().open

    def watched(sha256: str, start: int = 0) -> Any:
        opened.append(really(sha256, start))
        return opened[-1]

    monkeypatch.setattr(get_vault(), "open", watched)
    answer = ask(range="bytes=3-5")
    assert [stream.closed for stream in opened] == [True, False]
    assert opened[1].tell() == 3
    body(answer)
    answer.close()
    assert all(stream.closed for stream in opened)
