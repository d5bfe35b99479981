"""Banks for staff: partners and their secrets, how calls go, settlement and fees, who sees what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.bank.models import BankPartner
from org.models import Department, Membership, User
from tests.eservices.bank.banks import Bank, a_bank
from tests.eservices.bills.bills import a_bill

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
AGREED = {
    "code": "BMCI-2",
    "name": "Banque d’essai",
    "rights": ["fetch", "pay"],
    "most_a_payment": "5 000,00",
    "most_a_day": "",
    "calls_a_minute": "60",
    "fee_fixed": "1,25",
    "fee_rate": "0,75",
}


@pytest.fixture(name="browser")
def _browser(client_as: Browser) -> Browser:
    return client_as


def text(answer: Any) -> str:
    return str(answer.content.decode())


def secret_in(page: str) -> str:
    return page.partition('<code class="break" dir="ltr">')[2].partition("<")[0]


def test_a_form_shows_nothing_where_nothing_is_agreed(browser: Browser) -> None:
    client = browser("admin")
    nothing = dict.fromkeys(("most_a_payment", "most_a_day", "fee_fixed", "fee_rate"), "")
    client.post("/banks/new/", AGREED | nothing)
    row = BankPartner.objects.get()
    assert not any((row.most_a_payment, row.most_a_day, row.fee_fixed, row.fee_rate))
    page = text(client.get(f"/banks/{row.pk}/"))
    form = page.partition('id="agreed"')[2].partition("</section>")[0]
    assert "0.00" not in form
    assert 'name="fee_fixed"' in form


def test_a_bank_is_added_and_its_secret_shown_once(browser: Browser) -> None:
    client = browser("admin")
    secret = secret_in(text(client.post("/banks/new/", AGREED)))
    row = BankPartner.objects.get()
    assert (row.most_a_payment, row.fee_fixed, str(row.fee_rate)) == (500_000, 125, "0.750")
    assert Bank("BMCI-2", secret).fetch().status_code == 200
    assert Bank("BMCI-2", secret).settlement().status_code == 403
    page = text(client.get(f"/banks/{row.pk}/"))
    assert secret not in page
    assert "Banque d’essai" in page
    again = client.post("/banks/new/", AGREED)
    assert again.status_code == 422
    assert secret_in(text(again)) == ""
    wrong = AGREED | {"code": "X", "fee_rate": "101", "most_a_day": "x", "calls_a_minute": "-1"}
    refused = client.post("/banks/new/", wrong)
    assert refused.status_code == 422
    assert text(refused).count('class="error"') == 3
    for calls in ("9" * 5000, "²"):
        wrong = AGREED | {"code": "X", "calls_a_minute": calls}
        assert client.post("/banks/new/", wrong).status_code == 422


@pytest.mark.parametrize("typed", ["1,25", "1.25", "\u0661\u066b\u0662\u0665", "\u200f1,25\u200e"])
def test_a_share_is_read_as_any_number_that_is_typed(browser: Browser, typed: str) -> None:
    browser("admin").post("/banks/new/", AGREED | {"fee_rate": typed})
    assert str(BankPartner.objects.get().fee_rate) == "1.250"


def test_what_is_agreed_is_changed_with_its_history(browser: Browser) -> None:
    client, bank = browser("admin"), a_bank()
    place = f"/banks/{BankPartner.objects.get().pk}/"
    assert client.post(place, AGREED | {"rights": ["settle"]}).status_code == 303
    assert bank.fetch().status_code == 403
    page = text(client.get(place))
    assert "0.75" in page
    assert "Part du montant" in page.partition('id="history"')[2]
    assert client.post(place, AGREED | {"fee_fixed": "x"}).status_code == 422


def test_a_secret_is_replaced_ended_and_a_bank_stopped(browser: Browser) -> None:
    client, old = browser("admin"), a_bank()
    place = f"/banks/{BankPartner.objects.get().pk}/"
    new = Bank(old.code, secret_in(text(client.post(f"{place}secret/"))))
    assert {old.fetch().status_code, new.fetch().status_code} == {200}
    assert client.post(f"{place}end/").status_code == 303
    assert (old.fetch().status_code, new.fetch().status_code) == (401, 200)
    client.post(f"{place}stop/")
    assert new.fetch().status_code == 401
    client.post(f"{place}start/")
    assert new.fetch().status_code == 200
    assert client.post(f"{place}burn/").status_code == 404


def test_status_settlement_and_fees_are_shown(browser: Browser) -> None:
    bank = a_bank(fee_fixed="1.50")
    for number in range(3):
        a_bill(number=f"F-{number}", total=100_000)
        bank.pay(f"REF-{number}", (f"F-{number}", "1000.00"))
    bank.reverse("REF-2", reason="<b>Erreur</b>")
    bank.call("GET", "payments/X", partner="NOBODY")
    row, today = BankPartner.objects.get(), timezone.localdate()
    client = browser("direction")
    listed = text(client.get("/banks/"))
    assert "fonctionne" in listed
    assert "1 appel" in listed
    assert "paiement\u00a0: envoyé" not in listed
    assert "REF-0" not in listed
    sums = text(client.get("/banks/settlements/"))
    for amount in ("2\u202f000,00", "3,00", "1\u202f997,00"):
        assert amount in sums.replace("\xa0", "\u202f"), amount
    day = text(client.get(f"/banks/{row.pk}/settlements/{today}/"))
    assert "REF-1" in day
    assert "&lt;b&gt;Erreur" in day
    lines = text(client.get(f"/banks/{row.pk}/settlements/{today}/lines.csv")).splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("REF-0,R/")
    table = text(client.get("/banks/settlements.csv?since=2020-01-01")).splitlines()
    assert table[1] == f"{today},BANQUE,2,2000.00,3.00,1997.00,1"
    assert client.get(f"/banks/{row.pk}/settlements/x/").status_code == 404
    assert client.get("/banks/99/").status_code == 404


def test_who_sees_the_banks(browser: Browser, ghita: User) -> None:
    a_bank()
    place = f"/banks/{BankPartner.objects.get().pk}/"
    for username, status in [("audit", 200), ("amina", 403), ("badr", 403), ("ghita", 403)]:
        assert browser(username).get(place).status_code == status, username
    Membership.objects.create(user=ghita, department=Department.objects.get(code="FIN"))
    client = browser("ghita")
    page = text(client.get(place))
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert '"/banks/"' in page
    assert client.post(place, AGREED).status_code == 403
    assert client.post(f"{place}secret/").status_code == 403


def test_lists_take_the_same_queries(browser: Browser) -> None:
    client, bank = browser("direction"), a_bank()
    row, today = BankPartner.objects.get(), timezone.localdate()
    places = ["/banks/", "/banks/settlements/", f"/banks/{row.pk}/settlements/{today}/"]

    def queries(place: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert client.get(place).status_code == 200
        return len(made)

    a_bill(number="F-0")
    bank.pay("REF-0", ("F-0", "128.40"))
    for place in places:
        queries(place)
    few = [queries(place) for place in places]
    for number in range(1, 4):
        a_bill(number=f"F-{number}")
        a_bank(f"B{number}").pay("REF", (f"F-{number}", "128.40"))
        a_bill(number=f"G-{number}")
        bank.pay(f"REF-{number}", (f"G-{number}", "128.40"))
    assert [queries(place) for place in places] == few


@pytest.fixture(name="ghita")
def _ghita(db: None) -> User:
    return User.objects.get(username="ghita")
