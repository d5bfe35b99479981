"""Payments, refunds, bank transfers and direct debits at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.bills.models import Bill, PaymentExport
from eservices.contracts.models import ImportRun
from eservices.payments.bank_import import take_bank_file
from eservices.payments.models import BankLine, Channel, DebitRun, Payment, Refund
from eservices.payments.posting import Line, post_payment
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.payments.banks import camt, entry, transaction
from tests.eservices.payments.office import RIB
from tests.factories import freshly_signed_in

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def paid(total: int = 12840, **more: Any) -> Payment:
    bill = a_bill(total=total)
    given = {"channel": Channel.TRANSFER, "paid_at": timezone.now(), **more}
    return post_payment([Line(bill.number, total)], **given)


def shown(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_payments_are_found_by_receipt_bill_contract_and_reference(browser: Browser) -> None:
    one = paid(payer="Fatima Bennis", reference="VIR-1")
    other = post_payment(
        [Line(a_bill(a_contract("2000002"), total=100).number, 100)],
        channel=Channel.CARD,
        paid_at=timezone.now(),
    )
    client = browser("samira")
    bill = Bill.objects.order_by("pk")[0]
    for words in (one.receipt, bill.number, "1000001", "VIR-1"):
        page = shown(client, "/payments/", q=words)
        assert one.receipt in page, words
        assert other.receipt not in page, words
    assert one.receipt not in shown(client, "/payments/", channel="card")
    assert one.receipt not in shown(client, "/payments/", until="2020-01-01")
    assert shown(client, "/payments/", since="2026-13-40", q="\u0660")
    assert bill.number in shown(client, f"/payments/{one.pk}/")


def test_the_list_asks_as_much_for_two_payments_as_for_nine(browser: Browser) -> None:
    client = browser("samira")
    counts = []
    for more in (2, 7):
        for _each in range(more):
            paid()
        client.get("/payments/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/payments/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_figures_tell_what_came_by_way_and_day(browser: Browser) -> None:
    paid(12840)
    paid(160)
    assert "130,00" in shown(browser("samira"), "/payments/figures/")
    empty = {"since": "2020-01-01", "until": "2020-01-05"}
    assert "130,00" not in shown(browser("samira"), "/payments/figures/", **empty)


def test_a_refund_by_four_eyes(browser: Browser) -> None:
    payment = paid()
    clerk, head = browser("rachid"), browser("samira")
    given = {"amount": "128,40 DH", "reason": "Deux fois", "way": "transfer", "account": "1"}
    assert clerk.post(f"/payments/{payment.pk}/refund/", given).status_code == 422
    assert (
        clerk.post(f"/payments/{payment.pk}/refund/", given | {"account": RIB}).status_code == 303
    )
    refund = Refund.objects.get()
    address = f"/payments/refunds/{refund.pk}"
    for client in (clerk, head):
        freshly_signed_in(client)
    clerk.post(f"{address}/approve/")
    refund.refresh_from_db()
    assert refund.state == "asked"
    assert "Deux fois" in shown(head, "/payments/refunds/")
    head.post(f"{address}/refuse/", {"remark": ""})
    head.post(f"{address}/approve/")
    head.post(f"{address}/approve/")
    clerk.post(f"{address}/pay/", {"reference": "VIR 77"})
    refund.refresh_from_db()
    assert refund.state == "paid"
    assert Bill.objects.get().remaining == 12840
    assert "VIR 77" in shown(head, "/payments/refunds/", show="done")
    assert "128,40" in shown(head, f"/payments/{payment.pk}/")


def test_a_credit_note_is_asked_for_by_its_number(browser: Browser) -> None:
    note = a_bill(total=-700, kind=Bill.Kind.CREDIT)
    client = browser("rachid")
    given = {"number": "x", "amount": "7", "reason": "R", "way": "transfer", "account": RIB}
    assert client.post("/payments/refunds/credit/", given).status_code == 422
    assert shown(client, "/payments/refunds/credit/", number=note.number)
    made = client.post("/payments/refunds/credit/", given | {"number": note.number})
    assert made.status_code == 303
    assert Refund.objects.get().credit == note


def test_a_bank_file_is_taken_and_its_credits_are_dealt_with(browser: Browser) -> None:
    one, two = a_bill(total=100), a_bill(total=5000)
    rows = [
        entry("1.00", transaction(one.number)),
        entry("20.00", transaction(two.number, payer="Karim Tahiri")),
        entry("9.00", transaction("nobody")),
        entry("8.00", transaction("none")),
    ]
    client = browser("samira")
    bad = {"file": SimpleUploadedFile("x.xml", b"<x/>", "text/xml")}
    assert client.post("/payments/bank/import/", bad).status_code == 422
    good = {"file": SimpleUploadedFile("b.xml", camt(*rows), "text/xml")}
    assert client.post("/payments/bank/import/", good).status_code == 303
    assert Payment.objects.count() == 1
    page = shown(client, "/payments/bank/")
    assert "Karim Tahiri" in page
    assert page.count("20,00\u2069\xa0DH") == 2  # also in the proposal
    assert "MAD" not in page
    refused, run = ImportRun.objects.order_by("started_at")
    assert (refused.problem, run.lines, run.new, run.by_id) == ("bank_unknown", 4, 4, refused.by_id)
    page = shown(client, f"/imports/{run.pk}/")
    assert Payment.objects.get().receipt in page
    assert "20,00\u2069\xa0DH" in page
    assert "Karim Tahiri" not in shown(browser("admin"), f"/imports/{run.pk}/")
    short, unknown, aside = BankLine.objects.exclude(state="matched").order_by("pk")
    for place in ("5", "9" * 5000, "²"):
        client.post(f"/payments/bank/{short.pk}/take/", {"place": place})
    assert Payment.objects.count() == 1
    client.post(f"/payments/bank/{short.pk}/take/", {"place": "0"})
    client.post(f"/payments/bank/{short.pk}/take/", {"place": "0"})
    client.post(f"/payments/bank/{unknown.pk}/bills/", {"bills": "nothing"})
    client.post(f"/payments/bank/{unknown.pk}/bills/", {"bills": f"{two.number}"})
    client.post(f"/payments/bank/{aside.pk}/aside/", {"remark": ""})
    client.post(f"/payments/bank/{aside.pk}/aside/", {"remark": "Loyer"})
    client.post(f"/payments/bank/{aside.pk}/again/")
    two.refresh_from_db()
    assert two.remaining == 5000 - 2000 - 900
    aside.refresh_from_db()
    assert aside.state == "unmatched"
    assert Payment.objects.count() == 3
    assert shown(client, "/payments/bank/", show="matched")
    assert client.post("/payments/bank/999/take/").status_code == 404
    assert client.post(f"/payments/bank/{aside.pk}/burn/").status_code == 404


def test_the_lines_of_a_long_bank_file_go_on_by_key(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.contracts.imports.REFUSED", 1)
    take_bank_file(camt(*(entry(f"{n}.00", transaction(f"none{n}")) for n in (3, 4))), name="b")
    client, address = browser("samira"), f"/imports/{ImportRun.objects.get().pk}/"
    page = client.get(address)
    assert "3,00\u2069" in page.content.decode()
    further = shown(client, address, **{"from": page.context["next"]})
    assert "4,00\u2069" in further
    assert "3,00\u2069" not in further


def test_a_credit_that_the_bank_took_back_is_decided(browser: Browser) -> None:
    bill, other = a_bill(total=12840), a_bill(total=100)
    rows = [
        entry("128.40", transaction(bill.number, payer="Karim Tahiri"), own="E1"),
        entry("1.00", transaction(other.number), own="E2"),
        entry("128.40", own="E1", way="DBIT", reversal="1"),
        entry("1.00", own="E2", way="DBIT", reversal="1"),
        entry("5.00", own="E3", way="DBIT"),
    ]
    clerk, head = browser("rachid"), browser("samira")
    for client in (clerk, head):
        freshly_signed_in(client)
    file = {"file": SimpleUploadedFile("b.xml", camt(*rows), "text/xml")}
    assert clerk.post("/payments/bank/import/", file).status_code == 303
    one, two = BankLine.objects.filter(amount__lt=0).order_by("pk")
    receipt = Payment.objects.get(amount=12840).receipt
    page = shown(clerk, "/payments/bank/")
    assert "Retournée\u00a0: à décider" in page
    assert "autres débits, non conservés\u00a0: 1" in page
    assert "/returned/" not in page
    assert clerk.post(f"/payments/bank/{one.pk}/returned/back/").status_code == 403
    page = shown(head, "/payments/bank/", show="returned")
    assert receipt in page
    assert f"/payments/bank/{one.pk}/returned/back/" in page
    bill.refresh_from_db()
    assert bill.remaining == 0
    for _twice in range(2):
        head.post(f"/payments/bank/{one.pk}/returned/back/")
    bill.refresh_from_db()
    assert bill.remaining == 12840
    assert Refund.objects.get().reason.startswith("Repris par la banque")
    head.post(f"/payments/bank/{two.pk}/returned/aside/", {"remark": ""})
    head.post(f"/payments/bank/{two.pk}/returned/aside/", {"remark": "Erreur de la banque"})
    assert "Erreur de la banque" in shown(head, "/payments/bank/", show="aside")
    other.refresh_from_db()
    assert other.remaining == 0
    assert "Retour traité" in shown(head, "/payments/bank/", show="returned")
    assert "Repris par la banque" in shown(head, "/payments/refunds/", show="done")
    assert head.post(f"/payments/bank/{two.pk}/returned/burn/").status_code == 404
    assert head.post("/payments/bank/999/returned/back/").status_code == 404


def test_a_credit_that_the_bank_took_back_offers_no_bill(browser: Browser) -> None:
    rows = [entry("9.00", own="E1"), entry("9.00", own="E1", way="DBIT", reversal="1")]
    take_bank_file(camt(*rows), name="b.xml")
    credit = BankLine.objects.get(amount__gt=0)
    client = browser("samira")
    page = shown(client, "/payments/bank/")
    assert "la banque a repris ce crédit" in page
    assert f"/payments/bank/{credit.pk}/" not in page


def test_direct_debits_from_mandate_to_file(browser: Browser, settings: Any) -> None:
    settings.BANK_ACCOUNT = RIB
    contract = a_contract()
    bill = a_bill(contract, due_on=timezone.localdate())
    client = browser("samira")
    given = {"contract": "x", "holder": "F. B.", "account": RIB, "signed_on": "2026-01-01"}
    assert client.post("/payments/debits/mandates/", given).status_code == 422
    given |= {"contract": contract.number}
    assert client.post("/payments/debits/mandates/", given).status_code == 303
    assert client.post("/payments/debits/mandates/", given).status_code == 422
    assert client.post("/payments/debits/runs/", {"collect_on": "2020-01-01"}).status_code == 422
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    made = client.post("/payments/debits/runs/", {"collect_on": day})
    run = DebitRun.objects.get()
    assert made["Location"] == f"/payments/debits/runs/{run.pk}/"
    assert bill.number in shown(client, made["Location"])
    assert client.get(f"/payments/debits/runs/{run.pk}/file/")["Content-Type"] == "application/xml"
    [line] = run.lines.all()
    client.post(f"/payments/debits/lines/{line.pk}/back/", {"reason": "Compte clos"})
    assert "Compte clos" in shown(client, made["Location"])
    assert contract.number in shown(client, "/payments/debits/", q=contract.number)
    mandate = contract.debit_mandates.get()
    assert client.post(f"/payments/debits/mandates/{mandate.pk}/end/").status_code == 303


READ = ("/payments/", "/payments/figures/", "/payments/refunds/", "/payments/bank/",
        "/payments/debits/", "/cashier/days/")  # fmt: skip


def test_who_sees_which_page(browser: Browser) -> None:
    payment = paid()
    for name in ("rachid", "samira", "direction", "audit"):
        client = browser(name)
        for address in (*READ, f"/payments/{payment.pk}/"):
            assert client.get(address).status_code == 200, (name, address)
    for name in ("badr", "chafik", "amina", "admin"):
        client = browser(name)
        for address in (*READ, f"/payments/{payment.pk}/", f"/payments/{payment.pk}/receipt/"):
            assert client.get(address).status_code == 403, (name, address)
    centre = browser("ghita")
    assert centre.get("/payments/").status_code == 200
    assert centre.get(f"/payments/{payment.pk}/").status_code == 200
    for address in READ[1:]:
        assert centre.get(address).status_code == 403, address
    for name in ("direction", "audit", "ghita"):
        client = browser(name)
        assert client.post(f"/payments/{payment.pk}/refund/", {}).status_code == 403, name
        assert client.post("/payments/bank/import/", {}).status_code == 403, name
        assert client.post("/payments/debits/runs/", {}).status_code == 403, name


def test_payments_are_handed_to_billing_once_and_downloaded_again(browser: Browser) -> None:
    payment = paid()
    client, auditor = browser("samira"), browser("audit")
    assert "/payments/exports/file/" in shown(client, "/payments/exports/")
    first = client.post("/payments/exports/file/")
    assert payment.receipt in first.content.decode()
    export = PaymentExport.objects.get()
    assert "128,40" in shown(auditor, "/payments/exports/")
    again = client.get(f"/payments/exports/{export.pk}/")
    assert again.content == first.content
    assert client.post("/payments/exports/file/").status_code == 303
    assert PaymentExport.objects.count() == 1
    assert auditor.get(f"/payments/exports/{export.pk}/").status_code == 403
    assert auditor.post("/payments/exports/file/").status_code == 403
