"""Paying on the web: what may be chosen, the way to the bank, and what is shown of it to whom."""

import html
import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from eservices.agency.models import Due, Instalment, Plan
from eservices.bills.models import Bill
from eservices.payments import nestpay_hash
from eservices.payments.attempts import give_up
from eservices.payments.models import Attempt, Payment
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from org.written_days import date_format
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen, person_of, request_of
from tests.eservices.contracts.contracts import CODE, a_contract, held_by
from tests.eservices.office import opened
from web.portal.payment import session

pytestmark = pytest.mark.django_db
KEY = "TEST|1234"
SALMA, KARIM = "salma@usager.example", "karim@usager.example"


@pytest.fixture(autouse=True)
def bank(settings: Any) -> None:
    """An office that has a gateway, which these tests play themselves."""
    settings.PAYMENT_URL = "nestpay://600:TEST%7C1234@bank.example/fim/est3Dgate"


def _page(answer: Any) -> str:
    """What stands on a page, without its frame, which repeats the address."""
    page = html.unescape(answer.content.decode())
    head, _main, rest = page.partition("<main")
    return re.sub(
        r'value="\w{64}"', "", f"{head[: head.find('</head>')]}{rest.split('</main>')[0]}"
    )


def _salma(outbox: list[EmailMessage], *numbers: str) -> Client:
    """A citizen who holds contracts of these numbers."""
    client = citizen(SALMA, outbox)
    for number in numbers:
        held_by(person_of(SALMA), a_contract(number))
    return client


def _form(page: str) -> dict[str, str]:
    found = re.search(r'<form method="post" action="https://bank.example.*?</form>', page, re.S)
    assert found is not None, page
    return dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', found.group()))


