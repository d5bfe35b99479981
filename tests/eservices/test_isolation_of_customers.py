"""A customer sees nothing of another's: every address of contracts, readings, bills and payments.

A thing that is another's answers as one that does not exist, byte by byte and with as many queries.
A new address fails the first test until it stands in the table.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.catalogue.loading import shipped_types
from eservices.contracts.access import BILLS
from eservices.contracts.models import Contract
from eservices.contracts.proving import end_holding
from eservices.payments.models import Attempt, Payment
from eservices.payments.posting import Line, post_payment
from eservices.people.mandates import MandateInput, end, give
from eservices.people.models import Mandate, Person
from eservices.people.persons import person_for
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import a_contract, a_meter, held_by
from tests.eservices.readings.readings import a_reading, a_round, today
from tests.spaces import let_in
from web.portal.urls import urlpatterns

pytestmark = pytest.mark.django_db
ROOMS: Final = (
    *("my/contracts/", "my/bills/", "my/statement/", "my/readings/", "my/payments/"),
    *("bills/", "readings/", "pay/"),
)
SECRETS: Final = ("Tazi", "Rue Cachée", "987,65", "987.65", "S770000")
AGENT: Final = "agent@usager.example"


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for: Nadia's own, or what does not exist; both written equally long."""

    contract: str
    bill_id: int
    bill: str
    meter_id: int
    serial: str
    oid: str
    payment: UUID
    reading: UUID

    @property
    def token(self) -> str:
        """An address to send a reading again, forged with another salt."""
        return signing.dumps(str(self.reading), salt="guessed")

    def values(self) -> Iterator[str]:
        """What a page may repeat of the question, the longest first."""
        told = (getattr(self, name) for name in self.__dataclass_fields__)
        yield from sorted(map(str, told), key=len, reverse=True)


def thing(last: int) -> Thing:
    """Return the thing of a last digit."""
    return Thing(
        contract=f"770000{last}", bill_id=7_700_000 + last, bill=f"ZB-770000{last}",
        meter_id=7_800_000 + last, serial=f"S770000{last}", oid=f"26112777{last}AAAAAAAAAAAAAAA",
        payment=UUID(int=77 * 10 + last), reading=UUID(int=88 * 10 + last),
    )  # fmt: skip


HERS, NOBODYS, WARM = thing(1), thing(8), thing(9)


@dataclass(frozen=True, slots=True)
class Row:
    """An address and how it is asked for a thing. `counted`: with as many queries."""

    name: str
    args: Callable[[Thing], list[Any]] = lambda _it: []
    query: Callable[[Thing], Mapping[str, str]] = lambda _it: {}
    form: Callable[[Thing], Mapping[str, Any]] | None = None
    counted: bool = True
    open: bool = field(default=False)  # a form that another site's page may post

    def ask(self, client: Client, it: Thing) -> Any:
        """Ask for the thing."""
        path = reverse(f"portal:{self.name}", args=self.args(it))
        if self.form is None:
            return client.get(path, self.query(it))
        return client.post(path, self.form(it))


def _contract(it: Thing) -> dict[str, str]:
    return {"contract": it.contract}


def _order(it: Thing) -> dict[str, str]:
    return {"order": it.oid}


def _oid(it: Thing) -> dict[str, str]:
    return {"oid": it.oid, "ReturnOid": it.oid, "amount": "987.65", "ProcReturnCode": "00"}


def _meter(it: Thing) -> dict[str, Any]:
    return {
        "meter": it.meter_id, "contract": "", "serial": "", "index": "130", "name": "Karim",
        "read_on": today().isoformat(), "confirmed": "on",
    }  # fmt: skip


