"""The citizen is told by SMS that an answer is there; what the gateway says is the proof."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from correspondence.dispatch import sending, sms
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from jobs.models import Job
from language.bidi import isolate
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from tests.correspondence.sms_gateway import sms_gateway
from tests.factories import drain
from tests.services import trickling

pytestmark = pytest.mark.django_db
PHONE = "+212 612-345678"


def rounds() -> None:
    for _ in range(3):
        Job.objects.filter(kind="reply.dispatch", state="ready").update(run_after=timezone.now())
        drain("reply.dispatch")


def send(reply: Reply, actor: User) -> Letter:
    return sending.send_reply(reply, actor=actor, method="sms", address=PHONE)


def test_the_gateway_s_answer_is_the_proof(approved: Reply, badr: User, settings: Any) -> None:
    with sms_gateway(settings) as gateway:
        send(approved, badr)
        rounds()
    [message] = gateway.taken
    assert message["to"] == "+212612345678"
    assert approved.home.number in message["text"]
    assert "La fuite est réparée" not in message["text"]
    assert " : votre réponse" in message["text"], "a no-break space would halve its length"
    assert gateway.headers[0]["Authorization"] == "Bearer secret-key"
    dispatch = Dispatch.objects.get()
    assert gateway.headers[0]["Idempotency-Key"] == str(dispatch.pk)
    assert dispatch.state == "sent"
    assert dispatch.proof["gateway_id"] == "msg-1"
    assert dispatch.proof["status"] == 202
    assert "secret-key" not in json.dumps(dispatch.proof)


@pytest.mark.parametrize(("language", "apart"), [("ar", True), ("fr", False)])
def test_the_number_is_set_apart_where_a_language_runs_from_right_to_left(
    language: str, apart: bool, approved: Reply, badr: User, settings: Any
) -> None:
    with sms_gateway(settings) as gateway:
        outgoing = send(approved, badr)
        Letter.objects.filter(pk=outgoing.pk).update(language=language)
        rounds()
    [message] = gateway.taken
    number = approved.home.number
    assert (isolate(number) in message["text"]) is apart
    assert number in message["text"]


@pytest.mark.parametrize(
    ("status", "answer", "code", "parked"),
    [
        (500, b"", "sms_away", False),
        (429, b"", "sms_away", False),
        (401, b"", "sms_login", False),
        (400, b"no", "sms_refused", True),
        (302, b"", "sms_refused", True),
        (200, b"<html>OK</html>", "sms_rubbish", True),
        (200, b'{"id": null}' * 3, "sms_rubbish", True),
        (200, b"[1]", "sms_rubbish", True),
        (200, b'{"id": "' + b"x" * 200 + b'"}', "sms_rubbish", True),
        (200, b"[" * 60_000, "sms_rubbish", True),
    ],
)
def test_every_answer_of_a_gateway_has_its_meaning(
    approved: Reply,
    badr: User,
    settings: Any,
    status: int,
    answer: bytes,
    code: str,
    parked: bool,
) -> None:
    with sms_gateway(settings) as gateway:
        gateway.status, gateway.answer = status, answer
        send(approved, badr)
        rounds()
    dispatch = Dispatch.objects.get()
    if parked:
        assert (dispatch.state, dispatch.proof) == ("failed", {"problem": code})
        assert Reply.objects.get().state == "bounced"
        assert Letter.objects.get(pk=approved.home.pk).stage == "in_hand"
    else:
        job = Job.objects.get(kind="reply.dispatch", state="ready")
        assert job.error_code == code
        assert "6123" not in job.last_error
        assert dispatch.state == "waiting"


def test_a_gateway_that_is_away_is_waited_for_but_not_for_ever(
    approved: Reply, badr: User, settings: Any
) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/send"
    send(approved, badr)
    rounds()
    assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "sms_away"
    Dispatch.objects.update(asked_at=timezone.now() - timedelta(days=4))
    rounds()
    assert Dispatch.objects.get().proof == {"problem": "sms_given_up"}


def test_a_slow_gateway_is_not_waited_for_without_end(
    approved: Reply, badr: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "_SECONDS", 0.2)
    with sms_gateway(settings) as gateway:
        gateway.delay = 1.0
        send(approved, badr)
        rounds()
    assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "sms_away"


def test_a_message_kept_as_a_file_is_not_sent(
    approved: Reply, badr: User, settings: Any, tmp_path: Path
) -> None:
    settings.SMS_URL = f"file://{tmp_path}"
    send(approved, badr)
    rounds()
    [file] = tmp_path.iterdir()
    assert json.loads(file.read_text())["to"] == "+212612345678"
    assert (Dispatch.objects.get().state, Dispatch.objects.get().proof) == ("waiting", {})
    assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "no_sms_gateway"


def test_without_a_gateway_the_way_is_not_offered(
    approved: Reply, badr: User, settings: Any
) -> None:
    settings.SMS_URL = "none"
    assert "sms" not in dict(sending.ways_offered())
    with pytest.raises(NotAllowedError):
        send(approved, badr)


@pytest.mark.parametrize("number", ["", "call me", "12", "0612345678901234567", "a@b.example"])
def test_a_number_that_is_none_is_refused(approved: Reply, badr: User, number: str) -> None:
    with pytest.raises(NotAllowedError):
        sending.send_reply(approved, actor=badr, method="sms", address=number)
    assert not Letter.objects.filter(register__code="OUT").exists()


def test_who_was_told_by_sms_and_reads_has_received_it(
    approved: Reply, badr: User, settings: Any
) -> None:
    with sms_gateway(settings):
        outgoing = send(approved, badr)
        rounds()
    assert sending.note_portal_reading(outgoing)
    assert Reply.objects.get().state == "delivered"


def test_a_gateway_that_trickles_holds_no_worker(
    approved: Reply, badr: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "_WHOLE_SECONDS", 0.3)
    with trickling.answering_badly(trickling.trickles_body) as address:
        settings.SMS_URL = f"{address}/send"
        send(approved, badr)
        rounds()
    assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "sms_away"