def _call(fields: dict[str, str], **said: str) -> str:
    """Call the office back as the bank does."""
    told = {**fields, "ProcReturnCode": "00", "Response": "Approved", "TransId": "T1", **said}
    told.pop("hash")
    told["HASH"] = nestpay_hash.hash_of(told, KEY)
    answer = Client().post(
        "/pay/nestpay/callback/",
        urlencode(told),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer["Content-Type"].startswith("text/plain")
    return str(answer.content.decode())


def _begun(client: Client, *bills: Bill, **more: str) -> dict[str, str]:
    """Choose bills and go as far as the form to the bank."""
    answer = client.post("/pay/", {"bill": [bill.number for bill in bills], **more})
    assert answer.status_code == 303, _page(answer)
    return _form(_page(client.get(answer["Location"])))


def test_bills_of_my_contracts_are_paid_by_card(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    one, two = a_bill(contract, 12840), a_bill(contract, 60)
    assert one.number in _page(client.get("/pay/"))
    fields = _begun(client, one, two)
    assert (fields["amount"], fields["email"]) == ("129.00", SALMA)
    assert nestpay_hash.is_valid(fields, KEY)
    waiting = client.get(f"/pay/state/?order={fields['oid']}")
    assert waiting["Refresh"] == f"5; url=/pay/state/?order={fields['oid']}&look=1"
    assert _call(fields) == "ACTION=POSTAUTH"
    answer = client.get(f"/pay/state/?order={fields['oid']}")
    payment = Payment.objects.get()
    assert payment.receipt in _page(answer)
    assert "Refresh" not in answer
    receipt = client.get(f"/pay/receipts/{payment.pk}.pdf")
    assert b"".join(receipt).startswith(b"%PDF")
    assert payment.person == person_of(SALMA)
    mine = _page(client.get("/my/payments/"))
    assert payment.receipt in mine
    assert one.number in mine
    assert one.number not in _page(client.get("/pay/"))


def test_a_schedule_asks_for_its_next_instalment_once_it_is_accepted(
    mailoutbox: list[EmailMessage],
) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bill, now = a_bill(contract, 184_000), timezone.now()
    answers = {
        "contract": contract.number, "holder": "Salma", "amount": "1840", "first_payment": "400",
        "months": 4, "reason": "income", "cut_off": "no",
    }  # fmt: skip
    asked = opened("instalments", answers=answers, person=person_of(SALMA), email=SALMA)
    Due.objects.create(request=asked, bill=bill, made_at=now)
    plan = Plan.objects.create(request=asked, total=184_000, made_at=now)
    for number, amount in enumerate((40_000, 72_000, 72_000), 1):
        day = timezone.localdate() + timedelta(days=30 * (number - 1))
        Instalment.objects.create(plan=plan, number=number, due_on=day, amount=amount)
    Request.objects.filter(pk=asked.pk).update(stage="agreement", stage_kind="waiting_citizen")
    client.post("/my/open/", {"letter": str(asked.letter_id)})
    page = _page(client.get("/follow/letter/"))
    # the schedule is read before it is accepted, and may be declined by that name
    assert page.index("Échéancier") < page.index("Accepter l’échéancier")
    assert 'href="#withdraw">Décliner l’échéancier</a>' in page
    assert "Payer" not in page.partition('id="dues"')[2].partition("</section>")[0]

    asked.refresh_from_db()
    take_action(asked, "accept_schedule", letter_code=True)
    dues = _page(client.get("/follow/letter/")).partition('id="dues"')[2].partition("</section>")[0]
    assert "Payer \u2066400,00\u2069\xa0DH maintenant" in dues
    assert "Vous pouvez payer plus que cette échéance" in dues
    awaited = _page(client.get("/follow/letter/")).partition('id="awaited"')[2]
    today = date_format(timezone.localdate(), "j F Y")
    assert f"au plus tard le {today}." in awaited.partition("</section>")[0]  # not the stage's day
    [link] = re.findall(r'href="(/pay/[^"]*)"', dues)
    page = _page(client.get(link))
    assert re.search(r'name="amount-[^"]*"\s+value="400,00"', page)
    assert _begun(client, bill, **{f"amount-{bill.number}": "400,00"})["amount"] == "400.00"
    refused = client.post("/pay/", {"bill": bill.number, f"amount-{bill.number}": "x"})
    assert 'value="x"' in _page(refused)


def test_a_bill_whose_payment_is_at_the_bank_says_so_before_it_is_paid_again(
    mailoutbox: list[EmailMessage],
) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bill, other = a_bill(contract, 12840), a_bill(contract, 60)
    fields = _begun(client, bill)
    state = f"/pay/state/?order={fields['oid']}"
    page = _page(client.get("/pay/"))
    assert page.count(state) == 1
    assert "checked" not in page
    looked = client.get(f"{state}&look=last")
    assert "Refresh" not in looked
    confirm = f"/pay/confirm/?order={fields['oid']}"
    assert confirm in _page(looked)
    assert _form(_page(client.get(confirm)))["oid"] == fields["oid"]
    neighbour = citizen(KARIM, mailoutbox)
    held_by(person_of(KARIM), contract)
    theirs = _page(neighbour.get("/pay/"))
    assert (bill.number in theirs, state in theirs) == (True, False)
    _call(fields)
    after = _page(client.get("/pay/"))
    assert (bill.number in after, other.number in after) == (False, True)
    assert state not in after


def test_the_way_to_the_bank_is_the_one_foreign_address(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract)
    answer = client.post("/pay/", {"bill": bill.number})
    policy = client.get(answer["Location"])["Content-Security-Policy"]
    assert "form-action 'self' https://bank.example;" in policy
    assert "bank.example" not in client.get("/pay/")["Content-Security-Policy"]


def test_without_an_account_by_number_and_code_of_the_bill(client: Client) -> None:
    bill = a_bill(a_contract("2000002"), 5000)
    a_bill(a_contract("2000003"), 700)
    assert bill.number not in _page(client.get(f"/pay/?bill={bill.number}"))
    wrong = client.post("/pay/find/", {"number": "2000002", "code": "WRONG000"})
    unknown = client.post("/pay/find/", {"number": "9999999", "code": CODE})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert _page(wrong).replace("2000002", "9999999") == _page(unknown)
    answer = client.post("/pay/find/", {"number": "2000002", "code": CODE.lower()})
    assert (answer.status_code, answer["Location"]) == (303, "/pay/?contract=2000002")
    page = _page(client.get(answer["Location"]))
    assert page.count('name="bill"') == 1
    fields = _begun(client, bill)
    assert _call(fields) == "ACTION=POSTAUTH"
    assert Payment.objects.get().receipt in _page(client.get(f"/pay/state/?order={fields['oid']}"))


def test_nothing_of_anothers(mailoutbox: list[EmailMessage]) -> None:
    salma = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract)
    fields = _begun(salma, bill)
    _call(fields)
    payment = Payment.objects.get()
    other_bill = a_bill(person_of(SALMA).holdings.get().contract)
    karim = citizen(KARIM, mailoutbox)
    assert karim.get(f"/pay/receipts/{payment.pk}.pdf").status_code == 404
    assert karim.get(f"/pay/confirm/?order={fields['oid']}").status_code == 404
    states = [_page(karim.get(f"/pay/state/?order={oid}")) for oid in (fields["oid"], "0" * 24)]
    assert states[0] == states[1]
    assert payment.receipt not in states[0]
    refused = [
        karim.post("/pay/", {"bill": number}) for number in (other_bill.number, "B-NOT-THERE")
    ]
    assert [answer.status_code for answer in refused] == [422, 422]
    asked = [_page(karim.get(f"/pay/?bill={n}")) for n in (other_bill.number, "B-NOT-THERE")]
    assert other_bill.number not in asked[0]
    assert payment.receipt not in _page(karim.get("/my/payments/"))
    assert Attempt.objects.count() == 1


def test_who_leaves_my_space_leaves_nothing_to_the_next_one(
    mailoutbox: list[EmailMessage],
) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract)
    other = a_bill(a_contract("2000002"))
    client.post("/pay/find/", {"number": "2000002", "code": CODE})
    fields = _begun(client, bill, other)
    _call(fields)
    client.post("/my/leave/")
    page = _page(client.get(f"/pay/state/?order={fields['oid']}"))
    assert Payment.objects.get().receipt not in page
    assert client.get(f"/pay/receipts/{Payment.objects.get().pk}.pdf").status_code == 404
    assert 'name="bill"' not in _page(client.get("/pay/"))


