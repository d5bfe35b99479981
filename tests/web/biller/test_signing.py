"""Who may call: the signature, its time, two secrets at once, and one refusal for all."""

import json
import time
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from eservices.bank import signing
from eservices.bank.keys import end_old_secrets
from eservices.bank.models import BankPartner, PartnerSecret
from eservices.bank.partners import set_active
from eservices.payments.models import Payment
from identity.models import SecurityEvent
from org.models import OrgChange
from tests.eservices.bank.banks import ROOT, Bank, a_bank
from tests.eservices.bills.bills import a_bill
from web.header_checks import ALONE, HEADER_CHECK, MOST

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> Any:
    out = StringIO()
    call_command("bank_partner", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_refusal_is_the_same_401(caplog: pytest.LogCaptureFixture) -> None:
    bank, stopped = a_bank(), a_bank("STOP")
    set_active(BankPartner.objects.get(code="STOP"), active=False, by=None)
    now = int(time.time())
    refused = [
        bank.call("GET", "payments/X", stamp=now - 330),
        bank.call("GET", "payments/X", stamp=now + 330),
        bank.call("GET", "payments/X", stamp=""),
        bank.call("GET", "payments/X", stamp="-1"),
        bank.call("GET", "payments/X", stamp="٣" * 10),
        bank.call("GET", "payments/X", signature="v1=" + "0" * 64),
        bank.call("GET", "payments/X", signature="v2=x"),
        bank.call("GET", "payments/X", signature=None),
        bank.call("GET", "payments/X", partner="NOBODY"),
        bank.call("GET", "payments/X", partner=""),
        bank.call("GET", "payments/X", partner="é\0" * 40),
        bank.call("GET", "payments/X", sent=f"{ROOT}/payments/Y"),
        bank.call("GET", "payments/X", sent=f"{ROOT}/payments/X?a=1"),
        bank.call("GET", "payments/X", body=b"{}"),
        bank.call("GET", "unknown", partner="NOBODY"),
        stopped.call("GET", "payments/X"),
        Client().get(f"{ROOT}/payments/X"),
        Client().post(f"{ROOT}/bills/fetch"),
        Client(headers={"accept-language": "ar"}).get(f"{ROOT}/settlements/2026-11-27"),
    ]
    assert [answer.status_code for answer in refused] == [401] * len(refused)
    assert len({answer.content for answer in refused}) == 1
    assert refused[0].json()["code"] == "unauthorized"
    own = ("Vary", "Content-Language", "X-Request-ID")
    shown = [{k: v for k, v in one.items() if k not in own} for one in refused]
    assert all(one == shown[0] for one in shown)


def test_the_query_is_signed_and_times_within_300_seconds_hold() -> None:
    bank, now = a_bank(), int(time.time())
    for stamp in (now - 295, now + 295):
        assert bank.call("GET", "payments/X", stamp=stamp).status_code == 404
    assert bank.call("GET", "payments/X?at=1&b=%20é").status_code == 401
    assert bank.call("GET", "payments/X?at=1&b=%20").status_code == 404


def test_what_is_unknown_and_what_is_wrong_cost_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bank, done = a_bank(), []

    def counted(real: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            done.append(real.__name__)
            return real(*given, **named)

        return call

    for name in ("sign", "decipher"):
        monkeypatch.setattr(signing, name, counted(getattr(signing, name)))
    works = []
    for changed in ({"partner": "NOBODY"}, {"signature": "v1=" + "0" * 64}, {"stamp": 1}):
        done.clear()
        assert bank.call("GET", "payments/X", **changed).status_code == 401
        works.append(list(done))
    assert works == [["decipher", "sign"] * 2] * 3


def test_a_refusal_does_the_same_queries(django_assert_num_queries: Any) -> None:
    bank, stopped = a_bank(), a_bank("STOP")
    set_active(BankPartner.objects.get(code="STOP"), active=False, by=None)
    calls: list[tuple[Bank, dict[str, Any]]] = [
        (bank, {"partner": "NOBODY"}),
        (bank, {"signature": "v1=" + "0" * 64}),
        (bank, {"stamp": 1}),
        (stopped, {}),
    ]
    bank.call("GET", "payments/X", partner="NOBODY")  # goes on record, once a day for an address
    for who, changed in calls:
        with django_assert_num_queries(7):
            who.call("GET", "payments/X", **changed)


def test_two_secrets_hold_at_once_and_no_third() -> None:
    first = a_bank()
    second = Bank("BANQUE", told("rotate", "BANQUE")["secret"])
    assert {one.call("GET", "payments/X").status_code for one in (first, second)} == {404}
    third = Bank("BANQUE", told("rotate", "BANQUE")["secret"])
    codes = [one.call("GET", "payments/X").status_code for one in (first, second, third)]
    assert codes == [401, 404, 404]
    end_old_secrets(BankPartner.objects.get(), by=None)
    assert second.call("GET", "payments/X").status_code == 401
    fourth = Bank("BANQUE", told("rotate", "BANQUE", "--at-once")["secret"])
    assert third.call("GET", "payments/X").status_code == 401
    assert fourth.call("GET", "payments/X").status_code == 404


def test_a_secret_is_kept_enciphered_and_its_making_is_on_record() -> None:
    bank = a_bank()
    row = PartnerSecret.objects.get()
    assert bank.secret not in row.sealed
    assert row.used_at is None
    bank.fetch()
    assert PartnerSecret.objects.get().used_at is not None
    assert SecurityEvent.objects.filter(kind="key_changed").count() == 1
    actions = OrgChange.objects.filter(noun="bank_partner", key="BANQUE")
    assert set(actions.values_list("action", flat=True)) == {"created", "secret_made"}
    assert not any(bank.secret in str(one) for one in actions.values_list("after", "before"))
    with override_settings(SECRET_KEY="another than that by which it was made"):
        for guessed in (bank.secret, "", "0" * 64):
            assert Bank(bank.code, guessed).fetch().status_code == 401


def test_the_same_signed_call_again_does_nothing_more() -> None:
    bank, stamp = a_bank(), int(time.time())
    a_bill(number="F-1")
    first = bank.pay("R", ("F-1", "128.40"), stamp=stamp)
    again = [bank.pay("R", ("F-1", "128.40"), stamp=stamp) for _ in range(3)]
    assert (first.status_code, {one.status_code for one in again}) == (201, {200})
    assert {one.content for one in again} == {first.content}
    assert Payment.objects.count() == 1


def test_a_large_body_is_not_read() -> None:
    bank = a_bank()
    answer = bank.call("POST", "payments", body=b" " * 65_537)
    assert answer.status_code == 413
    # The server asks by the headers alone, and reads no more of a body of unknown length.
    ask_by_headers: dict[str, Any] = {HEADER_CHECK: ALONE}
    asked = Client().post(f"{ROOT}/payments", CONTENT_LENGTH="70000", **ask_by_headers)
    assert asked.status_code == 413
    unknown = Client().post(f"{ROOT}/payments", CONTENT_LENGTH="", **ask_by_headers)
    assert (unknown.status_code, unknown.headers[MOST]) == (204, "65536")


def test_an_address_answers_its_methods_alone() -> None:
    bank = a_bank()
    for method, path in [("GET", "bills/fetch"), ("DELETE", "payments/X"), ("OPTIONS", "payments")]:
        answer = bank.call(method, path)
        assert answer.status_code == 405
        assert "OPTIONS" not in answer.headers["Allow"]


def test_the_command_adds_lists_stops_and_starts() -> None:
    made = told("add", "BMCI", "--name", "Banque", "--fee-rate", "0.75", "--rights", "fetch,pay")
    assert set(made) == {"partner", "secret"}
    assert made["partner"] == "BMCI"
    bank = Bank("BMCI", made["secret"])
    assert bank.fetch().status_code == 200
    [row] = told("list")
    assert (row["partner"], row["active"], row["rights"]) == ("BMCI", True, ["fetch", "pay"])
    assert (row["fee_rate"], len(row["secrets"])) == ("0.750", 1)
    assert told("stop", "BMCI") == {"partner": "BMCI", "active": False}
    assert bank.fetch().status_code == 401
    told("start", "BMCI")
    assert bank.fetch().status_code == 200
    for wrong in (
        ("add", "BMCI"),
        ("add", "a b"),
        ("add", ""),
        ("rotate", "NOBODY"),
        ("add", "B", "--rights", "all"),
        ("add", "B", "--fee-rate", "101"),
        ("add", "B", "--most-a-day", "x"),
    ):
        with pytest.raises(CommandError) as refused:
            told(*wrong)
        assert refused.value.returncode == 2
    assert BankPartner.objects.count() == 1
    assert PartnerSecret.objects.get().made_at <= timezone.now()


def test_an_unknown_address_asks_no_stranger_for_a_token_of_a_form() -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/api/biller/v1/nothing", "{}", content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
