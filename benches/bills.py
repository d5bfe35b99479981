"""Contracts and bills in millions: import rate and memory, then the lists and the biller API.

Writes the two tables as the billing system would (each contract with bills of its last months, the
newest unpaid), imports them by the commands, each in a process of its own, the same files again and
a file in which one bill in a hundred has changed. Then a customer opens their bills, staff the
lists, and a bank fetches and pays, in this process; times of the server, without a network.
"""

import argparse
import contextlib
import csv
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benches._office import ROOT, BenchOffice
from benches._partner import Partner
from tests.services import running

CONTRACTS = (
    *("number", "customer_name", "customer_type", "email", "phone", "language", "address"),
    *("city", "sector", "services", "status", "opened_on", "closed_on", "access_code"),
)
BILLS = (
    *("number", "contract", "service", "period_from", "period_to", "issued_on", "due_on"),
    *("previous_index", "index", "estimated", "total", "remaining", "currency", "pdf"),
)
NAMES = ("Fatima Bennis", "Mohamed Alaoui", "سعيد بنموسى", "Khadija Ouazzani", "أمينة الإدريسي")
FIRST = 1_000_001
CLERK, DIRECTOR = "amina", "direction"
LISTS = (
    *(
        ("contracts of a sector", "/contracts/?sector=S07"),
        ("contracts by name", "/contracts/?q=Bennis"),
    ),
    *(
        ("bills", "/bills/"),
        ("unpaid bills", "/bills/?unpaid=1"),
        ("late bills", "/bills/?unpaid=late"),
    ),
    *(("payments", "/payments/"), ("bank lines", "/payments/bank/"), ("readings", "/readings/")),
)


def main(arguments: Sequence[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="sijill bench bills", description=__doc__)
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--bills", type=int, default=12, help="of each contract")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--rounds", type=int, default=200, help="how often each thing is asked")
    parser.add_argument("--keep", metavar="DIR", help="make or use the office there")
    asked = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        kept = {"DATA_DIR": asked.keep} if asked.keep else {}
        office = BenchOffice(LOG_LEVEL="ERROR", JOB_DELIVERY="none", **kept)
        stack.callback(office.close)
        if asked.postgres:
            services = stack.enter_context(running({"postgres"}, durable=True))
            os.environ["DATABASE_URL"] = services.environment["DATABASE_URL"]
        office.set_up()
        print(f"{asked.contracts:,} contracts, {asked.contracts * asked.bills:,} bills")
        _import_all(office.data_dir, asked.contracts, asked.bills)
        _measure_all(asked.contracts, asked.bills, asked.rounds)


