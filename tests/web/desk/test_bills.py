"""Bills at the desk: who sees them, how they are found, the statement."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eservices.relations.models import CustomerView
from tests.eservices.bills.bills import a_bill, a_contract

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_who_has_nothing_to_do_with_customers_sees_no_bill(browser: Browser) -> None:
    """Every address, for a bill that there is."""
    bill = a_bill()
    for name in ("bills", "statement", "statement_pdf", "statement_csv"):
        assert browser("chafik").get(reverse(f"desk:{name}")).status_code == 403
        assert Client().get(reverse(f"desk:{name}")).status_code in {302, 303}
    for name in ("bill", "bill_pdf", "bill_xml"):
        assert browser("chafik").get(reverse(f"desk:{name}", args=[bill.pk])).status_code == 403
        assert Client().get(reverse(f"desk:{name}", args=[bill.pk])).status_code in {302, 303}


def test_a_bill_is_found_by_its_number_and_by_its_contract(browser: Browser) -> None:
    """A bill's number leads to it; a contract's, however it is written, to its bills."""
    office = browser("amina")
    bill = a_bill(number="F2026/1")
    a_bill(a_contract("1000002"), number="OTHER")
    answer = office.get("/bills/", {"q": "F2026/1"})
    assert (answer.status_code, answer["Location"]) == (303, f"/bills/{bill.pk}/")
    assert "F2026/1" in office.get(answer["Location"]).content.decode()
    page = office.get("/bills/", {"q": "0100 0001"}).content.decode()
    assert "F2026/1" in page
    assert "OTHER" not in page
    assert "OTHER" not in office.get("/bills/", {"q": "4711"}).content.decode()
    assert office.get(f"/bills/{10**9}/").status_code == 404
    assert office.get(f"/bills/{bill.pk}/bill.xml").status_code == 404
    assert office.get(f"/bills/{bill.pk}/bill.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "address",
    [
        "/bills/?q=1000001",
        "/bills/{}/",
        "/bills/{}/bill.pdf",
        "/bills/statement/?contract=1000001",
        "/bills/statement/statement.pdf?contract=1000001",
        "/bills/statement/statement.csv?contract=1000001",
        "/api/v1/bills?contract=01000001",
        "/api/v1/bills?number=F2026/1",
        "/api/v1/bills/{}",
        "/api/v1/bills/{}/content",
        "/api/v1/statement?contract=1000001",
    ],
)
def test_who_looked_at_a_customers_bills_is_on_record(browser: Browser, address: str) -> None:
    bill = a_bill(number="F2026/1")
    assert browser("amina").get(address.format(bill.pk)).status_code == 200
    [look] = CustomerView.objects.all()
    assert (look.customer, look.viewer.username) == ("contract:1000001", "amina")


def test_a_list_of_many_customers_is_a_look_at_none(browser: Browser) -> None:
    a_bill(number="F2026/1")
    for address in ("/bills/", "/bills/statement/", "/api/v1/bills", "/api/v1/bills?contract=9"):
        assert browser("amina").get(address).status_code == 200
    assert not CustomerView.objects.exists()


def test_lists_are_paged_at_a_constant_cost(
    browser: Browser, django_assert_max_num_queries: Any
) -> None:
    """The latest first; only those to be paid, only those that are late."""
    office = browser("amina")
    for n in range(30):
        due_on = date(2020, 1, 1) + timedelta(days=n) if n % 2 else None
        a_bill(number=f"F{n:03d}", remaining=100 if n else 0, total=100, due_on=due_on)
    office.get("/bills/")
    with django_assert_max_num_queries(16):
        page = office.get("/bills/").content.decode()
    assert "F029" in page
    assert "F003" not in page
    late = office.get("/bills/", {"unpaid": "late"}).content.decode()
    assert "F029" in late
    assert "F028" not in late
    assert "F000" not in office.get("/bills/", {"unpaid": "1", "q": "1000001"}).content.decode()


def test_the_statement_as_page_pdf_and_table(browser: Browser) -> None:
    """By the contract's number; nothing for a number that there is not."""
    office = browser("amina")
    a_bill(number="F1", issued_on=date(2026, 1, 1))
    page = office.get(
        "/bills/statement/", {"contract": "1000001"}, headers={"accept-language": "fr"}
    )
    assert "128,40" in page.content.decode()
    given = {"contract": "1000001", "from": "2026-02-01", "to": "2026-02-30"}
    table = office.get("/bills/statement/statement.csv", given).content.decode("utf-8-sig")
    assert table.splitlines()[1].endswith(";128.40")
    assert len(table.splitlines()) == 3
    pdf = office.get("/bills/statement/statement.pdf", {"contract": "1000001"})
    assert pdf.content.startswith(b"%PDF")
    assert office.get("/bills/statement/statement.pdf", {"contract": "9"}).status_code == 404
    assert office.get("/bills/statement/", {"contract": "9"}).status_code == 200
