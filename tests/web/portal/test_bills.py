"""Bills on the web: a citizen sees their own alone; a duplicate by what only the holder knows."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.contracts.access_codes import access_hash
from eservices.contracts.models import Contract, Holder
from eservices.people import mandates
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.bills.tables import run_json
from tests.eservices.citizens import citizen, person_of
from web.portal.bills.urls import urlpatterns

pytestmark = pytest.mark.django_db
FILES: Final = Path(__file__).parents[2] / "eservices" / "bills" / "files"
OF_ONE: Final = ("my_bill", "my_bill_pdf", "my_bill_xml")
OF_ALL: Final = ("my_bills", "my_statement", "my_statement_pdf", "my_statement_csv")
OPEN: Final = {"duplicate", "duplicate_bills", "duplicate_leave", "duplicate_pdf"}


def a_holder(mail: str, outbox: list[Any], *contracts: Contract) -> Client:
    """Return the browser of a citizen who has proven these contracts."""
    client = citizen(mail, outbox)
    for contract in contracts:
        Holder.objects.create(
            person=person_of(mail), contract=contract, proof="code", proven_at=timezone.now()
        )
    return client


def plain(page: str, asked: str) -> str:
    """Return a page without what was asked for, and what is new in each: its forms' token."""
    new = r'name="csrfmiddlewaretoken" value="\w+"|data-shown="[^"]*"'
    return re.sub(new, "", page.replace(asked, ""))


def test_who_looks_on_for_another_is_not_asked_to_pay(mailoutbox: list[Any]) -> None:
    """A mandate for the statement alone shows the bills; one to pay shows the way there too."""
    contract = a_contract("1000001")
    bill = a_bill(contract, 12840, number="MINE-1")
    a_holder("owner@example.ma", mailoutbox, contract)
    agent = citizen("agent@example.ma", mailoutbox)
    paths = ("/my/bills/", f"/my/bills/{bill.pk}/", "/my/contracts/1000001/")
    for services, asked in ((["statement"], False), (["pay_bill"], True)):
        wanted = mandates.MandateInput(contact="agent@example.ma", services=services)
        mandates.give(person_of("owner@example.ma"), wanted)
        for path in paths:
            page = agent.get(path).content.decode()
            assert "MINE-1" in page
            assert ("/pay/?" in page) is asked, path


def test_every_address_is_in_the_matrix() -> None:
    """A new one needs its row."""
    assert {one.name for one in urlpatterns} == {*OF_ONE, *OF_ALL} | OPEN


def test_nobody_who_is_not_in_sees_a_bill() -> None:
    """They are asked to sign in, whether the bill is there or not."""
    bill = a_bill()
    paths = [reverse(f"portal:{name}") for name in OF_ALL]
    paths += [reverse(f"portal:{name}", args=[pk]) for name in OF_ONE for pk in (bill.pk, 10**9)]
    for path in paths:
        answer = Client().get(path)
        assert (answer.status_code, "/my/sign-in/" in answer["Location"]) == (303, True)


def test_a_citizen_sees_their_own_bills_alone(mailoutbox: list[Any]) -> None:
    """Another's bill, file and statement answer like those that do not exist."""
    mine = a_bill(a_contract("1000001"), 12840, number="MINE-1")
    other = a_bill(a_contract("1000002", customer_name="Nadia Secret"), 999, number="OTHER-1")
    browser = a_holder("b1@example.ma", mailoutbox, a_contract("1000001"))
    page = browser.get("/my/bills/").content.decode()
    assert "MINE-1" in page
    assert "OTHER-1" not in page
    assert browser.get(f"/my/bills/{mine.pk}/").status_code == 200
    ends = [f"{pk}/{end}" for pk in (other.pk, 10**9) for end in ("", "bill.pdf", "bill.xml")]
    gone = [browser.get(f"/my/bills/{end}") for end in ends]
    assert {answer.status_code for answer in gone} == {404}
    assert (
        len({plain(answer.content.decode(), answer.request["PATH_INFO"]) for answer in gone}) == 1
    )
    for wrong in ("1000002", "4711", "x"):
        for path in (
            "/my/bills/",
            "/my/statement/",
            "/my/statement/statement.pdf",
            "/my/statement/statement.csv",
        ):
            assert browser.get(path, {"contract": wrong}).status_code == 404
    for path in ("/my/statement/", "/my/statement/statement.csv"):
        words = browser.get(path).content.decode()
        assert "MINE-1" in words
        assert "OTHER-1" not in words
        assert "Secret" not in words