def test_what_was_paid_without_an_account_is_shown_for_an_hour(client: Client) -> None:
    bill = a_bill(a_contract("2000002"), 5000)
    planted = client.session.session_key  # by somebody who then waits for a code to be given
    client.post("/pay/find/", {"number": "2000002", "code": CODE})
    assert client.session.session_key != planted
    fields = _begun(client, bill)
    _call(fields)
    state, receipt = f"/pay/state/?order={fields['oid']}", Payment.objects.get()
    assert receipt.receipt in _page(client.get(state))
    assert client.session.get_expiry_age() == session.SHOWN
    held = client.session
    held[session.ATTEMPTS] = {fields["oid"]: int(time.time()) - 1}
    held.save()
    assert receipt.receipt not in _page(client.get(state))
    assert client.get(f"/pay/receipts/{receipt.pk}.pdf").status_code == 404
    assert client.get(f"/pay/confirm/?order={fields['oid']}").status_code == 404


BACK = "Retour à ma demande"


def test_from_the_payment_of_a_request_a_link_leads_back_to_it(
    mailoutbox: list[EmailMessage],
) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bill, other = a_bill(contract, 184_00), a_bill(contract, 60)
    asked = opened(person=person_of(SALMA), email=SALMA)
    Due.objects.create(request=asked, bill=bill, made_at=timezone.now())
    oids = [_begun(client, one)["oid"] for one in (bill, other)]
    ours, others = (_page(client.get(f"/pay/state/?order={oid}")) for oid in oids)
    assert BACK not in others
    assert asked.letter.number in ours
    [letter] = re.findall(r'name="letter"\s+value="([^"]+)"', ours)
    assert client.post("/my/open/", {"letter": letter})["Location"] == "/follow/letter/"
    visited, elsewhere = (_page(client.get(f"/pay/state/?order={oid}")) for oid in oids)
    assert re.search(rf'href="/follow/letter/".*{BACK}', visited)
    assert BACK not in elsewhere


