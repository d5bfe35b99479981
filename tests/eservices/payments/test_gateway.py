"""A gateway in a process of its own plays its eight behaviours against the office, over HTTP."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from eservices.bills.models import Allocation, Bill
from eservices.payments import journal, refunds
from eservices.payments.attempts import begin, give_up, send, take_answer
from eservices.payments.gateways import gateway
from eservices.payments.models import Attempt, JournalEntry, Payment, Refund
from eservices.payments.port import GatewayAnswer, GatewayError, Outcome
from eservices.payments.posting import Line
from eservices.payments.reconcile import settle_attempt, stuck
from eservices.payments.refunds import RefundError, ask_refund, decide_refund, pay_refund
from org import bounded_answers
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import staff
from tests.services import trickling
from tests.services.sim_nestpay import Simulated, simulated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulated]:
    """The gateway."""
    with simulated(late=0.6) as gateway:
        yield gateway


@pytest.fixture
def bank(running: Simulated, live_server: Any, settings: Any) -> Simulated:
    """The gateway, and an office on a port of its own that it calls back."""
    settings.PAYMENT_URL, settings.PUBLIC_URL = running.setting, live_server.url
    return running


def _sent(*bills: Bill) -> tuple[Attempt, dict[str, str]]:
    attempt = begin([Line(bill.number, bill.remaining) for bill in bills], email="é@usager.example")
    return attempt, send(attempt, name="Zoé & l'été | \\ ع").fields


def _remaining(bill: Bill) -> int:
    bill.refresh_from_db()
    return bill.remaining


def _state(attempt: Attempt) -> str:
    attempt.refresh_from_db()
    return attempt.state


@pytest.mark.parametrize(
    ("behaviour", "state", "answers", "remaining"),
    [
        ("paid", "paid", ["ACTION=POSTAUTH"], 0),
        ("refused", "refused", ["APPROVED"], 12840),
        ("refused_then_paid", "paid", ["APPROVED", "ACTION=POSTAUTH"], 0),
        ("wrong_amount", "unknown", ["FAILURE"], 12840),
        ("bad_hash", "sent", ["FAILURE"], 12840),
        ("twice", "paid", ["ACTION=POSTAUTH", "ACTION=POSTAUTH"], 0),
    ],
)
def test_what_a_gateway_plays(
    bank: Simulated, behaviour: str, state: str, answers: list[str], remaining: int
) -> None:
    bill = a_bill(total=12840)
    attempt, fields = _sent(bill)
    back, _fields = bank.choose(fields, behaviour)
    assert bank.knows(attempt.oid)["answers"] == answers
    assert (_state(attempt), _remaining(bill)) == (state, remaining)
    assert Payment.objects.count() == (0 if remaining else 1)
    assert back.endswith("/pay/return/failed/" if behaviour == "refused" else "/pay/return/ok/")
    assert list(journal.check()) == []


def test_a_late_call_after_we_gave_up_is_money_all_the_same(bank: Simulated) -> None:
    bill = a_bill(total=500)
    attempt, fields = _sent(bill)
    bank.choose(fields, "late")
    assert give_up(attempt, state=Attempt.State.EXPIRED)
    until = time.monotonic() + 20
    while not bank.knows(attempt.oid)["answers"] and time.monotonic() < until:
        time.sleep(0.05)
    assert bank.knows(attempt.oid)["answers"] == ["ACTION=POSTAUTH"]
    assert (_state(attempt), _remaining(bill)) == ("paid", 0)


def test_a_call_that_never_comes_is_asked_for(bank: Simulated) -> None:
    bill = a_bill(total=500)
    attempt, fields = _sent(bill)
    bank.choose(fields, "never")
    assert (_state(attempt), _remaining(bill)) == ("sent", 500)
    settle_attempt(attempt)
    assert (_state(attempt), _remaining(bill)) == ("paid", 0)
    assert bank.knows(attempt.oid)["state"] == "captured"
    settle_attempt(attempt)
    assert Payment.objects.count() == 1


def test_money_is_taken_also_where_the_gateway_never_heard_our_answer(bank: Simulated) -> None:
    """The office died between its payment and its answer: the bank holds the money, and waits."""
    attempt, fields = _sent(a_bill(total=500))
    bank.choose(fields, "never")
    assert take_answer(GatewayAnswer(attempt.oid, Outcome.PAID, amount=500, currency="MAD"))
    assert (_state(attempt), bank.knows(attempt.oid)["state"]) == ("paid", "authorised")
    now = timezone.now()
    assert attempt not in stuck(now), "its answer may be on its way"
    later = now + timedelta(minutes=6)
    assert attempt in stuck(later)
    settle_attempt(attempt, now=later)
    assert bank.knows(attempt.oid)["state"] == "captured"
    assert attempt not in stuck(later + timedelta(hours=1))
    assert Payment.objects.count() == 1


def test_who_was_refused_and_then_paid_unheard_has_paid(bank: Simulated) -> None:
    """The office heard of the refusal, and was away when the gateway told of the payment."""
    bill = a_bill(total=500)
    attempt, fields = _sent(bill)
    bank.choose(fields, "never")
    assert take_answer(GatewayAnswer(attempt.oid, Outcome.REFUSED, code="51"))
    assert attempt not in stuck(timezone.now())
    later = timezone.now() + timedelta(minutes=41)
    assert attempt in stuck(later)
    settle_attempt(stuck(later).get(), now=later)
    assert (_state(attempt), _remaining(bill)) == ("paid", 0)
    assert bank.knows(attempt.oid)["state"] == "captured"


def test_who_was_refused_is_asked_about_once(bank: Simulated) -> None:
    attempt, fields = _sent(a_bill(total=500))
    bank.choose(fields, "refused")
    later = timezone.now() + timedelta(minutes=41)
    settle_attempt(stuck(later).get(), now=later)
    assert _state(attempt) == "refused"
    assert attempt not in stuck(later + timedelta(days=1))


def test_a_gateway_that_does_not_answer_is_asked_again_for_what_is_paid(
    bank: Simulated, settings: Any
) -> None:
    attempt, fields = _sent(a_bill(total=500))
    bank.choose(fields, "paid")
    _state(attempt)
    settings.PAYMENT_URL = "nestpay://600:K@127.0.0.1:9/fim/est3Dgate?tls=no&user=u&password=p"
    later = timezone.now() + timedelta(minutes=6)
    settle_attempt(attempt, now=later)
    assert _state(attempt) == "paid"
    assert attempt not in stuck(later + timedelta(minutes=1))
    assert attempt in stuck(later + timedelta(minutes=16))
    settings.PAYMENT_URL = bank.setting
    settle_attempt(attempt, now=later + timedelta(minutes=16))
    assert attempt not in stuck(later + timedelta(days=1))


def test_two_attempts_at_one_bill_leave_the_second_money_for_a_refund(bank: Simulated) -> None:
    bill = a_bill(total=500)
    one, two = _sent(bill), _sent(bill)
    bank.choose(one[1], "paid")
    bank.choose(two[1], "paid")
    assert (_state(one[0]), _state(two[0]), _remaining(bill)) == ("paid", "paid", 0)
    assert [p.allocated for p in Payment.objects.order_by("receipt")] == [500, 0]
    assert sum(Allocation.objects.values_list("amount", flat=True)) == 500
    assert list(journal.check()) == []


def test_what_browsers_bring_back_changes_nothing(bank: Simulated, client: Any) -> None:
    bill = a_bill(total=500)
    attempt, fields = _sent(bill)
    _back, signed = bank.choose(fields, "never")
    for path in ("/pay/return/ok/", "/pay/return/failed/"):
        answer = client.post(path, signed)
        assert (answer.status_code, answer["Location"]) == (303, f"/pay/state/?order={attempt.oid}")
    assert (_state(attempt), _remaining(bill)) == ("sent", 500)


def test_start_payment_shows_what_the_browser_posts(bank: Simulated, capsys: Any) -> None:
    import json

    one, two = a_bill(total=12840), a_bill(total=60)
    call_command("start_payment", one.number, two.number, "--json")
    told = json.loads(capsys.readouterr().out)
    assert sorted(told) == ["amount", "fields", "oid", "post_to"]
    assert told["amount"] == told["fields"]["amount"] == "129.00"
    assert told["fields"]["oid"] == told["oid"]
    assert told["post_to"].endswith("/fim/est3Dgate")
    bank.choose(told["fields"], "paid")
    assert (_remaining(one), _remaining(two)) == (0, 0)


def test_the_journal_tells_each_step(bank: Simulated) -> None:
    attempt, fields = _sent(a_bill(total=500))
    bank.choose(fields, "refused_then_paid")
    kinds = JournalEntry.objects.filter(subject=attempt.oid).order_by("seq")
    expected = ["attempt_begun", "attempt_sent", "attempt_refused", "attempt_paid"]
    assert list(kinds.values_list("kind", flat=True)) == expected


def _approved(attempt: Attempt) -> Refund:
    payment = Payment.objects.get(attempt=attempt)
    refund = ask_refund(payment=payment, amount=500, reason="Erreur", way="card", by=staff())
    return decide_refund(refund, approve=True, by=staff("samira", role="head"))


def test_a_refund_whose_answer_was_lost_is_not_asked_for_twice(
    bank: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office died after the gateway had paid back, before it was written."""
    attempt, fields = _sent(a_bill(total=500))
    bank.choose(fields, "paid")
    refund, by_card = _approved(attempt), refunds._by_card

    def broken(row: Refund) -> None:
        by_card(row)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(refunds, "_by_card", broken)
        with pytest.raises(KeyboardInterrupt):
            pay_refund(refund, by=staff())
    assert refunds.unsure([refund]) == {refund.pk}
    with pytest.raises(RefundError) as refused:
        pay_refund(refund, by=staff())
    assert refused.value.code == "lost"
    assert pay_refund(refund, by=staff(), reference="B 77").state == Refund.State.PAID
    assert bank.knows(attempt.oid)["refunded"] == "5.00"
    assert list(journal.check()) == []


