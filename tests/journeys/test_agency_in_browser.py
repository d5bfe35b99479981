"""The digital agency before a real browser: a contract begins, and another one ends."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import pdf_bytes
from tests.journeys.customers import (
    BILL,
    CONTRACT,
    METER,
    enter_space,
    imported,
    pay_by_card,
    prove,
)
from tests.journeys.office import Api, Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

ENDING, METER_OF_IT, RIB = "8800201", "WM-88", "011519000001205000534921"


@pytest.fixture(scope="module")
def billed(office: Office) -> Office:
    """The office, once billing has sent the contract that ends and its meter."""
    imported(office, "contracts", [CONTRACT | {"number": ENDING, "customer_name": "سلمى العلمي"}])
    read = {"last_index": "140", "last_read_on": (date.today() - timedelta(days=40)).isoformat()}  # noqa: DTZ011
    imported(office, "meters", [METER | read | {"serial": METER_OF_IT, "contract": ENDING}])
    return office


def _stage(api: Api, request: str) -> str:
    return str(api.get(f"requests/{request}")["stage"])


def _at(api: Api, request: str, stage: str) -> None:
    """Wait until the request stands in a stage."""
    wait_until(lambda: _stage(api, request) == stage, seconds=30)


def _worked(office: Office, request: str, index: dict[str, str] | None = None) -> None:
    """Send the team to the place; it does its work, and reads a meter."""
    amina, badr = Api(office, "amina"), Api(office, "badr")
    order = {"team": "EAU-1", "planned_on": date.today().isoformat(), "what": "Visite"}  # noqa: DTZ011
    order_id = amina.post("work-orders", order | {"request": request, "checklist": []})["id"]
    entries = [("index", index)] if index else []
    for kind, data in [*entries, ("end", {"done": True})]:
        made_at = datetime.now(UTC).isoformat()
        entry = {"id": str(uuid.uuid4()), "kind": kind, "data": data, "made_at": made_at}
        badr.post(f"work-orders/{order_id}/entries", entry)


def _filled(citizen: Visitor, code: str, pages: dict[str, Any], pieces: tuple[str, ...]) -> str:
    """Fill the form of a service page by page; the number that the request gets."""
    page = citizen.page
    citizen.open(f"/services/{code}/start/")
    for name, fill in pages.items():
        page.wait_for_url(f"**/services/{code}/form/{name}/**")
        fill(page)
        assert citizen.overflow() == 0
        page.locator("[data-next]").click()
    page.wait_for_url(f"**/services/{code}/pieces/**")
    for piece in pieces:
        file = {"name": f"{piece}.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes(piece)}
        page.set_input_files(f'[name="{piece}"][id]', file)
    page.locator("[data-next]").click()
    page.wait_for_url(f"**/services/{code}/contact/**")
    page.fill('[name="name"]', "Salma Alami")
    page.locator("[data-next]").click()
    page.wait_for_url(f"**/services/{code}/check/**")
    assert citizen.overflow() == 0
    page.locator("[data-next]").click()
    page.wait_for_url(f"**/services/{code}/done/**")
    number: str = page.inner_text(".ticket .number").strip()
    page.locator("main .actions a.primary").click()
    page.wait_for_url("**/follow/letter/")
    return number


def _applicant(page: Any) -> None:
    page.check('[name="quality"][value="owner"]')
    page.check('[name="use"][value="housing"]')
    page.fill('[name="units"]', "1")


def _place(page: Any) -> None:
    page.fill('[name="place"]', "12, rue des Orangers, Settat")


def test_a_connection_from_request_to_active_contract(billed: Office, chromium: Any) -> None:
    citizen = Visitor(chromium, billed, size=PHONE)
    enter_space(citizen, "salma.neuf@example.org")
    number = _filled(
        citizen,
        "connection_water",
        {"applicant": _applicant, "place": _place},
        ("cin", "property", "permit", "plan"),
    )
    api = Api(billed, "amina")
    found = api.get(f"requests?q={number}")["requests"][0]
    request, letter = found["id"], found["letter"]
    _worked(billed, request)
    _at(api, request, "quotation")

    amina = Visitor(chromium, billed, size=DESKTOP)
    amina.log_in("amina")
    amina.open(f"/letters/{letter}/")
    quote = amina.page.locator('form[action$="/request/quotations/"]')
    for name, value in (("what", "Branchement"), ("quantity", "1"), ("price", "2000")):
        quote.locator(f'[name="{name}"]').first.fill(value)
    quote.locator("button.primary").click()
    amina.page.get_by_text("2 400").first.wait_for()
    assert _stage(api, request) == "quotation_sent"

    page = citizen.page
    page.reload()
    assert citizen.overflow() == 0
    page.check('#quotation [name="sure"]')
    page.locator('#quotation button[value="accept"]').click()
    page.locator("#dues a.primary").click()
    page.locator("main form button.primary").click()
    pay_by_card(citizen)
    _at(api, request, "to_plan")
    _worked(billed, request, {"serial": "MTR-990", "value": "12"})
    _at(api, request, "meter_set")

    amina.open(f"/letters/{letter}/")
    amina.page.locator('form[action$="/actions/activate/"] button').click()
    _at(api, request, "active")
    citizen.open("/follow/letter/")
    assert citizen.overflow() == 0
    assert "Votre contrat est actif" in page.inner_text("main")
    citizen.open("/my/contracts/")
    page.get_by_text("12, rue des Orangers, Settat").first.wait_for()
    assert [citizen.complaints, amina.complaints] == [[], []]


def _contract(page: Any) -> None:
    if page.locator('input[type="text"][name="contract"]').count():
        page.fill('[name="contract"]', ENDING)
    page.check('[name="services"][value="water"]')
    page.fill('[name="end_on"]', date.today().isoformat())  # noqa: DTZ011
    page.check('[name="reason"][value="moving"]')


def _closing(page: Any) -> None:
    page.fill('[name="forward"]', "3، شارع الحسن الثاني، سطات")
    page.check('[name="access"][value="yes"]')
    page.fill('[name="rib"]', RIB)


def test_a_contract_is_ended_and_its_credit_refunded(billed: Office, chromium: Any) -> None:
    citizen = Visitor(chromium, billed, size=PHONE, locale="ar-MA")
    enter_space(citizen, "salma@example.org")
    prove(citizen, ENDING)
    pages = {"contract": _contract, "closing": _closing}
    number = _filled(citizen, "cancellation", pages, ("cin",))
    api = Api(billed, "amina")
    found = api.get(f"requests?q={number}")["requests"][0]
    request, letter = found["id"], found["letter"]
    _worked(billed, request, {"serial": METER_OF_IT, "value": "151"})
    _at(api, request, "final_bill")
    final = {
        "number": "AV-8800201", "contract": ENDING, "issued_on": date.today().isoformat(),  # noqa: DTZ011
        "previous_index": "140", "index": "151", "total": "-350.00", "remaining": "-350.00",
    }  # fmt: skip
    imported(billed, "bills", [BILL | final])

    amina, samira, rachid = (Visitor(chromium, billed, size=DESKTOP) for _who in range(3))
    amina.log_in("amina")
    amina.open(f"/letters/{letter}/")
    amina.page.locator('form[action$="/agency/look/"] button').click()
    _at(api, request, "refund")

    samira.log_in("samira")
    samira.open("/payments/refunds/")
    row = samira.page.locator("[data-row]").filter(has_text="AV-8800201")
    row.locator("button[data-accept]").click()
    row.wait_for(state="detached")
    rachid.log_in("rachid")
    rachid.open("/payments/refunds/?show=approved")
    row = rachid.page.locator("[data-row]").filter(has_text="AV-8800201")
    row.locator('[name="reference"]').fill("VIR-2026-1")
    row.locator("button.primary").click()
    row.wait_for(state="detached")
    _at(api, request, "ended")

    page = citizen.page
    citizen.open("/follow/letter/")
    assert citizen.overflow() == 0
    assert ENDING in page.inner_text("main")
    citizen.open("/my/statement/")
    assert citizen.overflow() == 0
    assert citizen.complaints == []
