"""Statement and duplicate: at once for who has proven the contract, by staff for others."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from eservices.contracts.events import CHANGED_BY_REQUEST, note
from eservices.contracts.models import Contract, Holder
from eservices.contracts.proving import hold
from eservices.people.persons import person_for
from eservices.requests.models import Request
from registry.models.letters import ReplyLink
from tests.eservices.agency.journey import Clerk, asked, branch_head, fresh
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen, code_in, person_of
from tests.eservices.contracts.contracts import a_contract
from tests.eservices.journeys.test_developer_file import Follower
from tests.eservices.office import opened
from tests.eservices.relations.centre import agent
from tests.factories import drain

pytestmark = pytest.mark.django_db
SALMA = "salma@example.org"


def account(contract: Contract) -> dict[str, Any]:
    """The answers of who asks for this year's statement."""
    today = timezone.localdate()
    since = today - timedelta(days=300)
    return {
        "contract": contract.number, "holder": "Salma Alami", "from": since.isoformat(),
        "to": today.isoformat(),
    }  # fmt: skip


def delivered(request: Request) -> Reply:
    """The one reply that was registered as the answer, with its PDF."""
    reply = Reply.objects.get(letter=request.letter)
    assert ReplyLink.objects.get(incoming=request.letter).outgoing == reply.outgoing
    assert reply.outgoing is not None
    assert reply.outgoing.register.direction == "out"
    assert Dispatch.objects.get(reply=reply).method == "portal"
    return reply


