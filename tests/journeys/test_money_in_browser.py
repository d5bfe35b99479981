"""Bills and the cashier before a real browser, from the customer to the last paper."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.journeys.customers import (
    CONTRACT,
    a_month,
    enter_space,
    imported,
    pay_by_card,
    pdf_of,
    prove,
    wrong,
)
from tests.journeys.office import Office
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

SAID, MEHDI, HANANE = "8800101", "8800102", "8800103"
PEOPLE = {
    SAID: "سعيد بنموسى",
    MEHDI: "Mehdi Filali",
    HANANE: "Hanane Bennis",
}


@pytest.fixture(scope="module")
def billed(office: Office) -> Office:
    """The office, once billing has sent the customers, the meters and what they owe."""
    imported(
        office,
        "contracts",
        [CONTRACT | {"number": n, "customer_name": name} for n, name in PEOPLE.items()],
    )
    last = date.today().replace(day=1) - timedelta(days=1)  # noqa: DTZ011
    owed = [a_month(f"B-{number}", number, last) for number in PEOPLE]
    imported(office, "bills", owed)
    return office


def test_a_bill_is_paid_by_card_on_a_phone_in_arabic(billed: Office, chromium: Any) -> None:
    said = Visitor(chromium, billed, size=PHONE, locale="ar-MA")
    page = said.page
    enter_space(said, "said@example.org")
    assert page.locator("html").get_attribute("dir") == "rtl"
    prove(said, SAID)
    said.open("/my/bills/")
    assert "61,20" in page.inner_text(".bills-due")
    assert said.overflow() == 0
    page.locator(".bills-top a.primary").click()
    page.wait_for_url("**/pay/**")
    assert page.locator('[name="bill"]').is_checked()
    page.locator("main form button.primary").click()
    pay_by_card(said)
    assert said.overflow() == 0
    pdf_of(said, page.locator(".pay-state a.primary"))
    said.open("/my/bills/")
    assert "لم يبق أي مبلغ" in page.inner_text(".bills-due")
    assert said.complaints == []


def _keys(page: Any, *words: str) -> None:
    """Press these keys; a word that names none is typed."""
    for word in words:
        if word in ("Enter", "Tab", "Shift+Tab") or len(word) == 1:
            page.keyboard.press(word)
        else:
            page.keyboard.type(word)


def _take(page: Any, what: str, *keys: str) -> None:
    """Look for what is to be paid and take the money, without the mouse."""
    page.locator("[data-search]:focus").wait_for()
    _keys(page, what, "Enter")
    page.locator("#id_tendered:focus").wait_for()
    _keys(page, *keys, "Enter")
    page.locator(".cash-done").wait_for()


def test_a_cashier_s_day_ends_with_a_difference(billed: Office, chromium: Any) -> None:
    rachid, samira = (Visitor(chromium, billed, size=DESKTOP) for _who in range(2))
    rachid.log_in("rachid")
    page = rachid.page
    rachid.open("/cashier/")
    page.focus("#id_opening")
    _keys(page, "500,00", "Tab", "Guichet 1", "Enter")
    _take(page, MEHDI, "100")
    assert "38,80" in page.inner_text("main")  # the change
    receipt = page.locator(".cash-done a").first
    pdf_of(rachid, page.locator(".cash-done a.button"))
    paid = receipt.get_attribute("href")
    _take(page, f"B-{HANANE}", "Shift+Tab", "2", "CHQ-0042")

    rachid.open(paid)
    page.fill('#ask [name="amount"]', "61,20")
    page.select_option('#ask [name="way"]', "cash")
    page.fill('#ask [name="reason"]', "Payé deux fois par la famille")
    page.press('#ask [name="reason"]', "Enter")
    rachid.open("/payments/refunds/")
    assert page.locator("button[data-accept]").count() == 0  # another decides

    samira.log_in("samira")
    samira.open("/payments/refunds/")
    samira.page.locator("[data-row]").filter(has_text="deux fois").wait_for()
    _keys(samira.page, "j", "a")
    samira.page.locator("[data-row]").filter(has_text="deux fois").wait_for(state="detached")
    rachid.open("/payments/refunds/?show=approved")
    page.locator("[data-row] button.primary").click()
    page.locator("[data-row]").wait_for(state="detached")

    rachid.open("/cashier/close/")
    page.fill("#id_counted", "499,50")
    page.press("#id_counted", "Enter")
    page.locator(".figure.bad").wait_for()
    assert "0,50" in page.inner_text(".figure.bad")
    page.fill("#id_counted", "499,50")
    page.fill("#id_remark", "Appoint rendu en trop")
    page.press("#id_remark", "Enter")
    page.wait_for_url("**/cashier/days/*/")
    assert "Appoint rendu en trop" in page.inner_text("main")
    pdf_of(rachid, page.locator(".actions a.primary"))
    assert [wrong(rachid), wrong(samira)] == [[], []]
