"""A gateway's call as somebody changes it who sees it pass by: their own browser carries it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from eservices.payments import journal
from eservices.payments.attempts import begin, send
from eservices.payments.models import Attempt, JournalEntry, Payment
from eservices.payments.nestpay_hash import hash_of
from eservices.payments.posting import Line
from tests.eservices.bills.bills import a_bill

pytestmark = pytest.mark.django_db
KEY = "TEST-store-key|1"
CALL = "/pay/nestpay/callback/"
# In the order of the alphabet as before, so that the hash fits: another value is the order's id.
MOVED = {
    "EXTRA.CARDHOLDERNAME": "oid", "failUrl": "oida", "hashAlgorithm": "oidb", "lang": "oidc",
    "oid": "oidd", "ReturnOid": "Returned",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _gateway(settings: Any) -> None:
    settings.PAYMENT_URL = "nestpay://600100200:TEST-store-key%7C1@127.0.0.1:9/fim/est3Dgate?tls=no"


def sent(total: int = 12840, *, name: str = "Zoé") -> tuple[Attempt, dict[str, str]]:
    """An attempt, and the signed form that the browser carries to the gateway."""
    bill = a_bill(total=total)
    attempt = begin([Line(bill.number, bill.remaining)])
    return attempt, dict(send(attempt, name=name).fields)


def answered(form: Mapping[str, str], **more: str) -> dict[str, str]:
    """The gateway's own answer to a form, signed."""
    fields = {name: value for name, value in form.items() if name != "hash"}
    fields |= {"Response": "Approved", "ProcReturnCode": "00", "TransId": "T1"}
    fields |= {"ReturnOid": form["oid"], **more}
    return {**fields, "hash": hash_of(fields, KEY)}


def renamed(fields: Mapping[str, str], **names: str) -> dict[str, str]:
    """The same call under other names: the hash covers the values alone."""
    return {names.get(name, name): value for name, value in fields.items()}


def call(fields: Mapping[str, str]) -> str:
    """What the office answers a call, sent as bytes."""
    answer = Client().post(
        CALL, urlencode(fields), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    return answer.content.decode()


def state(attempt: Attempt) -> str:
    """The state of an attempt now."""
    attempt.refresh_from_db()
    return attempt.state


def test_our_own_form_is_no_word_of_the_bank() -> None:
    attempt, form = sent()
    assert call(form) == "FAILURE"
    assert state(attempt) == "sent"


def test_a_payment_that_names_another_order_pays_neither_by_force() -> None:
    """Somebody writes another order's number where the bank lets them type, and moves names."""
    other, _form = sent()
    attempt, form = sent()
    answer = answered(form, **{"EXTRA.CARDHOLDERNAME": other.oid})
    moved = renamed(answer, **MOVED)
    fields = {name: value for name, value in moved.items() if name != "hash"}
    assert {**fields, "hash": hash_of(fields, KEY)} == moved, "the hash still fits"
    assert call(moved) == "FAILURE"
    assert (state(other), state(attempt)) == ("sent", "sent")
    assert not Payment.objects.exists()
    assert call(answered(form)) == "ACTION=POSTAUTH"
    assert (state(other), state(attempt)) == ("sent", "paid")


def test_a_changed_call_repeated_fills_no_journal() -> None:
    attempt, form = sent()
    answer = answered(form)
    assert call(answer) == "ACTION=POSTAUTH"
    for _again in range(8):
        assert call(renamed(answer, amount="amounta")) == "FAILURE"
        assert call(renamed(answer, currency="currencya")) == "FAILURE"
    assert state(attempt) == "paid"
    assert JournalEntry.objects.filter(kind="callback_amount_differs").count() <= 3
    assert list(journal.check()) == []


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("-128.40", "504"), ("0", "504"), ("NaN", "504"), ("1e309", "504"), ("Infinity", "504"),
        ("1284.00", "504"), ("128.39", "504"), ("128.40", "978"), ("128.40", "MAD"),
        ("128.400", "504"), ("99999999999999.99", "504"), ("", "504"),
    ],
)  # fmt: skip
def test_another_amount_or_currency_pays_nothing(amount: str, currency: str) -> None:
    attempt, form = sent()
    assert call(answered(form, amount=amount, currency=currency)) == "FAILURE"
    assert state(attempt) != "paid"
    assert not Payment.objects.exists()