def test_a_statement_is_delivered_at_once(mailoutbox: list[EmailMessage]) -> None:
    salma, contract = citizen(SALMA, mailoutbox), a_contract()
    a_bill(contract, 12_840)
    hold(person_of(SALMA), contract, proof="code")
    department = branch_head("COM")
    request = asked(salma, "statement", ("account", account(contract)))
    drain("agency.begin", "reply.dispatch")
    ended = fresh(request)
    assert (ended.stage, ended.outcome) == ("delivered", "granted")
    reply = delivered(request)
    assert reply.author == department.user
    space = Follower(salma, request)
    assert reply.outgoing is not None
    document = reply.outgoing.documents.get()
    assert f"/follow/reply/{document.pk}/file/" in space.page()
    answer = salma.get(f"/follow/reply/{document.pk}/file/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    drain("agency.begin")
    assert Reply.objects.count() == 1


def test_a_stranger_waits_for_staff_who_deliver(mailoutbox: list[EmailMessage]) -> None:
    contract, stranger = a_contract(), Client()
    a_bill(contract, 12_840)
    base = "/services/statement"
    stranger.get(f"{base}/start/")
    stranger.post(f"{base}/form/account/", account(contract))
    contact = {"name": "Salma Alami", "email": SALMA, "tell": "email"}
    answer = stranger.post(f"{base}/contact/", contact)
    assert answer["Location"].endswith("/contact/verify/"), answer["Location"]
    stranger.post(f"{base}/contact/verify/", {"way": "email"})
    drain("code.send")
    stranger.post(f"{base}/contact/verify/", {"way": "email", "code": code_in(mailoutbox[-1])})
    assert stranger.post(f"{base}/check/").status_code == 303
    request = Request.objects.get()
    drain("agency.begin")
    assert fresh(request).stage == "received"
    assert not Reply.objects.exists()
    page = stranger.get(f"{base}/done/").content.decode()
    assert "128,40" not in page
    head = branch_head("COM")
    assert "agency/deliver/" in head.page(request)
    head.post(request, "request/actions/deliver/")
    assert fresh(request).stage == "received"  # nothing was sent yet
    head.agency(request, "deliver")
    assert fresh(request).stage == "delivered"
    assert delivered(request).author == head.user
    assert "agency/deliver/" not in head.page(request)


def test_who_an_agent_speaks_with_has_proven_nothing_by_that(db: None) -> None:
    """The page of the holder was open, and the caller gave an address of their own."""
    contract, holder = a_contract(), person_for("email", SALMA, name="Salma Alami")
    bill = a_bill(contract, 12_840)
    hold(holder, contract, proof="code")
    branch_head("COM")
    asks: dict[str, Any] = {"person": holder, "actor": agent(), "channel": "phone"} | {
        "email": "other@example.org"
    }
    request = opened("statement", answers=account(contract), **asks)
    drain("agency.begin")
    assert fresh(request).stage == "received"
    assert not Reply.objects.exists()
    proof = {"last_bill": bill.number, "last_amount": "128.40"}
    request = opened("statement", answers={**account(contract), **proof}, **asks)
    drain("agency.begin")
    assert fresh(request).stage == "delivered"


def test_what_a_caller_proves_is_not_added_to_the_page_that_was_open(db: None) -> None:
    """The agent chose the customer; the contract and its bill are those of somebody else."""
    contract, chosen = a_contract(), person_for("email", SALMA)
    bill = a_bill(contract, 12_840)
    branch_head("COM")
    proof = {"last_bill": bill.number, "last_amount": "128.40"}
    opened(
        "statement", answers={**account(contract), **proof}, person=chosen, actor=agent(),
        channel="phone",
    )  # fmt: skip
    drain("agency.begin")
    assert not Holder.objects.filter(person=chosen).exists()


def test_who_took_a_contract_over_gets_no_paper_of_who_left(db: None) -> None:
    contract, owner = a_contract(), person_for("email", SALMA)
    old = a_bill(contract, 12_840)
    note(contract, CHANGED_BY_REQUEST, what="holder")
    hold(owner, contract, proof="code")
    own = a_bill(contract, 500)
    branch_head("COM")
    for bill, stage in ((old, "received"), (own, "delivered")):
        answers = {"contract": contract.number, "bill_number": bill.number}
        request = opened("duplicate_bill", answers=answers, person=owner)
        drain("agency.begin")
        assert fresh(request).stage == stage


def test_a_last_bill_proves_the_contract(db: None) -> None:
    contract, asker = a_contract(), person_for("email", SALMA)
    bill = a_bill(contract, 12_840)
    branch_head("COM")
    for amount, stage in (("128.41", "received"), ("128.40", "delivered")):
        proof = {"last_bill": bill.number, "last_amount": amount}
        request = opened("statement", answers={**account(contract), **proof}, person=asker)
        drain("agency.begin")
        assert fresh(request).stage == stage


def test_others_may_not_deliver(db: None) -> None:
    contract = a_contract()
    request = opened("statement", answers=account(contract), email=SALMA)
    other: Clerk = branch_head("TRX")
    answer = other.client.post(f"/letters/{request.letter_id}/agency/deliver/")
    assert answer.status_code == 404
    assert not Reply.objects.exists()


def test_a_duplicate_is_the_bill_that_was_asked_for(db: None) -> None:
    contract, owner = a_contract(), person_for("email", SALMA)
    bill = a_bill(contract, 9_900, number="F-2026-77")
    hold(owner, contract, proof="code")
    branch_head("COM")
    given = {"contract": contract.number, "holder": "S", "bill_number": "f 2026 77"}
    request = opened("duplicate_bill", answers=given, person=owner, language="ar")
    drain("agency.begin")
    assert fresh(request).stage == "delivered"
    assert bill.number in delivered(request).subject


def test_a_bill_of_another_contract_is_no_duplicate(db: None) -> None:
    contract, owner = a_contract(), person_for("email", SALMA)
    strange = a_bill(a_contract("1000002"), 9_900, number="F-88")
    hold(owner, contract, proof="code")
    head = branch_head("COM")
    given = {"contract": contract.number, "holder": "S", "bill_number": strange.number}
    request = opened("duplicate_bill", answers=given, person=owner)
    drain("agency.begin")
    assert fresh(request).stage == "received"
    head.agency(request, "deliver")
    assert fresh(request).stage == "received"
    assert not Reply.objects.exists()
