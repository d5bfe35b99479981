"""Customers of the utility before a real browser: what billing sent of them, and their space."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

from tests.journeys.office import Office, wait_until
from tests.journeys.visitor import Visitor

CODE = "SB4T7K2M"  # printed on the bills of all
COLUMNS = {
    "contracts": "number;customer_name;customer_type;email;phone;language;address;city;sector;"
    "services;status;opened_on;closed_on;access_code",
    "meters": "serial;contract;service;digits;installed_on;removed_on;last_index;last_read_on",
    "bills": "number;contract;service;period_from;period_to;issued_on;due_on;previous_index;index;"
    "estimated;total;remaining;currency;pdf",
}
CONTRACT = {
    "customer_type": "person", "city": "Settat", "sector": "S9", "services": "water",
    "status": "active", "opened_on": "2019-03-01", "access_code": CODE,
}  # fmt: skip
METER = {"service": "water", "digits": "5", "installed_on": "2019-03-01"}
BILL = {"service": "water", "estimated": "false", "currency": "MAD"}


def imported(office: Office, kind: str, rows: Iterable[dict[str, str]]) -> None:
    """Take a file of the billing system in."""
    names = COLUMNS[kind].split(";")
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    path = Path(office.environment["DATA_DIR"]) / f"{kind}.csv"
    path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    office.manage(f"import_{kind}", str(path), "--json")


def a_month(number: str, contract: str, last: date) -> dict[str, str]:
    """Return the bill of the month that ends on this day, of which all remains: 61.20."""
    issued = last + timedelta(days=2)
    return BILL | {
        "number": number, "contract": contract, "period_from": last.replace(day=1).isoformat(),
        "period_to": last.isoformat(), "issued_on": issued.isoformat(),
        "due_on": (issued + timedelta(days=30)).isoformat(),
        "previous_index": "85", "index": "100", "total": "61.20", "remaining": "61.20",
    }  # fmt: skip


def mails_to(office: Office, address: str) -> list[str]:
    """Return the texts of the mails that this address got, the oldest first."""
    folder = Path(office.environment["DATA_DIR"]) / "mail"
    files = sorted(folder.glob("*"), key=lambda one: one.stat().st_mtime)
    found = []
    for text in "\n".join(one.read_text(encoding="utf-8") for one in files).split("-" * 79 + "\n"):
        mail = message_from_string(text.lstrip(), policy=policy.default)
        if mail["To"] == address:
            found.append(str(mail.get_payload()))
    return found


def enter_space(visitor: Visitor, address: str) -> None:
    """Sign in to my space by the code that a mail brings."""
    page = visitor.page
    visitor.open("/my/sign-in/")
    before = len(mails_to(visitor.office, address))
    page.fill('[name="contact"]', address)
    page.press('[name="contact"]', "Enter")
    page.wait_for_url("**/my/sign-in/code/")
    mail = wait_until(lambda: mails_to(visitor.office, address)[before:], seconds=120)[-1]
    code = re.search(r"\b[A-Z0-9]{6}\b", mail)
    assert code is not None, mail
    page.fill('[name="code"]', code.group())
    page.press('[name="code"]', "Enter")
    page.wait_for_url("**/my/")


def prove(visitor: Visitor, contract: str) -> None:
    """Show by the code on the bill that a contract is one's own."""
    page = visitor.page
    visitor.open("/my/contracts/prove/")
    page.fill('[name="number"]', contract)
    page.fill('[name="code"]', CODE)
    assert visitor.overflow() == 0
    page.press('[name="code"]', "Enter")
    page.get_by_text(contract).first.wait_for()


def pay_by_card(visitor: Visitor) -> None:
    """Confirm what is chosen, pay at the bank, and come back to its receipt."""
    page = visitor.page
    page.wait_for_url("**/pay/confirm/**")
    assert visitor.overflow() == 0
    page.locator("main form button.primary").click()
    page.locator('button[value="paid"]').click()
    page.locator("form button.first").click()
    page.wait_for_url("**/pay/state/**")
    page.locator(".pay-receipt").wait_for()


def wrong(visitor: Visitor) -> list[str]:
    """Return what went wrong in a window, but for forms that were sent back to be mended (422)."""
    return [words for words in visitor.complaints if " 422 " not in words]


def pdf_of(visitor: Visitor, link: Any) -> bytes:
    """Return the PDF to which a link leads."""
    answer = visitor.context.request.get(visitor.office.url + link.get_attribute("href"))
    body: bytes = answer.body()
    assert answer.ok, answer.status
    assert body.startswith(b"%PDF"), body[:80]
    return body