def test_a_fee_of_my_request_is_paid_in_my_space(mailoutbox: list[EmailMessage]) -> None:
    client = citizen(SALMA, mailoutbox)
    request = request_of(person_of(SALMA))
    fee = a_bill(total=9900, kind="fee", request=request, subject="Frais de raccordement")
    Bill.objects.filter(pk=fee.pk).update(contract=None)
    page = _page(client.get(f"/pay/?bill={fee.number}"))
    assert "Frais de raccordement" in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("amount", "status"), [("50", 303), ("50,25", 303), ("0", 422), ("200", 422), ("x", 422)]
)
def test_a_part_where_the_bill_allows_it(
    client: Client, mailoutbox: list[EmailMessage], amount: str, status: int
) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bill, whole = a_bill(contract, 12840, partial=True), a_bill(contract, 100)
    given = {"bill": [bill.number, whole.number], f"amount-{bill.number}": amount}
    # what is typed for a bill that is paid whole counts for nothing
    answer = client.post("/pay/", {**given, f"amount-{whole.number}": "1"})
    assert answer.status_code == status
    if status == 303:
        assert Attempt.objects.get().amount in (5100, 5125)
    else:
        assert f'value="{amount}"' in _page(answer)


def test_twenty_bills_at_once_and_no_more(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bills = [a_bill(contract, 100 + n) for n in range(21)]
    numbers = [bill.number for bill in bills]
    assert client.post("/pay/", {"bill": numbers}).status_code == 422
    assert client.post("/pay/", {}).status_code == 422
    assert client.post("/pay/", {"bill": numbers[:20]}).status_code == 303
    assert Attempt.objects.get().lines.count() == 20


def test_what_the_bank_refused_can_be_tried_again(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract)
    fields = _begun(client, bill)
    assert _call(fields, ProcReturnCode="51", Response="Declined") == "APPROVED"
    page = _page(client.get(f"/pay/state/?order={fields['oid']}"))
    assert f"/pay/?bill={bill.number}" in page
    again = _begun(client, bill)
    assert again["oid"] != fields["oid"]
    back = client.get(f"/pay/confirm/?order={fields['oid']}")
    assert (back.status_code, back["Location"]) == (303, f"/pay/state/?order={fields['oid']}")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"amount": "128.41"}, "FAILURE"),
        ({"amount": "12840"}, "FAILURE"),
        ({"amount": ""}, "FAILURE"),
        ({"currency": "978"}, "FAILURE"),
        ({"clientid": "601"}, "FAILURE"),
        ({"oid": "261127ABC"}, "FAILURE"),
        ({"ReturnOid": "261127ABC"}, "FAILURE"),
        ({"storetype": "3d_pay"}, "FAILURE"),
        ({"Response": "Declined"}, "APPROVED"),
        ({"ProcReturnCode": ""}, "APPROVED"),
        ({"ProcReturnCode": "99"}, "APPROVED"),
    ],
)
def test_no_other_call_makes_it_paid(
    mailoutbox: list[EmailMessage], said: dict[str, str], answer: str
) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract, 12840)
    fields = _begun(client, bill)
    assert _call(fields, **said) == answer
    assert not Payment.objects.exists()
    assert Attempt.objects.get().state != Attempt.State.PAID
    assert _call(fields) == "ACTION=POSTAUTH", "the right call afterwards counts all the same"


