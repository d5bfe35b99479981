"""Two people who decide in the same second: one wins, the other is told, nothing is done twice."""

import itertools
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from correspondence.dispatch import delivery, sending
from correspondence.dispatch.delivery import Left
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.editing import StepData
from registry.models.letters import Letter
from registry.models.registers import NumberSeries
from registry.states import ConflictError
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.clocks import pieces, stopping
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.rules.defaults import load_defaults
from tests.correspondence.circuits import circuit, fresh, submitted
from tests.factories import department, deposit, kind, person, text_file

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


def together(deed: Callable[[], object], times: int = PEOPLE) -> list[str]:
    """Do it at once in as many threads; the names of what came of each."""
    ready, told = threading.Barrier(times), []

    def one() -> None:
        ready.wait()
        try:
            deed()
            told.append("done")
        except (ConflictError, NotAllowedError) as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def assigned() -> Assignment:
    return giving.assign(deposit().letter, department=department("EAU"), actor=person("amina"))


def test_a_letter_is_accepted_once() -> None:
    key, badr = assigned().pk, person("badr")

    def accept() -> None:
        assignments.accept(Assignment.objects.select_related("letter").get(pk=key), actor=badr)

    told = together(accept)
    assert sorted(told) == ["ConflictError"] * (PEOPLE - 1) + ["done"]
    assert list(verify_register()) == []


def test_a_clock_is_stopped_extended_and_asked_for_pieces_once() -> None:
    load_defaults()
    letter, amina = deposit(kind=kind("enquiry"), actor=person("amina")).letter, person("amina")
    giving.assign(letter, department=department("EAU"), actor=amina)
    for verb in (stopping.extend_clock, stopping.stop_clock, stopping.restart_clock):
        done = together(
            lambda verb=verb: verb(  # type: ignore[misc]
                Letter.objects.get(pk=letter.pk), actor=amina, reason="Parce que"
            )
        )
        assert sorted(done) == ["NotAllowedError"] * (PEOPLE - 1) + ["done"]
    asked = together(
        lambda: pieces.ask_for_pieces(Letter.objects.get(pk=letter.pk), actor=amina, pieces="Plan")
    )
    assert sorted(asked) == ["NotAllowedError"] * (PEOPLE - 1) + ["done"]
    added = together(
        lambda: pieces.add_pieces(
            Letter.objects.get(pk=letter.pk), actor=None, files=[text_file("Le plan")], received=[1]
        )
    )
    assert sorted(added) == ["NotAllowedError"] * (PEOPLE - 1) + ["done"]
    assert Letter.objects.get(pk=letter.pk).documents.count() == 2
    assert list(verify_register()) == []


def test_a_letter_is_given_once_to_the_same_department() -> None:
    letter, amina = deposit().letter, person("amina")

    def give() -> None:
        fresh = Letter.objects.get(pk=letter.pk)
        giving.assign(fresh, department=department("EAU"), actor=amina)

    assert sorted(together(give)) == ["NotAllowedError"] * (PEOPLE - 1) + ["done"]
    assert Assignment.objects.count() == 1


def test_a_reply_takes_one_number_and_leaves_once() -> None:
    badr, dounia = person("badr"), person("dounia")
    given = assignments.accept(assigned(), actor=badr)
    reply = drafting.draft_reply(given.letter, actor=badr, subject="a", body="b")
    replies_circuit.approve_reply(replies_circuit.submit_reply(reply, actor=badr), actor=dounia)

    def send() -> None:
        fresh = Reply.objects.select_related("letter", "department").get(pk=reply.pk)
        sending.send_reply(fresh, actor=badr, method="portal")

    assert sorted(together(send)) == ["ConflictError"] * (PEOPLE - 1) + ["done"]
    assert NumberSeries.objects.get(register__code="OUT").last == 1
    assert Dispatch.objects.count() == 1
    assert list(verify_register()) == []


def in_circuit(*steps: StepData) -> Reply:
    """A reply handed in, on its way through these steps."""
    circuit(steps)
    return submitted(assignments.accept(assigned(), actor=person("badr")))


def test_a_visa_is_given_once_by_whoever_is_faster() -> None:
    reply = in_circuit(StepData(1, "visa", "head_or_director"), StepData(2, "visa", "director"))
    people = itertools.cycle([person("dounia"), person("direction")])
    step = ReplyStep.objects.get(position=1)

    def give() -> None:
        replies_circuit.approve_reply(fresh(reply), actor=next(people), step_id=step.pk)

    assert sorted(together(give)) == ["ConflictError"] * (PEOPLE - 1) + ["done"]
    assert [s.state for s in ReplyStep.objects.all()] == ["done", "due"]
    assert list(verify_register()) == []


def test_parallel_visas_given_at_once_are_both_given_and_the_next_rank_comes_once() -> None:
    reply = in_circuit(
        StepData(1, "visa", "head"),
        StepData(1, "visa", "person", person=person("chafik")),
        StepData(2, "visa", "director"),
    )
    people = iter([person("dounia"), person("chafik")])
    give = lambda: replies_circuit.approve_reply(fresh(reply), actor=next(people))  # noqa: E731
    assert together(give, 2) == ["done", "done"]
    assert [s.state for s in ReplyStep.objects.all()] == ["done", "done", "due"]
    assert list(verify_register()) == []


def test_a_reply_is_signed_once_under_one_number() -> None:
    reply = in_circuit(StepData(1, "signature", "director"))

    def sign() -> None:
        replies_circuit.sign_reply(fresh(reply), actor=person("direction"))

    assert sorted(together(sign)) == ["ConflictError"] * (PEOPLE - 1) + ["done"]
    assert NumberSeries.objects.get(register__code="OUT").last == 1
    assert Letter.objects.filter(register__code="OUT").count() == 1
    assert list(verify_register()) == []


def sent_by_mail() -> Dispatch:
    badr, dounia = person("badr"), person("dounia")
    given = assignments.accept(assigned(), actor=badr)
    reply = drafting.draft_reply(given.letter, actor=badr, subject="a", body="b")
    replies_circuit.approve_reply(replies_circuit.submit_reply(reply, actor=badr), actor=dounia)
    sending.send_reply(reply, actor=badr, method="email", address="client@example.org")
    return Dispatch.objects.select_related("reply").get()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("deed", ["save", "park", "read"])
def test_a_letter_is_locked_before_its_answer(deed: str) -> None:
    """As sending does: two who took them in opposite order would wait for each other."""
    dispatch = sent_by_mail()
    if deed == "read":
        Dispatch.objects.update(
            method="portal", state="sent", proof={"published_at": "now"}, at=timezone.now()
        )

    def do() -> None:
        try:
            with transaction.atomic():
                if deed == "save":
                    delivery.save_dispatch(str(dispatch.pk), Left({"message_id": "<1@x>"}))
                elif deed == "park":
                    delivery.dispatch_parked(str(dispatch.pk), "mail_refused")
                else:
                    sending.note_portal_reading(Letter.objects.get(pk=dispatch.letter_id))
        finally:
            connection.close()

    with transaction.atomic():
        Letter.objects.select_for_update().get(pk=dispatch.reply.letter_id)
        thread = threading.Thread(target=do)
        thread.start()
        wait_until_somebody_waits()
        Letter.objects.select_for_update(nowait=True).get(pk=dispatch.letter_id)
    thread.join()


def wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waited")
