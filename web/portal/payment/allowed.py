"""Which bills a browser may pay: those of its person, of the visited request, of a proven contract.

Any other bill is as one that does not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from eservices.agency.models import Due
from eservices.bills.holders import of_present_holders
from eservices.bills.models import Bill
from eservices.contracts.access import PAYING as PAY_BILL
from eservices.contracts.access import contracts_of
from eservices.money import CURRENCY
from eservices.payments.models import Attempt, AttemptLine, Payment
from eservices.requests.access import requests_of
from eservices.requests.models import Request
from registry.models.letters import Letter
from web.portal import visit
from web.portal.payment import session
from web.portal.space.session import person_in
from web.portal.visit import VisitOverError

MOST_CONTRACTS: Final = 500
MOST: Final = 100  # bills on a page


@dataclass(frozen=True, slots=True)
class Payable:
    """Bills that may be paid, the oldest first; `more`: there are others."""

    bills: list[Bill]
    more: bool


def knows(request: HttpRequest) -> bool:
    """Return whether the browser's person is known for these bills: by a sign-in or a proof."""
    return bool(person_in(request) or session.granted(request) or _visited(request))


def payable_of(request: HttpRequest, bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """Return those of some bills that remain to be paid, as far as this browser may pay them."""
    return bills.filter(_mine(request), remaining__gt=0, currency=CURRENCY)


def payable(request: HttpRequest, *, contract: str = "") -> Payable:
    """Return the bills that remain to be paid, of one contract alone where it is named."""
    rows = payable_of(request, Bill.objects.all())
    if contract:
        rows = rows.filter(contract__number=contract)
    found = list(rows.select_related("contract").order_by("due_on", "id")[: MOST + 1])
    return Payable(found[:MOST], len(found) > MOST)


def named(request: HttpRequest, numbers: list[str]) -> list[Bill]:
    """Return the bills with these numbers, as far as this browser may pay them."""
    rows = Bill.objects.filter(_mine(request), number__in=numbers[:100], currency=CURRENCY)
    return list(rows.select_related("contract").order_by("due_on", "id"))


def note_bills(request: HttpRequest, bills: Iterable[Bill]) -> None:
    """Note that the page shows these bills, as far as this browser proved their contracts."""
    session.note_contracts(request, (bill.contract_id for bill in bills if bill.contract_id))


def note_attempt(request: HttpRequest, attempt: Attempt) -> None:
    """Note that the page shows an attempt, where it is this browser's and not its person's."""
    person = person_in(request)
    if person is None or attempt.person_id != person.pk:
        session.note_attempt(request, attempt)


def attempt_of(request: HttpRequest, oid: str) -> Attempt | None:
    """Return an attempt that this browser or its person began; None for any other."""
    return Attempt.objects.filter(_begun(request), oid=oid).first() if oid else None


def at_the_bank(request: HttpRequest, bills: list[Bill]) -> dict[int, str]:
    """Return, by bill, the newest attempt of this browser or person that the bank has not ended."""
    waiting = (Attempt.State.SENT, Attempt.State.UNKNOWN)
    begun = Attempt.objects.filter(_begun(request), state__in=waiting)
    lines = AttemptLine.objects.filter(bill__in=bills, attempt__in=begun)
    return dict(lines.order_by("attempt__made_at").values_list("bill_id", "attempt__oid"))


def paid_for(request: HttpRequest, bills: Iterable[int]) -> Letter | None:
    """Return the one request of the visit, else of the person, that these bills are for, if any."""
    wanted = list(bills)
    asked = Request.objects.filter(Q(bills__in=wanted) | Q(dues__bill__in=wanted))
    if letter := _visited(request):
        return letter if asked.filter(letter=letter).exists() else None
    if (person := person_in(request)) is None:
        return None
    found = requests_of(person).filter(pk__in=asked.values("pk")).select_related("letter")[:2]
    return found[0].letter if len(found) == 1 else None


def _begun(request: HttpRequest) -> Q:
    begun = Q(oid__in=session.begun(request))
    if person := person_in(request):
        begun |= Q(person=person)
    return begun


def payments_of(request: HttpRequest) -> QuerySet[Payment]:
    """Return the payments that this browser or its person made."""
    made = Q(attempt__oid__in=session.begun(request))
    if person := person_in(request):
        made |= Q(person=person)
    return Payment.objects.filter(made)


def _mine(request: HttpRequest) -> Q:
    contracts = [int(pk) for pk in session.granted(request)]
    mine = Q(pk__in=())
    if letter := _visited(request):
        mine |= Q(request__letter=letter) | Q(pk__in=_dues(letter))
    if person := person_in(request):
        own = contracts_of(person, service=PAY_BILL).values_list("pk", flat=True)
        contracts += own[:MOST_CONTRACTS]
        requests = list(requests_of(person).values_list("pk", flat=True)[:MOST_CONTRACTS])
        mine |= Q(request__in=requests)
    return mine | of_present_holders(contracts)


def _dues(letter: Any) -> Any:
    """Return the bills of contracts that a visited request waits for."""
    return Due.objects.filter(request__letter=letter).values("bill")


def _visited(request: HttpRequest) -> Letter | None:
    try:
        return visit.letter_of(request)
    except VisitOverError:
        return None