@pytest.mark.parametrize(
    "body",
    [
        *("", "oid=1", "oid=1&oid=2&HASH=x", "oid=%ff&HASH=x", "a=" * 999),
        f"oid=1&{'9' * 5000}=1&HASH=x",
    ],
)
def test_what_is_no_call_of_the_bank(client: Client, body: str) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = client.post("/pay/nestpay/callback/", body, content_type=kind)
    assert (answer.status_code, answer.content) == (200, b"FAILURE")
    assert client.get("/pay/nestpay/callback/").status_code == 405


def test_each_state_has_its_words(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract)
    fields = _begun(client, bill)
    attempt, pages = Attempt.objects.get(), set()
    for state in ("unknown", "expired"):
        assert give_up(attempt, state=state)
        pages.add(_page(client.get(f"/pay/state/?order={fields['oid']}")))
    assert _call(fields) == "ACTION=POSTAUTH"
    pages.add(_page(client.get(f"/pay/state/?order={fields['oid']}")))
    assert len(pages) == 3


def test_without_a_gateway_the_pages_say_how_else(client: Client, settings: Any) -> None:
    settings.PAYMENT_URL = ""
    bill = a_bill(a_contract("2000002"))
    client.post("/pay/find/", {"number": "2000002", "code": CODE})
    page = _page(client.get("/pay/"))
    assert bill.number in page
    assert 'type="checkbox"' not in page  # nothing to choose where nothing can be sent
    assert "page de la banque" not in page
    assert client.post("/pay/", {"bill": bill.number}).status_code == 422
    assert client.post("/pay/nestpay/callback/", {"oid": "1"}).content == b"FAILURE"


def test_the_list_takes_as_many_queries_for_many_bills(
    mailoutbox: list[EmailMessage], django_assert_max_num_queries: Any
) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    for number in range(30):
        a_bill(contract, 100 + number, due_on=timezone.localdate())
    client.get("/pay/")
    with django_assert_max_num_queries(14):
        client.get("/pay/")


def test_who_is_not_known_yet_is_told_how_to_come_to_their_bills() -> None:
    page = _page(Client().get("/pay/"))
    assert 'href="/pay/find/"' in page
    assert "Il n’y a rien à payer" not in page
    assert "Payer avec le numéro du contrat" in page


def test_money_that_was_not_needed_is_told_with_its_amount(mailoutbox: list[EmailMessage]) -> None:
    client = _salma(mailoutbox, "2000001")
    contract = person_of(SALMA).holdings.get().contract
    bill, other = a_bill(contract, 12840), a_bill(contract, 600)
    first, again = _begun(client, bill), _begun(client, bill)
    partly = _begun(client, bill, other)
    for place, fields in enumerate((first, again, partly)):
        assert _call(fields, TransId=f"T{place}") == "ACTION=POSTAUTH"
    first_page, again_page, partly_page = (
        _page(client.get(f"/pay/state/?order={fields['oid']}", headers={"accept-language": "en"}))
        for fields in (first, again, partly)
    )
    assert "was not needed" not in first_page
    assert "We pay all of it back to you" in again_page
    plain = re.sub(r"[\u2066-\u2069]", "", partly_page)
    assert "Of this money 128.40 DH was not needed" in plain.replace("\u00a0", " ")


def test_who_tries_again_finds_the_address_of_the_receipt_and_nobody_else_does(
    mailoutbox: list[EmailMessage],
) -> None:
    client = _salma(mailoutbox, "2000001")
    bill = a_bill(person_of(SALMA).holdings.get().contract, 12840)
    fields = _begun(client, bill, email="quittances@usager.example")
    assert _call(fields, ProcReturnCode="51", Response="Declined") == "APPROVED"
    page = _page(client.get(f"/pay/state/?order={fields['oid']}"))
    again = re.search(r'href="(/pay/\?bill=[^"]*)"', page)
    assert again is not None
    assert 'value="quittances@usager.example"' in _page(client.get(again[1]))
    other = citizen(KARIM, mailoutbox)
    held_by(person_of(KARIM), a_contract("2000002"))
    a_bill(person_of(KARIM).holdings.get().contract, 500)
    assert "quittances@usager.example" not in _page(other.get(again[1]))