TABLE: Final = (
    Row("contracts", query=lambda it: {"q": it.contract}),
    Row("prove_contract", query=lambda it: {"number": it.contract}),
    Row("prove_contract", form=lambda it: {"number": it.contract, "code": "WRONGWRG"}),
    Row(
        "prove_contract",
        form=lambda it: {"number": it.contract, "bill": it.bill, "amount": "1.00"},
    ),
    Row("contract", lambda it: [it.contract]),
    Row("name_contract", lambda it: [it.contract], form=lambda _it: {"label": "Mine"}),
    Row("remove_contract", lambda it: [it.contract], form=lambda _it: {}),
    Row("my_bills", query=_contract),
    Row("my_bills", query=lambda it: {**_contract(it), "unpaid": "1"}),
    Row("my_bill", lambda it: [it.bill_id]),
    Row("my_bill_pdf", lambda it: [it.bill_id]),
    Row("my_bill_xml", lambda it: [it.bill_id]),
    Row("my_statement", query=_contract),
    Row("my_statement_pdf", query=_contract),
    Row("my_statement_csv", query=_contract),
    Row("duplicate", query=_contract),
    Row("duplicate", form=lambda it: {**_contract(it), "code": "WRONGWRG"}),
    Row("duplicate", form=lambda it: {**_contract(it), "bill": it.bill, "amount": "1,00"}),
    Row("duplicate_bills", query=_contract),
    Row("duplicate_pdf", lambda it: [it.bill_id]),
    Row("duplicate_leave", form=_contract),
    Row("reading_send", query=lambda it: {"meter": str(it.meter_id), **_contract(it)}),
    Row("reading_send", form=_meter),
    Row("reading_again", lambda it: [it.token]),
    Row("reading_sent"),
    Row("space_readings", query=lambda it: {"meter": str(it.meter_id)}),
    Row("space_reading", lambda it: [it.meter_id]),
    Row("pay", query=_contract),
    Row("pay", query=lambda it: {"bill": it.bill}),
    Row("pay", form=lambda it: {"bill": it.bill, f"amount-{it.bill}": "1.00"}),
    Row("pay_find", query=_contract),
    Row("pay_find", form=lambda it: {"number": it.contract, "code": "WRONGWRG"}),
    Row("pay_confirm", query=_order),
    Row("pay_state", query=_order),
    Row("pay_receipt", lambda it: [it.payment]),
    Row("pay_returned", query=_oid),
    Row("pay_returned", form=_oid, open=True),
    Row("pay_returned_failed", query=_oid),
    Row("pay_returned_failed", form=_oid, open=True),
    # Its answer is the same; that an unsigned call named a real order is written into the journal.
    Row("pay_callback", form=_oid, counted=False, open=True),
    Row("space_payments", query=_order),
)


def _names(patterns: Any, before: str = "") -> Iterator[str]:
    """Yield the names of the addresses that stand in these rooms."""
    for one in patterns:
        place = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns, place)
        elif isinstance(one, URLPattern) and place.startswith(ROOMS):
            yield str(one.name)


def test_every_address_stands_in_the_table() -> None:
    """A new one needs its row."""
    found = set(_names(urlpatterns))
    assert len(found) > 25
    assert found == {row.name for row in TABLE}


@pytest.fixture
def hers(settings: Any) -> Contract:
    """Nadia's contract, with a bill, a meter, a reading, an attempt to pay and a payment."""
    settings.PAYMENT_URL = "nestpay://600:TEST%7C1234@bank.example/fim/est3Dgate"
    a_round()
    nadia = person_for("email", "nadia@usager.example", name="Nadia Tazi")
    contract = a_contract(
        HERS.contract, customer_name="Nadia Tazi", address="1 Rue Cachée", email=nadia.name
    )
    held_by(nadia, contract)
    a_bill(contract, 98765, id=HERS.bill_id, number=HERS.bill)
    a_reading(a_meter(contract, HERS.serial, id=HERS.meter_id), id=HERS.reading, state="declined")
    attempt = Attempt.objects.create(
        oid=HERS.oid, gateway="nestpay", amount=98765, currency="MAD", person=nadia,
        made_at=timezone.now(),
    )  # fmt: skip
    paid = a_bill(contract, 98765, number="ZB-7700009")
    post_payment(
        [Line(paid.number, 98765)], channel="card", paid_at=timezone.now(), person=nadia,
        attempt=attempt,
    )  # fmt: skip
    return contract


def signed_in(person: Person, client: Client | None = None) -> Client:
    """Return the browser of a citizen who is in my space."""
    client = client or Client()
    session = client.session
    let_in(session, person)
    session.save()
    return client


def _nobody(_hers: Contract) -> Client:
    return Client()


def _other(_hers: Contract) -> Client:
    """A customer with a contract, a bill and a meter of his own."""
    karim = person_for("email", "karim@usager.example", name="Karim")
    contract = a_contract("1000001", customer_name="Karim")
    held_by(karim, contract)
    a_bill(contract, 100)
    a_meter(contract)
    return signed_in(karim)


def _former(hers: Contract) -> Client:
    """Who held the very contract until today."""
    karim = person_for("email", "karim@usager.example", name="Karim")
    end_holding(held_by(karim, hers))
    return signed_in(karim)


def _agent(**scope: Any) -> Callable[[Contract], Client]:
    def make(hers: Contract) -> Client:
        agent = person_for("email", AGENT)
        give(_holder_of(hers), MandateInput(contact=AGENT, **scope))
        return signed_in(agent)

    return make


def _ended(hers: Contract) -> Client:
    client = _agent()(hers)
    end(_holder_of(hers), Mandate.objects.get().pk)
    return client


def _second(hers: Contract) -> Client:
    """Whom an agent let act: a mandate is not handed on."""
    _agent()(hers)
    other = person_for("email", "other@usager.example")
    give(person_for("email", AGENT), MandateInput(contact="other@usager.example"))
    return signed_in(other)


