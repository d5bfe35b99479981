"""A bank's client in another language pays through the API over HTTP."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from eservices.payments.models import Payment
from tests.eservices.bank.banks import a_bank
from tests.eservices.bills.bills import a_bill

NODE = shutil.which("node")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NODE is None, reason="there is no Node here"),
]
CLIENT = Path(__file__).with_name("client.mjs")


def test_a_client_in_node_fetches_pays_errs_takes_back_and_settles(live_server: Any) -> None:
    bank = a_bank(fee_fixed="1.50")
    for number, total in (("F-1", 12840), ("F-2", 10_000), ("F-3", 1)):
        a_bill(number=number, total=total)
    command = [str(NODE), str(CLIENT), live_server.url, bank.code, bank.secret, "1000001"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    told = {one["step"]: one["body"] for one in map(json.loads, done.stdout.splitlines())}
    assert [bill["number"] for bill in told["fetch"]["bills"]] == ["F-1", "F-2", "F-3"]
    assert told["pay"] == told["show"] == told["repeat"]
    assert (told["pay"]["status"], told["reverse"]["status"]) == ("posted", "reversed")
    codes = ("already paid", "wrong amount", "unknown bill", "too many")
    found = [told[step]["code"] for step in codes]
    assert found == ["already_paid", "wrong_amount", "unknown_bill", "too_many_bills"]
    assert told["late"] == told["other secret"] == told["nobody"]
    settled = told["settle"]
    assert (settled["count"], settled["total"], settled["fees"]) == (1, "100.01", "1.50")
    assert Payment.objects.count() == 2