def _import_all(folder: Path, contracts: int, each: int) -> None:
    head = f"{'import':<30}{'lines':>12}{'seconds':>9}{'lines/s':>9}{'MB':>6}"
    print(f"{head}  new / changed / same / refused")
    table = _table(folder / "contracts.csv", CONTRACTS, _contracts(contracts))
    _import("contracts", "import_contracts", table)
    _import("the same again", "import_contracts", table)
    table.unlink()
    table = _table(folder / "bills.csv", BILLS, _bills(contracts, each))
    _import("bills", "import_bills", table)
    table.unlink()
    some = max(1, contracts // 100)
    table = _table(folder / "delta.csv", BILLS, _bills(some, each, paid=True))
    _import("bills of one contract in 100", "import_bills", table)
    _import("the same again", "import_bills", table)
    table.unlink()


def _table(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def _contracts(count: int) -> Iterator[Sequence[Any]]:
    for place in range(count):
        number = FIRST + place
        mail = f"client{number}@exemple.test" if place % 3 == 0 else ""
        phone = f"06{number % 100_000_000:08d}"
        yield (
            *(number, NAMES[place % 5], "person", mail, phone, "ar" if place % 2 else "fr"),
            *(f"{place % 400}, rue {place // 400}", "Settat", f"S{place % 50:02d}"),
            *("water,electricity", "active", "2019-01-02", "", f"K{number:x}"),
        )


def _bills(contracts: int, each: int, *, paid: bool = False) -> Iterator[Sequence[Any]]:
    """Give each contract its bills; the newest one is unpaid unless `paid`."""
    last = date.today().replace(day=1)  # noqa: DTZ011 - a day of the bench, no instant
    months = [last - timedelta(days=30 * (each - place)) for place in range(each)]
    for place in range(contracts):
        number, index = FIRST + place, 1000
        for month, day in enumerate(months):
            used = 5 + (number * 7 + month * 3) % 20
            total = f"{used * 7 + 20}.{(number + month) % 100:02d}"
            open_still = month == each - 1 and not paid
            yield (
                *(f"B{number}{month:02d}", number, "water", day, day + timedelta(days=29)),
                *(day + timedelta(days=30), day + timedelta(days=50), index, index + used),
                *(int(month % 6 == 5), total, total if open_still else "0.00", "MAD", ""),
            )
            index += used


def _import(name: str, command: str, table: Path) -> None:
    """Import a table in a process of its own, and print rate and largest memory."""
    line = [sys.executable, str(ROOT / "manage.py"), command, str(table), "--json"]
    began = time.monotonic()
    process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    answer = json.loads(process.stdout.read())
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    spent = time.monotonic() - began
    counts = [answer["new"], answer["changed"], answer["same"], len(answer["refused"])]
    told = f"{answer['lines']:>12,}{spent:>9.0f}{answer['lines'] / spent:>9.0f}"
    megabytes = used.ru_maxrss / 1024
    print(f"{name:<30}{told}{megabytes:>6.0f}  {' / '.join(map(str, counts))}", flush=True)


def _measure_all(contracts: int, each: int, rounds: int) -> None:
    print(f"\n{'asked':<34}{'queries':>9}{'p50 ms':>9}{'p95 ms':>9}")
    paid = max(1, contracts // 100)  # the first ones, by the delta; no bill of theirs is open
    numbers = [str(FIRST + paid + (place * 7919) % (contracts - paid)) for place in range(rounds)]
    clients = [_holder(number) for number in numbers]
    _measure("my bills", [_page(client, "/my/bills/") for client in clients])
    _measure("my contracts", [_page(client, "/my/contracts/") for client in clients])
    staff = _staff(CLERK)
    _measure("staff: contracts", [_page(staff, "/contracts/")] * rounds)
    found = [_page(staff, f"/contracts/?q={number}") for number in numbers]
    _measure("staff: contracts by number", found)
    director = _staff(DIRECTOR)
    for name, address in LISTS:
        _measure(f"staff: {name}", [_page(director, address)] * rounds)
    bills = [_page(staff, f"/bills/?q={number}") for number in numbers]
    _measure("staff: bills of a contract", bills)
    partner = _partner()
    _measure("bank: fetch", [partial(partner.fetch, number) for number in numbers])
    last = f"{each - 1:02d}"
    paying = [_paying(partner, number, f"B{number}{last}") for number in dict.fromkeys(numbers)]
    _measure("bank: pay", paying, repeat=False)
    if problems := _problems():
        raise RuntimeError(f"the journal is not whole: {problems}")


def _measure(name: str, calls: list[Callable[[], Any]], *, repeat: bool = True) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        calls[0]()
    asked = len(queries)  # before the next request empties the log
    times = []
    for call in calls if repeat else calls[1:]:
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    middle = statistics.median(times)
    print(f"{name:<34}{asked:>9}{middle:>9.1f}{p95:>9.1f}", flush=True)


def _page(client: Any, address: str) -> Callable[[], None]:
    def opened() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return opened


def _holder(number: str) -> Any:
    """Return a browser of a person who has proven this contract."""
    from django.test import Client
    from django.utils import timezone

    from eservices.contracts.models import Contract, Holder
    from eservices.people.persons import person_for

    person = person_for("email", f"holder{number}@exemple.test")
    Holder.objects.get_or_create(
        person=person,
        contract=Contract.objects.get(number=number),
        defaults={"proof": Holder.Proof.CODE, "proven_at": timezone.now()},
    )
    client = Client(headers={"accept-language": "fr"})
    session = client.session
    now = int(time.time())
    session["portal.person"] = {"person": str(person.pk), "since": now, "seen": now}
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def _staff(username: str) -> Any:
    from django.test import Client

    from org.models import User

    client = Client(headers={"accept-language": "fr"})
    client.force_login(User.objects.get(username=username))
    session = client.session
    session["seen_at"] = int(time.time())
    session.save()
    return client


def _partner() -> Partner:
    from django.test import Client

    from eservices.bank.partners import add_partner

    code = f"BENCH{int(time.time())}"
    _row, secret = add_partner(code, {"calls_a_minute": 0}, by=None)
    client = Client()

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        answer = client.generic(
            method, path, body, content_type="application/json", headers=headers
        )
        return answer.status_code, json.loads(answer.content)

    return Partner(code, secret, send)


def _paying(partner: Partner, number: str, bill: str) -> Callable[[], None]:
    """Return how the newest bill of a contract is paid."""
    from eservices.bills.models import Bill
    from eservices.money import decimal

    def paid() -> None:
        amount = decimal(amounts[bill])
        at = f"{date.today().isoformat()}T08:00:00+00:00"  # noqa: DTZ011 - as above
        status, answer = partner.pay(f"{partner.code}-{number}", [(bill, amount)], at)
        if status != 201:
            raise RuntimeError(f"{bill}: {status} {answer}")

    amounts = {bill: Bill.objects.values_list("remaining", flat=True).get(number=bill)}
    return paid


def _problems() -> list[Any]:
    from eservices.payments.journal import check

    return [problem.as_json() for problem in check()]


if __name__ == "__main__":
    main(sys.argv[1:])
