"""Pushes as a push service receives them: signed by the office, readable by the browser alone."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from channels.partners.calling import CallError
from identity.mails import queue_notice
from notices import pushing
from notices.models import Notice, PushBrowser, PushKey
from org.models import User
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from routing.assigning import giving
from tests.factories import department, deposit, drain

pytestmark = pytest.mark.django_db


def plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Service:
    """A push service on this machine, and the browser that it serves."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 201
    endpoint: str = ""

    def subscribe(self, person: User) -> PushBrowser:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return pushing.subscribe(
            person, endpoint=self.endpoint, public_key=plain(point), secret=plain(self.secret)
        )

    def opened(self) -> dict[str, Any]:
        """What the browser shows of the last push."""
        body = self.received[-1][1]
        words = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        told: dict[str, Any] = json.loads(words)
        return told


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    settings.PUSH_PRIVATE = True
    made = Service()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.received.append((dict(self.headers), body))
            self.send_response(made.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.endpoint = f"http://127.0.0.1:{server.server_port}/push/1"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def letter(amina: User) -> Letter:
    return deposit(actor=amina, subject="Fuite rue des Amandiers").letter


def give(letter: Letter, amina: User) -> None:
    giving.assign(letter, department=department("EAU"), actor=amina)
    drain("notice.spread")


def test_a_push_is_signed_and_only_the_browser_reads_kind_and_number(
    service: Service, letter: Letter, amina: User, dounia: User
) -> None:
    service.subscribe(dounia)
    give(letter, amina)
    drain("notice.push")
    told = service.opened()
    assert letter.number in told["title"]
    assert told["url"] == f"/letters/{letter.pk}/"
    assert "Amandiers" not in json.dumps(told)
    headers = service.received[0][0]
    assert Vapid02.verify(headers["Authorization"])
    assert headers["Authorization"].rpartition("k=")[2] == pushing.public_key()
    assert letter.number.encode() not in service.received[0][1]


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (400, 1), (201, 1)])
def test_a_browser_that_is_gone_is_forgotten(
    service: Service, letter: Letter, amina: User, dounia: User, status: int, left: int
) -> None:
    service.subscribe(dounia)
    service.status = status
    give(letter, amina)
    drain("notice.push")
    assert PushBrowser.objects.count() == left
    assert len(service.received) == 1


def test_nothing_is_pushed_of_a_letter_that_is_read_no_more(
    service: Service, letter: Letter, amina: User, dounia: User
) -> None:
    service.subscribe(dounia)
    give(letter, amina)
    DepartmentReader.objects.filter(letter=letter).update(active=False)
    drain("notice.push")
    assert not service.received


def test_hosts_inside_the_network_are_not_called(
    service: Service, settings: Any, dounia: User
) -> None:
    row = service.subscribe(dounia)
    settings.PUSH_PRIVATE = False
    row.endpoint = service.endpoint.replace("http://", "https://")
    with pytest.raises(CallError, match="webhook_address"):
        pushing.send(row, body=b"{}")
    assert not service.received


def test_the_office_has_one_key_and_a_person_a_few_browsers(service: Service, dounia: User) -> None:
    assert pushing.public_key() == pushing.public_key()
    assert PushKey.objects.count() == 1
    for number in range(pushing.MOST_BROWSERS + 2):
        service.endpoint = f"https://push.example.org/{number}"
        service.subscribe(dounia)
    assert PushBrowser.objects.count() == pushing.MOST_BROWSERS
    assert Notice.objects.count() == 0


def test_a_new_password_ends_the_pushes_of_all_browsers(service: Service, dounia: User) -> None:
    service.subscribe(dounia)
    queue_notice(dounia, "token_made")
    drain("identity.notice")
    assert PushBrowser.objects.filter(person=dounia).exists()
    queue_notice(dounia, "password_changed")
    drain("identity.notice")
    assert not PushBrowser.objects.filter(person=dounia).exists()