def test_a_bill_with_its_files(mailoutbox: list[Any]) -> None:
    """Bands, estimated, last year's use; XML as it came, PDF drawn."""
    a_contract()
    run_json("import_bills", FILES / "ubl.xml")
    bill = Bill.objects.get()
    browser = a_holder("b2@example.ma", mailoutbox, a_contract())
    page = browser.get(f"/my/bills/{bill.pk}/", headers={"accept-language": "fr"}).content.decode()
    for wanted in ("7–20 m³", "128,40", "Estimé", "bill.xml", f"/pay/?bill={bill.number}"):
        assert wanted in page, wanted
    pdf = browser.get(f"/my/bills/{bill.pk}/bill.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    xml = browser.get(f"/my/bills/{bill.pk}/bill.xml")
    assert b"".join(xml) == (FILES / "ubl.xml").read_bytes()


def test_the_list_takes_a_constant_number_of_queries(
    mailoutbox: list[Any], django_assert_max_num_queries: Any
) -> None:
    """And goes on by pages."""
    contract = a_contract()
    for month in range(30):
        a_bill(contract, number=f"F{month:03d}", issued_on=date(2026, 1, 1) + timedelta(days=month))
    browser = a_holder("b3@example.ma", mailoutbox, contract)
    with django_assert_max_num_queries(18):
        page = browser.get("/my/bills/").content.decode()
    assert "F029" in page
    assert "F005" not in page
    cursor = re.search(r"cursor=([^\"&]+)", page)
    assert cursor is not None
    with django_assert_max_num_queries(18):
        assert "F005" in browser.get(f"/my/bills/?cursor={cursor.group(1)}").content.decode()
    assert browser.get("/my/bills/", {"cursor": "x"}).status_code == 404


def with_code(number: str = "1000001", code: str = "AB12CD34") -> Contract:
    """Return a contract whose bills bear this code."""
    contract = a_contract(number)
    Contract.objects.filter(pk=contract.pk).update(
        access_hash=access_hash(contract.number_key, code)
    )
    return contract


def test_a_duplicate_by_the_code_of_the_bill() -> None:
    """However it is written; the contract's bills alone, for this browser alone."""
    mine, other = (
        a_bill(with_code(), number="BILL-1"),
        a_bill(a_contract("1000002"), number="BILL-2"),
    )
    browser = Client()
    answer = browser.post("/bills/duplicate/", {"contract": "01000001", "code": "ab12cd34"})
    assert (answer.status_code, answer["Location"]) == (303, "/bills/duplicate/bills/")
    page = browser.get("/bills/duplicate/bills/").content.decode()
    assert "BILL-1" in page
    assert "BILL-2" not in page
    assert browser.get(f"/bills/duplicate/{mine.pk}/bill.pdf").content.startswith(b"%PDF")
    assert browser.get(f"/bills/duplicate/{other.pk}/bill.pdf").status_code == 404
    assert Client().get(f"/bills/duplicate/{mine.pk}/bill.pdf").status_code == 404
    assert Client().get("/bills/duplicate/bills/")["Location"] == "/bills/duplicate/"
    browser.post("/bills/duplicate/leave/")
    assert browser.get(f"/bills/duplicate/{mine.pk}/bill.pdf").status_code == 404


def test_a_duplicate_by_the_last_bill() -> None:
    """Number and total of the last one, or of the one before it."""
    contract = with_code()
    for month in range(3):
        a_bill(contract, 10000 + month, number=f"F{month}", issued_on=date(2026, 1 + month, 1))
    for bill, amount, status in (
        ("F2", "100.02", 303), ("f1", "100,01", 303), ("F0", "100.00", 422),
        ("F2", "100.01", 422), ("F2", "", 422), ("F2", "many", 422),
    ):  # fmt: skip
        given = {"contract": "1000001", "bill": bill, "amount": amount}
        assert Client().post("/bills/duplicate/", given).status_code == status, given


def test_an_unknown_contract_and_a_wrong_code_are_the_same_answer() -> None:
    """Word for word; and a few tries close the number, known or not."""
    with_code()
    pages = set()
    for number in ("1000001", "7777777"):
        answers = [
            Client().post("/bills/duplicate/", {"contract": number, "code": "WRONG"})
            for _try in range(12)
        ]
        assert [answers[0].status_code, answers[-1].status_code] == [422, 429]
        pages.add(plain(answers[0].content.decode(), number))
    assert len(pages) == 1


def test_a_contracts_page_shows_its_latest_bills(mailoutbox: list[Any]) -> None:
    """With what remains, and the way to all of them."""
    contract = a_contract("1000001")
    for n in range(4):
        a_bill(contract, 12840, number=f"BILL-{n}", issued_on=date(2026, 1 + n, 1))
    browser = a_holder("b4@example.ma", mailoutbox, contract)
    page = browser.get("/my/contracts/1000001/", headers={"accept-language": "fr"}).content.decode()
    assert "BILL-3" in page
    assert "BILL-0" not in page
    assert "513,60" in page


def test_the_next_user_of_a_browser_sees_no_duplicates(mailoutbox: list[Any]) -> None:
    """What was proven without an account ends with my space, and when somebody else comes in."""
    contract = a_contract("1000007")
    Contract.objects.filter(pk=contract.pk).update(access_hash=access_hash("1000007", "K7M4XQ2R"))
    bill = a_bill(contract)
    path = f"/bills/duplicate/{bill.pk}/bill.pdf"
    for leave in (True, False):
        browser = citizen("b7@example.ma", mailoutbox)
        browser.post("/bills/duplicate/", {"contract": "1000007", "code": "K7M4XQ2R"})
        assert browser.get(path).status_code == 200
        if leave:
            browser.post("/my/leave/")
        else:
            citizen("b8@example.ma", mailoutbox, client=browser)
        assert browser.get(path).status_code == 404
        assert browser.get("/bills/duplicate/bills/").status_code == 303