def _holder_of(contract: Contract) -> Person:
    return contract.holders.order_by("pk")[0].person


ASKERS: Final[dict[str, Callable[[Contract], Client]]] = {
    "nobody": _nobody,
    "another customer": _other,
    "former holder": _former,
    "agent for another service": _agent(services=["complaint_water"]),
    "agent for another contract": _agent(contracts=["1000001"]),
    "agent until yesterday": _ended,
    "agent of an agent": _second,
}


def _told(answer: Any, it: Thing) -> tuple[Any, ...]:
    """Return an answer without tokens, and without what was asked for."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = re.sub(r'value="[\w-]{20,}"|data-shown="[^"]*"', "", body.decode())
    place = answer.headers.get("Location", "")
    for value in (it.token, *it.values()):
        text, place = text.replace(value, "ASKED"), place.replace(value, "ASKED")
    kept = {name: value for name, value in answer.headers.items() if name not in _OF_EACH}
    return answer.status_code, place, kept, text


_OF_EACH: Final = {"Location", "Content-Length", "X-Request-ID", "Content-Security-Policy"}


@pytest.mark.parametrize("asker", ASKERS)
def test_anothers_answers_as_what_does_not_exist(hers: Contract, asker: str) -> None:
    """For everybody who has nothing to do with it, at every address."""
    client, known = ASKERS[asker](hers), replace(HERS, payment=Payment.objects.get().pk)
    before = (Attempt.objects.count(), Payment.objects.count(), hers.holders.count())
    for row in TABLE:
        row.ask(client, WARM)
        told, queries = [], []
        for it in (NOBODYS, known):
            with CaptureQueriesContext(connection) as captured:
                answer = row.ask(client, it)
                told.append(_told(answer, it))
            queries.append([re.sub(r"\d+", "0", one["sql"])[:60] for one in captured])
        assert told[0] == told[1], (asker, row.name)
        assert not [one for one in SECRETS if one in told[1][3]], (asker, row.name)
        assert not row.counted or len(queries[0]) == len(queries[1]), (asker, row.name, queries)
    after = (Attempt.objects.count(), Payment.objects.count(), hers.holders.count())
    assert after == before
    assert Bill.objects.get(pk=HERS.bill_id).remaining == 98765


def test_no_form_is_posted_from_another_site(hers: Contract) -> None:
    """But for the gateway's own, which change nothing without its signature."""
    client = signed_in(_holder_of(hers), Client(enforce_csrf_checks=True))
    for row in TABLE:
        if row.form is not None:
            refused = row.ask(client, HERS).status_code == 403
            assert refused is not row.open, row.name
    assert hers.holders.filter(ended_at=None).exists()


MANDATES: Final = {
    # services: sees contract, bills, statement; sees readings; sends readings; pays
    (): (True, True, True, True),
    ("pay_bill",): (True, True, False, True),
    ("statement",): (True, True, False, False),
    ("duplicate_bill",): (True, True, False, False),
    ("instalments",): (True, True, False, False),
    ("self_reading",): (False, True, True, False),
    ("statement", "self_reading"): (True, True, True, False),
    ("complaint_water",): (False, False, False, False),
}


@pytest.mark.parametrize("services", MANDATES)
def test_one_rule_for_mandates(hers: Contract, services: tuple[str, ...]) -> None:
    """For all services or one of the family of bills: the contract with all that it shows."""
    client = _agent(services=services, contracts=[HERS.contract])(hers)
    shows, reads, sends, pays = MANDATES[services]
    for name, args in (
        ("contract", [HERS.contract]),
        ("my_bill", [HERS.bill_id]),
        ("my_bill_pdf", [HERS.bill_id]),
    ):
        answer = client.get(reverse(f"portal:{name}", args=args))
        assert answer.status_code == (200 if shows else 404), name
    for name in ("my_bills", "my_statement", "my_statement_csv"):
        answer = client.get(reverse(f"portal:{name}"), {"contract": HERS.contract})
        assert answer.status_code == (200 if shows else 404), name
    assert (HERS.contract in client.get("/my/contracts/").content.decode()) is shows
    page = client.get("/my/readings/").content.decode()
    assert (HERS.serial in page) is reads
    assert (f"/readings/send/?meter={HERS.meter_id}" in page) is sends
    answer = client.get(f"/my/readings/{HERS.meter_id}/")
    assert answer.status_code == (200 if reads else 404)
    assert (HERS.serial in client.get("/readings/send/").content.decode()) is sends
    answer = client.post("/pay/", {"bill": HERS.bill})
    assert answer.status_code == (303 if pays else 422)


def test_the_family_of_bills_is_the_catalogues() -> None:
    """A service that joins it there joins the rule."""
    assert {code for code, one in shipped_types().items() if one["family"] == "bill"} == set(BILLS)
