"""A partner's system is told of its letters: signed, again until it takes it, nowhere inside."""

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail as mailbox
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from channels import services
from channels.kinds import HookType
from channels.models import Delivery, Partner
from channels.partners import calling, reachable, sending, webhooks
from correspondence.kinds import OutgoingEvent
from jobs.models import Job
from org.models import User
from registry.changes import record_change
from registry.intake import LetterData
from registry.kinds import EventKind, RegistryEvent
from registry.models.letters import Letter
from routing.kinds import RoutingEvent
from tests.channels.receiver import Receiver, receiver
from tests.factories import drain
from tests.services import trickling

__all__ = ["receiver"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(admin: User) -> Letter:
    key, _text = services.make_key(
        partner="Commune", may_deposit=True, may_follow=True, per_hour=60, actor=admin
    )
    data = LetterData(channel="api", subject="Secret")
    return services.deposit_for(key, data, files=(), message="Bonjour", once="").letter


def moved_on(letter: Letter, kind: EventKind = RegistryEvent.CORRECTED, **more: Any) -> None:
    with transaction.atomic():
        record_change(letter, kind, actor=None, **more)


def send() -> None:
    Job.objects.filter(kind="partner.tell", state="ready").update(run_after=timezone.now())
    drain("partner.tell")


def tell() -> None:
    services.queue_deliveries()
    send()


def partner() -> Partner:
    return Partner.objects.get()


def test_each_move_is_told_once_and_signed(receiver: Receiver, letter: Letter, admin: User) -> None:
    secret = services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    tell()
    tell()
    moved_on(letter)
    moved_on(letter)
    tell()

    assert [body["data"]["version"] for body in receiver.bodies] == [1, 3]
    assert receiver.bodies[0]["data"]["number"] == letter.number
    assert {body["type"] for body in receiver.bodies} == {"letter.changed"}
    assert "Secret" not in str(receiver.bodies)
    for headers, body in receiver.got:
        assert Webhook(secret).verify(body, headers) == json.loads(body)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 2


def test_the_signature_and_the_fields_of_before_stand_beside(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    whole = services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    tell()

    ((headers, body),) = receiver.got
    secret = base64.b64decode(whole.removeprefix("whsec_")).hex()
    moment = headers["X-Sijill-Timestamp"]
    said = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Sijill-Signature"] == f"sha256={said}"
    assert (receiver.bodies[0]["version"], receiver.bodies[0]["id"]) == (1, str(letter.pk))


def test_only_the_chosen_events_are_told(receiver: Receiver, letter: Letter, admin: User) -> None:
    events = ["letter.answered", "letter.reopened", "letter.assigned", "reply.dispatched"]
    services.set_webhook(partner().pk, url=receiver.url, actor=admin, events=events)
    moved_on(letter)
    moved_on(letter, RoutingEvent.ASSIGNED, stage="in_hand")
    moved_on(letter, RoutingEvent.REPLY_SENT, stage="answered")
    moved_on(letter, OutgoingEvent.DISPATCHED)
    moved_on(letter, RoutingEvent.REOPENED, stage="in_hand")
    tell()

    told = {(body["type"], body["data"]["version"]) for body in receiver.bodies}
    assert told == {
        ("letter.assigned", 3),
        ("letter.answered", 4),
        ("reply.dispatched", 5),
        ("letter.reopened", 6),
    }
    assert all(body["timestamp"].startswith("20") for body in receiver.bodies)


def test_what_happened_before_the_address_was_given_is_not_told_one_by_one(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin, events=["letter.registered"])
    tell()
    assert receiver.got == []


@pytest.mark.parametrize("events", [[], ["letter.burnt"], ["webhook.test"]])
def test_an_unknown_event_is_refused(letter: Letter, admin: User, events: list[str]) -> None:
    with pytest.raises(services.BadWebhookError):
        services.set_webhook(partner().pk, url="https://x.example/", actor=admin, events=events)
    assert partner().webhook_url == ""


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_what_is_not_taken_is_sent_again_under_its_id(
    receiver: Receiver, letter: Letter, admin: User, status: int
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    receiver.status = status
    tell()
    row = Delivery.objects.get()
    assert (row.state, row.answer_code, row.attempts) == ("waiting", status, 1)
    assert row.next_at
    assert row.next_at > timezone.now()
    assert partner().webhook_failing_since

    receiver.status = 200
    send()

    row.refresh_from_db()
    assert (row.state, row.answer_code, row.attempts) == ("delivered", 200, 2)
    assert not row.next_at
    assert [tried["status"] for tried in row.tries] == [status, 200]
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert partner().webhook_failing_since is None


def test_the_waits_grow_up_to_a_ceiling_and_end(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    receiver.status = 503
    services.queue_deliveries()
    waits = []
    for _number in range(len(sending.WAITS)):
        send()
        row = Delivery.objects.get()
        assert row.next_at
        waits.append((row.next_at - timezone.now()).total_seconds())
    assert waits[:6] == sorted(waits[:6])
    assert max(waits) <= sending.CEILING
    assert sum(sending.WAITS) >= webhooks.OFF_AFTER.total_seconds()

    send()
    assert Delivery.objects.get().state == "failed"
    receiver.status = 204
    services.send_again(Delivery.objects.get().pk, actor=admin)
    send()
    assert Delivery.objects.get().state == "delivered"


def test_an_answer_that_trickles_holds_no_worker(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_PRIVATE = True
    monkeypatch.setattr(calling, "_WHOLE_SECONDS", 0.2)
    over = threading.Event()

    def trickle(server: socket.socket) -> None:
        connected, _address = server.accept()
        with connected, contextlib.suppress(OSError):
            connected.sendall(b"HTTP/1.1")
            for _number in range(100):
                connected.sendall(b" ")
                if over.wait(0.05):
                    return
            connected.sendall(b"200 OK\r\n\r\n")
            over.wait(30)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=trickle, args=(server,), daemon=True).start()
        try:
            with pytest.raises(services.CallError) as refused:
                calling.call(f"http://127.0.0.1:{server.getsockname()[1]}/", body=b"{}", headers={})
        finally:
            over.set()
    assert (refused.value.code, refused.value.permanent) == ("webhook_away", False)


def test_a_message_whose_answer_broke_off_in_its_headers_was_not_taken(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_PRIVATE = True
    monkeypatch.setattr(calling, "_WHOLE_SECONDS", 0.3)
    with (
        trickling.answering_badly(trickling.trickles_headers) as address,
        pytest.raises(services.CallError) as refused,
    ):
        calling.call(f"{address}/", body=b"{}", headers={})
    assert (refused.value.code, refused.value.permanent) == ("webhook_away", False)


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_is_asked_for_is_honoured(
    receiver: Receiver, letter: Letter, admin: User, status: int
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    receiver.status, receiver.more = status, {"Retry-After": "900"}
    tell()
    row = Delivery.objects.get()
    assert row.next_at
    assert 890 < (row.next_at - timezone.now()).total_seconds() <= 900
    assert Job.objects.get(kind="partner.tell", state="ready").run_after >= row.next_at - timedelta(
        seconds=5
    )


def test_a_wait_may_be_a_date_and_rubbish_is_none() -> None:
    moment = timezone.now() + timedelta(minutes=10)
    assert 590 < (calling.seconds_of(format_datetime(moment, usegmt=True)) or 0) <= 600
    for text in ("", "soon", "-5", "1e9", "Wed, 99 Oct 2015 07:28:00 GMT"):
        assert calling.seconds_of(text) is None


def test_an_address_that_is_gone_is_switched_off_and_told(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    admin.email = "admin@office.example"
    admin.save()
    contact = "it@commune.example"
    services.set_webhook(partner().pk, url=receiver.url, actor=admin, contact=contact)
    receiver.status = 410
    tell()
    assert (partner().webhook_off_why, Delivery.objects.get().state) == ("gone", "waiting")
    assert Delivery.objects.get().next_at is None
    drain("partner.off")
    assert {to for mail in mailbox.outbox for to in mail.to} == {contact, admin.email}
    assert "Commune" in mailbox.outbox[0].body

    moved_on(letter)
    tell()
    assert len(receiver.got) == 1
    receiver.status = 200
    services.switch_on(partner().pk, actor=admin)
    tell()
    assert receiver.bodies[-1]["data"]["version"] == 2


def test_what_an_address_that_is_gone_did_not_take_comes_to_the_next_one(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    events = [HookType.PIECES_ASKED]
    services.set_webhook(partner().pk, url=receiver.url, actor=admin, events=events)
    receiver.status = 410
    moved_on(letter, RoutingEvent.PIECES_ASKED)
    tell()
    moved_on(letter, RoutingEvent.PIECES_ASKED)
    tell()
    assert len(receiver.got) == 1
    receiver.status = 200
    services.set_webhook(partner().pk, url=f"{receiver.url}/new", actor=admin)
    tell()
    assert [body["data"]["version"] for body in receiver.bodies[1:]] == [2, 3]
    states = Delivery.objects.values_list("state", flat=True).distinct()
    assert list(states) == ["delivered"]


def test_why_a_message_cannot_be_sent_again_or_an_address_switched_on_is_told(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    with pytest.raises(services.NotPossibleNowError, match="adresse"):
        services.trial_message(partner(), actor=admin)
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    with pytest.raises(services.NotPossibleNowError, match="déjà"):
        services.switch_on(partner().pk, actor=admin)
    row = services.try_now(services.trial_message(partner(), actor=admin))
    with pytest.raises(services.NotPossibleNowError, match="essai"):
        services.send_again(row.pk, actor=admin)
    tell()
    Partner.objects.update(webhook_off_at=timezone.now())
    with pytest.raises(services.NotPossibleNowError, match="désactivé"):
        services.send_again(Delivery.objects.latest("pk").pk, actor=admin)


def test_an_address_that_fails_for_days_is_switched_off(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    receiver.status = 500
    tell()
    Partner.objects.update(
        webhook_failing_since=timezone.now() - webhooks.OFF_AFTER - timedelta(minutes=1)
    )
    services.queue_deliveries()
    assert partner().webhook_off_why == "failing"
    send()
    assert len(receiver.got) == 1
    assert Delivery.objects.get().state == "waiting"

    receiver.status = 200
    services.switch_on(partner().pk, actor=admin)
    send()
    assert Delivery.objects.get().state == "delivered"


def test_two_secrets_are_valid_at_once_for_a_day(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    old = services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    new = services.turn_secret(partner().pk, actor=admin)
    assert old != new
    assert new.startswith("whsec_")
    tell()
    headers, body = receiver.got[-1]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)

    Partner.objects.update(webhook_old_until=timezone.now())
    moved_on(letter)
    tell()
    headers, body = receiver.got[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_a_test_call_is_made_at_once_and_never_again(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    secret = services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    receiver.status = 500
    row = services.try_now(services.trial_message(partner(), actor=admin))
    assert (row.state, row.answer_code) == ("failed", 500)
    assert partner().webhook_failing_since is None
    headers, body = receiver.got[0]
    assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"


def test_an_earlier_state_that_waits_gives_way_to_the_present_one(
    receiver: Receiver, letter: Letter, admin: User
) -> None:
    services.set_webhook(partner().pk, url=receiver.url, actor=admin)
    services.queue_deliveries()
    moved_on(letter)
    tell()
    assert [body["data"]["version"] for body in receiver.bodies] == [2]
    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["superseded", "delivered"]


def test_a_new_address_gives_a_new_secret(receiver: Receiver, letter: Letter, admin: User) -> None:
    secrets = {services.set_webhook(partner().pk, url=receiver.url, actor=admin) for _ in range(2)}

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
        "64:ff9b:1::7f00:1",
        "64:ff9b:1:fffe:0:a00:1::",
        "2001:0:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2002:a00:1::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "fec0::1",  # site-local
        "feff:ffff::1",
        "::ffff:0:127.0.0.1",  # translated (SIIT)
        "::5efe:127.0.0.1",
        "2606:4700::5efe:a00:1",  # ISATAP
        "2606:4700::200:5efe:a00:1",
        "100:0:0:1::1",
        "5f00::1",
        "3fff::1",
        "4000::1",
        "192.88.99.1",
        "192.0.0.8",
        "2002:c058:6301::1",
    ],
)
def test_an_address_inside_is_known_in_every_writing(address: str) -> None:
    assert not reachable.is_outside(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8", "2606:4700::5efe:808:808"],
)
def test_an_address_outside_may_be_called(address: str) -> None:
    assert reachable.is_outside(address)


OF_THE_MACHINE = [
    "169.254.169.254",
    "169.254.0.1",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "::ffff:0:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::169.254.169.254",
    "64:ff9b:1:a9fe:a9:fe00::",  # a prefix of 48 bits
    "64:ff9b:1:ffa9:fe:a9fe::",  # of 56
    "64:ff9b:1:ffff:a9:fea9:fe00:0",  # of 64
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:5601:5601",  # Teredo's client, turned over
    "fd12::5efe:a9fe:a9fe",
]


@pytest.mark.parametrize("address", OF_THE_MACHINE)
def test_what_a_machine_tells_of_itself_is_called_by_no_setting(
    settings: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.WEBHOOK_PRIVATE = True
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(calling, "connected", pytest.fail)
    monkeypatch.setattr(calling, "checked_url", lambda url, **_k: urlsplit(url))  # a name
    with pytest.raises(calling.CallError) as refused:
        calling.call("http://partner.example/", body=b"{}", headers={})
    assert (refused.value.code, refused.value.permanent) == ("webhook_address", True)


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "2852039166", "0xa9fea9fe", "169.254.43518", "0251.0376.0251.0376"),
        *("[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]"),
    ],
)
def test_an_administrator_is_told_at_once_that_it_is_no_partner(
    settings: Any, letter: Letter, admin: User, host: str
) -> None:
    settings.WEBHOOK_PRIVATE = True
    with pytest.raises(services.CallError):
        services.set_webhook(partner().pk, url=f"http://{host}/latest/meta-data/", actor=admin)
    assert partner().webhook_url == ""


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "100.64.0.1", "::1", "fd00::1", "fd12::a9fe:a9fe", "64:ff9b::a00:1"],
)
def test_a_private_network_may_be_called_where_it_is_set(address: str) -> None:
    assert reachable.may_be_called(address, private=True)
    assert not reachable.may_be_called(address, private=False)


@pytest.mark.parametrize("host", ["a..b.example", f"{'a' * 64}.example"])
def test_a_name_that_is_none_is_refused_for_good(host: str) -> None:
    with pytest.raises(calling.CallError) as refused:
        calling.call(f"https://{host}/", body=b"", headers={})
    assert refused.value.permanent