def test_a_refund_that_the_gateway_refused_may_be_asked_for_again(bank: Simulated) -> None:
    attempt, _fields = _sent(a_bill(total=500))
    assert take_answer(GatewayAnswer(attempt.oid, Outcome.PAID, amount=500, currency="MAD"))
    refund = _approved(attempt)
    for _time in range(2):
        with pytest.raises(RefundError) as refused:
            pay_refund(refund, by=staff())
        assert refused.value.code == "gateway"
    refund.refresh_from_db()
    assert refund.state == Refund.State.APPROVED
    assert refunds.unsure([refund]) == set()


@pytest.mark.parametrize("answer", [trickling.breaks_off, trickling.says_rubbish])
def test_an_answer_that_breaks_off_stops_no_other_query(
    settings: Any, answer: trickling.Answer
) -> None:
    with trickling.answering_badly(answer) as address:
        settings.PAYMENT_URL = Simulated(address).setting
        first, second = (_sent(a_bill())[0] for _each in range(2))
        later = timezone.now() + timedelta(hours=1)
        for attempt in (first, second):
            settle_attempt(attempt, now=later)
    assert {_state(first), _state(second)} == {"unknown"}


def test_a_gateway_that_trickles_holds_no_worker(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_answers, "WHOLE_SECONDS", 0.3)
    with trickling.answering_badly(trickling.trickles_body) as address:
        settings.PAYMENT_URL = Simulated(address).setting
        with pytest.raises(GatewayError) as refused:
            gateway().refund("order", 100)
    assert refused.value.code == "no_answer"  # it may have paid back
