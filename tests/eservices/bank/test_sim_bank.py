"""The simulated bank: its own process, no code of the office, and every trial it plays."""

import ast
import json
import os
import subprocess
import sys
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config.demo_bank import add_bank
from eservices.bank.models import Posting
from eservices.bills.models import Bill
from tests.eservices.bank.banks import Bank, a_bank
from tests.eservices.bills.bills import a_bill

PROGRAM = Path(settings.ROOT) / "samples" / "banking_app"


@contextmanager
def running(bank: Bank, address: str) -> Iterator[str]:
    command = [sys.executable, "-m", "samples.banking_app", "--address", address]
    command += ["--partner", bank.code, "--port", "0"]
    environment = {**os.environ, "SIM_BANK_SECRET": bank.secret}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=settings.ROOT
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def opened(address: str, form: dict[str, Any] | bytes | None = None) -> str:
    data = form if isinstance(form, bytes) or form is None else urlencode(form, doseq=True).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data=data), timeout=30) as answer:
        return str(answer.read().decode())


def played(address: str, mode: str) -> list[int]:
    told = json.loads(
        opened(f"{address}/play", json.dumps({"contract": "1000001", "mode": mode}).encode())
    )
    return [step["status"] for step in told["steps"]]


@pytest.mark.django_db(transaction=True)
def test_it_pays_repeats_loses_answers_errs_and_takes_back(live_server: Any) -> None:
    bank = a_bank()
    for number in range(6):
        a_bill(number=f"F-{number}", total=100 + number)
    with running(bank, live_server.url) as address:
        assert played(address, "pay") == [200, 201]
        assert played(address, "repeat") == [200, 201, 200]
        assert played(address, "timeout") == [200, 201, 200]
        assert played(address, "changed") == [200, 201, 409]
        assert played(address, "short") == [200, 422]
        assert played(address, "reverse") == [200, 201, 200]
        credits = ET.fromstring(opened(f"{address}/camt054.xml?contract=1000001"))  # noqa: S314
        assert [one.text for one in credits.iterfind(".//{*}CdtrRefInf/{*}Ref")] == [
            "F-4",
            "F-5",
            "FACT-INCONNUE-1",
        ]
        found = opened(f"{address}/pay/bills", {"contract": "1000001"})
        assert "F-4" in found
        assert "F. B***" in found
        bills = [json.dumps({"number": "F-4", "amount": "1.04"})]
        done = opened(f"{address}/pay/do", {"contract": "1000001", "bill": bills})
        posting = Posting.objects.select_related("payment").latest("pk")
        assert posting.payment.receipt in done
        assert "inconnu" in opened(f"{address}/pay/bills", {"contract": "9"})
        assert posting.reference in opened(f"{address}/bench?date={posting.on}")
    assert set(Bill.objects.filter(remaining__gt=0).values_list("number", flat=True)) == {"F-5"}


def test_it_shares_no_code_with_the_office() -> None:
    for path in PROGRAM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name.startswith("samples.banking_app")
                assert own or name.partition(".")[0] in sys.stdlib_module_names, (path, name)


@pytest.mark.django_db
def test_the_command_makes_no_partner_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError) as refused:
        call_command("sim_bank")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_the_demo_has_a_bank_with_a_payment_and_one_taken_back() -> None:
    a_bill(number="F-1")
    a_bill(number="F-2")
    for _time in range(2):
        add_bank()
    assert list(Posting.objects.order_by("pk").values_list("state", flat=True)) == [
        "posted",
        "reversed",
    ]
