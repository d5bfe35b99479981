"""A new connection from the request to the active contract, by the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from eservices.agency.models import ContractChange
from eservices.contracts.models import Contract, Holder
from eservices.requests.models import Request
from tests.eservices.agency.journey import (
    Clerk,
    asked,
    branch_head,
    fresh,
    order_of,
    paid,
    shown,
    worked,
)
from tests.eservices.citizens import citizen
from tests.eservices.journeys.test_developer_file import Follower

pytestmark = pytest.mark.django_db
APPLICANT = {"quality": "owner", "use": "housing", "units": "1"}
PLACE = {"place": "12, rue des Orangers, Settat", "neighbour": "1000099"}
PIECES = ("cin", "property", "permit", "plan")
SALMA = "salma@example.org"


@dataclass(frozen=True)
class Walk:
    """What the walk of one service has of its own; `meter`: serial number and first index."""

    done: str = "meter_set"
    meter: tuple[tuple[str, str], ...] = (("MTR-77", "12"),)
    changes: tuple[str, ...] = ("opened", "meter", "activated")
    applicant: Mapping[str, str] = field(default_factory=dict)
    activation: Mapping[str, str] = field(default_factory=dict)


WALKS: Final = {
    "water": Walk(),
    "electricity": Walk(applicant={"phases": "single"}),
    "sewage": Walk(
        "connected", (), ("opened", "activated"), {"today": "pit"}, {"comment": "Conforme."}
    ),
}  # fmt: skip


def quoted(head: Clerk, request: Request) -> None:
    """The head makes a quotation over 2 400 DH."""
    until = timezone.localdate() + timedelta(days=30)
    given: dict[str, Any] = {
        "what": ["Branchement"], "quantity": ["1"], "unit": ["u"], "price": ["2000"],
        "rate": ["20"], "valid_until": until.isoformat(),
    }  # fmt: skip
    head.post(request, "request/quotations/", **given)
    assert fresh(request).stage == "quotation_sent"


@pytest.mark.parametrize("service", WALKS)
def test_a_connection_from_request_to_active_contract(
    service: str, mailoutbox: list[EmailMessage]
) -> None:
    walk = WALKS[service]
    salma = citizen(SALMA, mailoutbox)
    pages = (("applicant", {**APPLICANT, **walk.applicant}), ("place", PLACE))
    request = asked(salma, f"connection_{service}", *pages, pieces=PIECES)
    assert request.contract_number == ""  # the neighbour's is not theirs
    head = branch_head()
    worked(order_of(request, "Visite"))
    assert fresh(request).stage == "quotation"
    quoted(head, request)
    space = Follower(salma, request)
    space.post("request/quotation/", quotation="1", decision="accept", sure="1")
    assert fresh(request).stage == "payment"
    page = shown(space.page())
    assert "2 400,00" in page.replace("\u202f", " ").replace("\xa0", " ")
    [bill] = request.bills.all()
    assert f"/pay/?bill={bill.number.replace('/', '%2F')}" in space.page()
    head.post(request, "request/actions/paid/")  # nothing has come
    assert fresh(request).stage == "payment"

    payment = paid(request)
    assert fresh(request).stage == "to_plan"
    assert payment.receipt in space.page()
    contract = Contract.objects.get()
    assert (contract.status, contract.customer_name) == ("pending", "Salma Alami")
    assert (contract.address, contract.services) == ("12, rue des Orangers, Settat", [service])
    assert Holder.objects.get(contract=contract).person == request.person
    worked(order_of(request, "Travaux"), *walk.meter)
    assert fresh(request).stage == walk.done
    head.act(request, "activate", "active", **walk.activation)
    contract.refresh_from_db()
    assert (contract.status, contract.opened_on) == ("active", timezone.localdate())
    meters = contract.meters.values_list("service", "serial", "last_index")
    assert list(meters) == [(service, serial, int(index)) for serial, index in walk.meter]
    assert contract.number in space.page()
    assert contract.number in salma.get("/my/contracts/").content.decode()
    kinds = ContractChange.objects.order_by("pk").values_list("kind", flat=True)
    assert tuple(kinds) == walk.changes
