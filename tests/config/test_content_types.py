"""Requests with content types that no browser names: text is read as UTF-8, none fails."""

import io
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core import signals
from django.db import close_old_connections

from config.content_types import plain_content_type
from config.wsgi import application

pytestmark = pytest.mark.django_db
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="number"\r\n\r\n+2AA- \\ud800\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
)


@pytest.fixture(autouse=True)
def _within_the_connection_of_the_test() -> Iterator[None]:
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def status_of(path: str, body: bytes, content_type: str) -> int:
    """The status of a POST to the application as a server runs it."""
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": path}
    setup_testing_defaults(environ)
    environ |= {
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    told: list[str] = []
    list(application(environ, lambda status, _headers: told.append(status)))
    return int(told[0].split()[0])


@pytest.mark.parametrize("charset", ["base64", "rot13", "idna", "undefined", "utf-7", "utf-16"])
def test_a_form_in_a_charset_of_no_text_is_no_error_of_ours(charset: str) -> None:
    body, content_type = FORM
    answer = status_of("/follow/", body, f"{content_type}; charset={charset}")
    assert answer < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize("path", ["/follow/", "/api/v1/letters"])
@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary*=x-unknown''x", "application/json; charset*=none''utf-8"],
)
def test_malformed_parameters_are_no_error_of_ours(path: str, content_type: str) -> None:
    assert status_of(path, FORM[0], content_type) < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("text/plain; charset=utf8", "text/plain; charset=utf8"),
        ("application/json; charset=windows-1256", "application/json; charset=windows-1256"),
        ("multipart/form-data; boundary=a:b; charset=utf-7", 'multipart/form-data; boundary="a:b"'),
        ("application/json; charset=unicode_escape", "application/json"),
        ("application/json; charset=nothing-like-it", "application/json"),
        ("application/json; charset=a\0b", "application/json"),
        ("text/plain; charset*=none''utf-8", "text/plain"),
    ],
)
def test_a_charset_in_which_no_text_is_taken_is_left_out(given: str, taken: str) -> None:
    assert plain_content_type(given) == taken
