"""The cashier's desk over HTTP: a day from opening to the printed page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from eservices.bills.models import Bill
from eservices.payments import cashier
from eservices.payments.cashier import open_day
from eservices.payments.models import CashierDay, Payment
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.contracts.contracts import a_contract as named_contract
from tests.factories import person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_a_day_from_opening_to_the_printed_page(browser: Browser) -> None:
    client = browser("rachid")
    assert "Ouvrir" in client.get("/cashier/").content.decode()
    assert client.post("/cashier/open/", {"opening": "x"}).status_code == 422
    assert client.post("/cashier/open/", {"opening": "500", "desk": "G1"}).status_code == 303
    bill = a_bill(a_contract(customer_name="Fatima Bennis"), total=12840)
    for words in (bill.number, "1000001"):
        page = client.get("/cashier/", {"q": words}).content.decode()
        assert f'value="{bill.number}"' in page
    given = {"bill": bill.number, f"rest_{bill.number}": "128.40", "channel": "cash"}
    assert client.post("/cashier/take/", given | {"tendered": "100"}).status_code == 422
    taken = client.post("/cashier/take/", given | {"tendered": "200 dirhams"})
    payment = Payment.objects.get()
    assert taken.status_code == 303
    assert taken["Location"] == f"/cashier/?done={payment.pk}"
    page = client.get(taken["Location"]).content.decode()
    assert payment.receipt in page
    assert "71,60" in page
    assert client.post("/cashier/take/", given)["Location"] == taken["Location"]
    assert "0,50" in client.get("/cashier/close/").content.decode()
    refused = client.post("/cashier/close/", {"counted": "628"})
    assert refused.status_code == 422
    assert "628,40" in refused.content.decode()
    pieces = {"n20000": "3", "n1000": "2", "n500": "1", "n200": "1", "n100": "1"}
    closed = client.post("/cashier/close/", pieces | {"remark": "Appoint"})
    day = CashierDay.objects.get()
    assert closed["Location"] == f"/cashier/days/{day.pk}/"
    assert day.difference == -40
    assert day.number in client.get(f"/cashier/days/{day.pk}/").content.decode()
    paper = client.get(f"/cashier/days/{day.pk}/page/")
    assert paper["Content-Type"] == "application/pdf"
    assert client.get(f"/payments/{payment.pk}/receipt/")["Content-Type"] == "application/pdf"


def test_a_head_counts_and_closes_for_a_cashier_who_is_away(browser: Browser) -> None:
    day = open_day(person("rachid"), desk="G1", opening=500)
    address = f"/cashier/days/{day.pk}/close/"
    assert browser("rachid").get(address).status_code == 403
    assert browser("audit").get(address).status_code == 403
    head = browser("samira")
    assert address in head.get(f"/cashier/days/{day.pk}/").content.decode()
    assert head.post(address, {"counted": "5"}).status_code == 422
    closed = head.post(address, {"counted": "5", "remark": "Malade"})
    assert closed["Location"] == f"/cashier/days/{day.pk}/"
    page = head.get(closed["Location"]).content.decode()
    assert "Malade" in page
    assert address not in page
    assert head.get(address)["Location"] == f"/cashier/days/{day.pk}/"
    paper = head.get(f"/cashier/days/{day.pk}/page/")
    assert paper["Content-Type"] == "application/pdf"


def test_a_form_takes_money_once_and_the_next_form_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser("rachid")
    open_day(person("rachid"), desk="", opening=0)
    bill = a_bill(total=1000, partial=True)

    def form() -> dict[str, str]:
        page = client.get("/cashier/", {"q": bill.number}).content.decode()
        found = re.search(r'name="token" value="([0-9a-f-]{36})"', page)
        assert found is not None
        return {"bill": bill.number, f"part_{bill.number}": "2,00 DH", "token": found.group(1)}

    one, two = form() | {"channel": "cash"}, form() | {"channel": "cash"}
    first = client.post("/cashier/take/", one)
    assert client.post("/cashier/take/", one)["Location"] == first["Location"]
    second = client.post("/cashier/take/", two)
    assert second["Location"] != first["Location"], "another customer, the same amount"
    monkeypatch.setattr(cashier, "SAME_CLICK", timedelta(0))
    assert client.post("/cashier/take/", one)["Location"] == first["Location"]
    bill.refresh_from_db()
    assert (bill.remaining, Payment.objects.count()) == (600, 2)


def test_what_is_paid_elsewhere_meanwhile_is_said(browser: Browser) -> None:
    client = browser("rachid")
    open_day(person("rachid"), desk="", opening=0)
    bill = a_bill(total=100, billed=0, remaining=0)
    given = {"bill": bill.number, f"rest_{bill.number}": "1.00", "channel": "cash", "q": "1000001"}
    answer = client.post("/cashier/take/", given)
    assert answer.status_code == 422
    assert bill.number in answer.content.decode()
    none = client.post("/cashier/take/", {"channel": "cash"})
    assert none.status_code == 422
    assert client.post("/cashier/take/", given | {"channel": "gold"}).status_code == 422


def test_a_refused_payment_keeps_which_bills_and_parts_were_typed(browser: Browser) -> None:
    client = browser("rachid")
    client.post("/cashier/open/", {"opening": "0"})
    one, other = a_bill(total=6120), a_bill(total=6120)
    Bill.objects.update(partial=True)
    given = {
        "q": "1000001", "channel": "cheque", "bill": one.number,
        f"rest_{one.number}": "61.20", f"part_{one.number}": "20,00",
    }  # fmt: skip
    answer = client.post("/cashier/take/", given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reference"]  # a cheque has a number
    rows = {bill.number: (ticked, part) for bill, ticked, _rest, part in answer.context["bills"]}
    assert rows == {one.number: (True, "20,00"), other.number: (False, "")}
    assert 'value="20,00"' in answer.content.decode()
    answer = client.post("/cashier/take/", {"q": "1000001", "channel": "cash"})
    assert not any(ticked for _bill, ticked, *_rest in answer.context["bills"])


def test_a_cashier_sees_no_other_cashiers_day(browser: Browser) -> None:
    day = open_day(person("samira"), desk="", opening=0)
    client = browser("rachid")
    assert client.get(f"/cashier/days/{day.pk}/").status_code == 404
    assert client.get(f"/cashier/days/{day.pk}/page/").status_code == 404
    for name in ("samira", "direction", "audit"):
        assert browser(name).get(f"/cashier/days/{day.pk}/").status_code == 200, name


def test_others_take_no_money(browser: Browser) -> None:
    for name in ("badr", "ghita", "amina", "direction", "audit", "admin"):
        client = browser(name)
        assert client.get("/cashier/").status_code == 403, name
        assert client.post("/cashier/open/", {"opening": "1"}).status_code == 403, name
        assert client.post("/cashier/take/", {}).status_code == 403, name


def test_names_find_contracts(browser: Browser) -> None:
    open_day(person("rachid"), desk="", opening=0)
    a_contract("77", customer_name="Fatima Bennis", name_key=" fatima bennis ")
    page = browser("rachid").get("/cashier/", {"q": "Fatima Ben"}).content.decode()
    assert "?q=77" in page


@pytest.mark.parametrize("words", ["Fatima Bennis", "bennis", "Fatima Ben", "فاطمة بنيس"])
def test_the_one_customer_of_a_name_is_asked_for_what_they_owe(
    browser: Browser, words: str
) -> None:
    open_day(person("rachid"), desk="", opening=0)
    bill = a_bill(named_contract("77"))
    page = browser("rachid").get("/cashier/", {"q": words}).content.decode()
    assert f'value="{bill.number}"' in page
    assert "Rien à payer" not in page


def test_who_owes_nothing_is_told_so(browser: Browser) -> None:
    open_day(person("rachid"), desk="", opening=0)
    named_contract("77")
    page = browser("rachid").get("/cashier/", {"q": "Bennis"}).content.decode()
    assert "Rien à payer" in page


def test_several_customers_of_a_name_are_chosen_from(browser: Browser) -> None:
    open_day(person("rachid"), desk="", opening=0)
    for number in ("77", "78"):
        a_bill(named_contract(number))
    page = browser("rachid").get("/cashier/", {"q": "bennis"}).content.decode()
    assert all(f"?q={number}" in page for number in ("77", "78"))
    assert "Rien à payer" not in page
