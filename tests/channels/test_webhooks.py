"""A partner's system is told of its letters: signed, again until it takes it, nowhere inside."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from channels import services
from channels.models import Partner, PartnerLetter
from channels.partners import calling
from jobs.models import Job
from jobs.runner import try_again
from org.models import User
from registry.changes import record_change
from registry.intake import LetterData
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from tests.factories import drain

pytestmark = pytest.mark.django_db


class Receiver:
    """A partner's system: keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook?a=1"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE = True
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def letter(admin: User) -> Letter:
    key, _text = services.make_key(
        partner="Commune", may_deposit=True, may_follow=True, per_hour=60, actor=admin
    )
    data = LetterData(channel="api", subject="Secret")
    return services.deposit_for(key, data, files=(), message="Bonjour", once="").letter


def moved_on(letter: Letter) -> None:
    with transaction.atomic():
        record_change(letter, RegistryEvent.CORRECTED, actor=None)


def tell() -> None:
    services.ask_to_tell()
    Job.objects.filter(kind="partner.tell", state="ready").update(run_after=timezone.now())
    drain("partner.tell")


def test_each_move_is_told_once_and_signed(receiver: Receiver, letter: Letter, admin: User) -> None:
    secret = services.set_webhook(Partner.objects.get().pk, url=receiver.url, actor=admin)
    tell()
    tell()
    moved_on(letter)
    moved_on(letter)
    tell()

    bodies = [json.loads(body) for _headers, body in receiver.got]
    assert [body["version"] for body in bodies] == [1, 3]
    assert bodies[0]["number"] == letter.number
    assert "Secret" not in str(bodies)
    for headers, body in receiver.got:
        moment = headers["X-Sijill-Timestamp"]
        assert abs(int(moment) - timezone.now().timestamp()) < 60
        said = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["X-Sijill-Signature"] == f"sha256={said}"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_system_that_is_away_is_told_later(
    receiver: Receiver, letter: Letter, admin: User, status: int
) -> None:
    services.set_webhook(Partner.objects.get().pk, url=receiver.url, actor=admin)
    receiver.status = status
    tell()
    job = Job.objects.get(kind="partner.tell")
    assert (job.state, job.error_code, job.excused) == ("ready", "webhook_away", 1)
    assert PartnerLetter.objects.get().told_version == 0

    receiver.status = 200
    tell()

    assert PartnerLetter.objects.get().told_version == letter.version
    assert len(receiver.got) == 2


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410])
def test_a_system_that_refuses_is_a_persons_matter(
    receiver: Receiver, letter: Letter, admin: User, status: int
) -> None:
    services.set_webhook(Partner.objects.get().pk, url=receiver.url, actor=admin)
    receiver.status = status
    tell()
    tell()

    job = Job.objects.get(kind="partner.tell")
    assert (job.state, job.error_code) == ("parked", "webhook_refused")
    assert len(receiver.got) == 1  # no redirect was followed, and nothing asks again by itself
    receiver.status = 200
    try_again(job.pk)
    drain("partner.tell")
    moved_on(letter)
    tell()
    assert PartnerLetter.objects.get().told_version == letter.version


def test_a_new_address_gives_a_new_secret(receiver: Receiver, letter: Letter, admin: User) -> None:
    partner = Partner.objects.get().pk
    secrets = {services.set_webhook(partner, url=receiver.url, actor=admin) for _ in range(2)}

    assert len(secrets) == 2
    assert not secrets & {str(value) for row in Partner.objects.values() for value in row.values()}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://",
        "https://example.org:x/",
        "https://example.org/\r\nX: y",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_none_is_refused(letter: Letter, admin: User, url: str) -> None:
    with pytest.raises(services.CallError):
        services.set_webhook(Partner.objects.get().pk, url=url, actor=admin)
    assert Partner.objects.get().webhook_url == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_nothing_inside_is_called(host: str) -> None:
    with pytest.raises(services.CallError) as refused:
        calling.call(f"https://{host}/", body=b"{}", headers={})
    assert (refused.value.code, refused.value.permanent) == ("webhook_address", True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_an_address_inside_is_known_in_every_writing(address: str) -> None:
    assert not calling.is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_outside_may_be_called(address: str) -> None:
    assert calling.is_outside(address)


@pytest.mark.parametrize("host", ["a..b.example", f"{'a' * 64}.example"])
def test_a_name_that_is_none_is_refused_for_good(host: str) -> None:
    with pytest.raises(calling.CallError) as refused:
        calling.call(f"https://{host}/", body=b"", headers={})
    assert refused.value.permanent
