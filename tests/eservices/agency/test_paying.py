"""Requests that are paid: bills found, schedules, deposits, a change of holder."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from eservices.agency.automatic_moves import resume_settled_work
from eservices.agency.dues import link_bill
from eservices.agency.late import notify_late
from eservices.agency.models import Instalment, Plan
from eservices.agency.owning import names_a_bill
from eservices.agency.plans import next_amounts, next_sum, parts_of
from eservices.bills.listing import bills_of
from eservices.bills.models import Bill
from eservices.bills.remaining import set_remaining
from eservices.bills.statement import statement_of
from eservices.contracts.models import Contract, Holder, Meter
from eservices.contracts.proving import WrongProofError, hold, prove
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.payments import journal
from eservices.payments.posting import Line, post_payment
from eservices.people.persons import person_for
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from registry.models.events import LetterEvent
from routing.acting.errors import NotAllowedError
from tests.eservices.agency.journey import (
    JOBS,
    Clerk,
    branch_head,
    fresh,
    order_of,
    paid,
    shown,
    subscription_to_pay,
    worked,
)
from tests.eservices.bills.bills import a_bill
from tests.eservices.contracts.contracts import CODE, a_contract, a_meter, imported, table
from tests.eservices.office import opened
from tests.factories import drain, pdf, person
from tests.web.portal.test_follow import login
from web.portal.request_page.dues import dues_part

pytestmark = pytest.mark.django_db
SALMA = "salma@example.org"


def to_pay(contract: Contract, **more: Any) -> Request:
    """Somebody asks to pay."""
    answers = {"contract": contract.number, "way": "card", **more.pop("answers", {})}
    request = opened("pay_bill", answers=answers, **more)
    drain(*JOBS)
    return fresh(request)


class TestPayBill:
    def test_shows_a_holder_all_that_is_open(self) -> None:
        contract, owner = a_contract(), person_for("email", SALMA)
        hold(owner, contract, proof="code")
        bills = [a_bill(contract, 5_000), a_bill(contract, 7_000)]
        request = to_pay(contract, person=owner)
        assert request.stage == "payment"
        assert [due.bill for due in request.dues.order_by("pk")] == bills
        paid(request)
        assert fresh(request).stage == "paid"
        assert list(journal.check()) == []

    def test_shows_who_names_a_bill_this_one_alone(self) -> None:
        contract = a_contract()
        bill, other = a_bill(contract, 5_000), a_bill(contract, 7_000)
        request = to_pay(contract, answers={"bill_number": bill.number, "amount": "50.00"})
        assert [due.bill for due in request.dues.all()] == [bill]
        post_payment([Line(other.number, 7_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS)
        assert fresh(request).stage == "payment"
        post_payment([Line(bill.number, 5_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS)
        assert fresh(request).stage == "paid"

    def test_shows_who_names_the_last_of_many_bills_this_one_alone(self) -> None:
        contract, today = a_contract(), timezone.localdate()
        bills = [a_bill(contract, 5_000 + n, due_on=today + timedelta(n)) for n in range(21)]
        request = to_pay(contract, answers={"bill_number": bills[-1].number, "amount": "50.20"})
        assert [due.bill for due in request.dues.all()] == [bills[-1]]

    def test_shows_nothing_in_place_of_a_named_bill_that_was_paid_meanwhile(self) -> None:
        contract = a_contract()
        bill, _other = a_bill(contract, 5_000), a_bill(contract, 7_000)
        answers = {"contract": contract.number, "way": "card", "bill_number": bill.number}
        request = opened("pay_bill", answers={**answers, "amount": "50.00"})
        assert names_a_bill(request)
        post_payment([Line(bill.number, 5_000)], channel="cash", paid_at=timezone.now())
        with pytest.raises(NotAllowedError):
            take_action(request, "amount_due", system=True)
        assert not fresh(request).dues.exists()

    def test_tells_a_stranger_nothing(self) -> None:
        contract = a_contract()
        number = a_bill(contract, 5_000).number
        guesses = ({"bill_number": number}, {"bill_number": number, "amount": "49.99"})
        for answers in ({}, {"bill_number": "B9", "amount": "50.00"}, *guesses):
            request = to_pay(contract, answers=answers)
            assert request.stage == "received"
            assert not request.dues.exists()
        assert to_pay(a_contract("5", code="")).stage == "received"

    def test_ends_where_a_holder_owes_nothing(self) -> None:
        contract, owner = a_contract(), person_for("email", SALMA)
        hold(owner, contract, proof="code")
        request = to_pay(contract, person=owner)
        assert (request.stage, request.outcome) == ("closed", "no_action")

    def test_goes_on_once_when_billing_says_it_was_paid(self) -> None:
        contract, owner = a_contract(), person_for("email", SALMA)
        hold(owner, contract, proof="code")
        a_bill(contract, 5_000)
        request = to_pay(contract, person=owner)
        Bill.objects.update(billed=0, remaining=0)
        assert resume_settled_work("now", lambda _done, _of: None) == 1
        assert resume_settled_work("now", lambda _done, _of: None) == 0
        assert fresh(request).stage == "paid"


DEBT = {
    "holder": "Salma Alami", "amount": "300.00", "first_payment": "100.00", "months": 2,
    "reason": "income", "cut_off": "no",
}  # fmt: skip


class TestInstalments:
    def agreed(self, contract: Contract) -> tuple[Request, Clerk]:
        """A request whose schedule waits for the citizen."""
        answers = {"contract": contract.number, **DEBT}
        request = opened("instalments", answers=answers, email=SALMA)
        head = branch_head("REC")
        head.act(request, "review", "review")
        head.act(request, "to_decision", "decision", comment="Accord")
        head.post(request, "request/actions/propose/")
        assert fresh(request).stage == "decision"  # there is no schedule
        page = head.page(request)
        days = re.findall(r'name="day"\s+value="([^"]+)"', page)
        amounts = re.findall(r'name="amount"\s+value="([^"]+)"', page)
        assert amounts == ["100.00", "100.00", "100.00"]
        bills = list(contract.bills.values_list("number", flat=True))
        typed = {"bill": bills, "day": days, "amount": ["100", "100", "99"]}
        assert 'value="99"' in head.agency(request, "plan", **typed)
        assert not Plan.objects.exists()
        head.agency(request, "plan", bill=bills, day=days, amount=amounts)
        head.act(request, "propose", "agreement")
        return fresh(request), head

    def test_are_parts_of_the_bills(self) -> None:
        contract = a_contract()
        first, second = a_bill(contract, 12_000), a_bill(contract, 18_000)
        request, _head = self.agreed(contract)
        take_action(request, "accept_schedule", letter_code=True)
        assert fresh(request).stage == "first_payment"
        first.refresh_from_db()
        assert first.partial
        post_payment([Line(first.number, 9_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS)
        assert fresh(request).stage == "first_payment"
        post_payment([Line(second.number, 1_000)], channel="card", paid_at=timezone.now())
        drain(*JOBS)
        assert fresh(request).stage == "agreed"
        assert sum(Bill.objects.values_list("remaining", flat=True)) == 20_000
        assert Bill.objects.count() == 2  # a debt is never there twice

    def test_ask_for_the_next_of_them_not_for_all(self) -> None:
        contract = a_contract()
        older, newer = a_bill(contract, 6_000), a_bill(contract, 24_000)
        request, _head = self.agreed(contract)
        assert next_amounts([older, newer]) == {}  # nobody has accepted it
        take_action(request, "accept_schedule", letter_code=True)
        plan = Plan.objects.get()
        assert next_sum(plan) == 10_000
        assert next_amounts([older, newer]) == {older.number: 6_000, newer.number: 4_000}
        assert next_amounts([newer]) == {newer.number: 10_000}
        post_payment([Line(older.number, 6_000)], channel="cash", paid_at=timezone.now())
        post_payment([Line(newer.number, 5_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS)
        assert next_amounts([older, newer]) == {newer.number: 9_000}
        over = timezone.localdate() - timedelta(days=1)
        plan.instalments.update(due_on=over)
        assert next_amounts([newer]) == {newer.number: 19_000}  # all that fell due
        post_payment([Line(newer.number, 19_000)], channel="cash", paid_at=timezone.now())
        assert next_sum(plan) == 0

    def test_that_are_late_are_told_once_each(self, mailoutbox: list[EmailMessage]) -> None:
        contract = a_contract()
        bill = a_bill(contract, 30_000)
        request, _head = self.agreed(contract)
        assert notify_late() == 0  # not accepted yet
        take_action(request, "accept_schedule", letter_code=True)
        over = timezone.localdate() - timedelta(days=1)
        Plan.objects.get().instalments.filter(number__lte=2).update(due_on=over)
        post_payment([Line(bill.number, 10_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS, EserviceJob.REQUEST_TELL)
        mailoutbox.clear()
        assert (notify_late(), notify_late()) == (1, 0)
        drain(EserviceJob.REQUEST_TELL)
        [told] = [mail.body for mail in mailoutbox if "100,00" in mail.body]
        assert f"{over:%d/%m/%Y}" in told
        assert "\u2069\u00a0DH" in told
        [event] = LetterEvent.objects.filter(kind=EserviceEvent.INSTALMENT_LATE)
        assert event.data == {"number": 2, "amount": "100.00", "due_on": over.isoformat()}

    @pytest.mark.parametrize(
        ("total", "states", "asked"),
        [
            (30_000, ["paid", "late", "ahead"], 10_000),
            (24_000, ["paid", "late", "ahead"], 10_000),  # the last one is 40.00 now
            (20_000, ["paid", "late", "dropped"], 10_000),  # nothing is owed for the last one
            (37_000, ["paid", "late", "ahead"], 10_000),  # no payment is undone by it
        ],
    )
    def test_stand_by_what_was_paid_when_a_bill_is_corrected(
        self, total: int, states: list[str], asked: int
    ) -> None:
        contract = a_contract()
        bill = a_bill(contract, 30_000)
        self.agreed(contract)
        take_action(fresh(Request.objects.get()), "accept_schedule", letter_code=True)
        plan, over = Plan.objects.get(), timezone.localdate() - timedelta(days=1)
        Instalment.objects.filter(number__lte=2).update(due_on=over)
        post_payment([Line(bill.number, 10_000)], channel="cash", paid_at=timezone.now())
        bill.refresh_from_db()
        bill.total = total
        bill.save(update_fields=["total"])
        set_remaining([(bill, total)])
        assert [part.state for part in parts_of(plan)] == states
        assert next_sum(plan) == asked
        post_payment([Line(bill.number, 10_000)], channel="cash", paid_at=timezone.now())
        assert next_sum(plan) == min(10_000, max(0, total - 20_000))

    def test_of_which_none_was_paid_are_not_begun_by_a_correction(self) -> None:
        contract = a_contract()
        bill = a_bill(contract, 30_000)
        request, _head = self.agreed(contract)
        take_action(request, "accept_schedule", letter_code=True)
        bill.refresh_from_db()
        bill.total = 20_000
        bill.save(update_fields=["total"])
        set_remaining([(bill, 20_000)])
        resume_settled_work("now", lambda _done, _of: None)
        assert fresh(request).stage == "first_payment"
        assert next_sum(Plan.objects.get()) == 10_000

    def test_that_are_paid_keep_no_late_one_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("eservices.agency.late.AT_ONCE", 1)
        now, over = timezone.now(), timezone.localdate() - timedelta(days=1)
        for number, paid_ in (("1", 10_000), ("2", 0)):
            contract = a_contract(number)
            bill = a_bill(contract, 30_000, partial=True)
            request = opened("instalments", answers={"contract": number, **DEBT}, email=SALMA)
            link_bill(request, bill)
            plan = Plan.objects.create(request=request, total=30_000, made_at=now, accepted_at=now)
            Instalment.objects.create(plan=plan, number=1, due_on=over, amount=10_000)
            if paid_:
                post_payment([Line(bill.number, paid_)], channel="cash", paid_at=now)
        assert (notify_late(), notify_late()) == (1, 0)

    def test_are_made_anew_where_something_was_paid_meanwhile(self) -> None:
        contract = a_contract()
        bill = a_bill(contract, 30_000)
        request, _head = self.agreed(contract)
        post_payment([Line(bill.number, 30_000)], channel="cash", paid_at=timezone.now())
        drain(*JOBS)
        with pytest.raises(NotAllowedError):
            take_action(fresh(request), "accept_schedule", letter_code=True)
        assert fresh(request).stage == "agreement"


def _reads_the_contract(request: Request) -> None:
    """Before the citizen accepts it; what they sent is named apart, and nothing else is opened."""
    citizen = login(request.letter)
    page = citizen.get("/follow/letter/").content.decode()
    papers = page.partition('id="papers"')[2].partition("</section>")[0]
    [address] = re.findall(r'href="(/follow/request/document/[^"]+)"', papers)
    answer: Any = citizen.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert page.count("Contrat.pdf") == 1
    for other in request.letter.documents.all():
        if str(other.pk) not in address:
            assert citizen.get(f"/follow/request/document/{other.pk}/").status_code == 404


def test_a_subscription_pays_its_deposit_and_takes_the_meter_over(
    mailoutbox: list[EmailMessage],
) -> None:
    old = a_contract(status="closed")
    meter = a_meter(old, "MTR-5", removed_on=date(2026, 1, 1))
    answers = {
        "quality": "tenant", "services": ["water"], "use": "housing",
        "place": {"text": "5, rue Atlas, Settat"}, "old_contract": old.number,
        "from_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    request = opened(
        "subscription", answers=answers, channel="counter", actor=person("amina"), language="ar"
    )
    assert request.contract_number == ""
    head = branch_head()
    head.act_refused(request, "offer_contract", files=pdf("Contrat"))
    contract_file = pdf("Contrat", name="Contrat.pdf")
    page = head.agency(request, "charges", subject="Dépôt de garantie", amount="beaucoup")
    assert 'value="beaucoup"' in page  # what was typed stays, once
    assert 'value="Dépôt de garantie"' in page
    assert 'value="beaucoup"' not in head.page(request)
    head.agency(request, "charges", subject="Dépôt de garantie", amount="350,50")
    head.agency(request, "charges", subject="Frais de contrat", amount="99.50")
    take_action(fresh(request), "offer_contract", actor=head.user, files=[contract_file])
    assert not request.bills.exists()  # nothing is due before the contract is accepted
    _reads_the_contract(request)
    head.act(request, "accept_contract", "payment")
    assert sorted(request.bills.values_list("total", flat=True)) == [9_950, 35_050]
    paid(request)
    assert fresh(request).stage == "to_open"
    worked(order_of(request, "Ouverture"), ("MTR-5", "204"))
    assert fresh(request).stage == "active"
    contract = Contract.objects.exclude(pk=old.pk).get()
    assert (contract.status, contract.services, contract.language) == ("active", ["water"], "ar")
    meter.refresh_from_db()
    assert (meter.contract, meter.last_index, meter.removed_on) == (contract, 204, None)
    assert Meter.objects.count() == 1


def test_a_charge_that_is_clicked_twice_is_one_fee(db: None) -> None:
    request, head = subscription_to_pay("100")
    seen = re.search(r'name="seen" value="(\d+)">\s*<div class="field">', head.page(request))
    assert seen is not None
    for _click in range(2):
        head.agency(request, "charges", subject="Frais", amount="50", seen=seen[1])
    assert sorted(request.bills.values_list("total", flat=True)) == [5_000, 10_000]


def test_what_is_not_paid_is_withdrawn_with_the_request(db: None) -> None:
    request, head = subscription_to_pay("100")
    head.act(request, "not_paid", "closed", reason="Délai dépassé")
    [bill] = request.bills.all()
    assert (bill.total, bill.remaining) == (0, 0)
    with override("fr"):
        theirs = shown(render_to_string("portal/request/dues.html", dues_part(fresh(request))))
    for page in (shown(head.page(request)), theirs):  # nobody paid it
        assert re.search(f"{bill.number} Dépôt Annulée", page)
    assert list(journal.check()) == []
    kinds = LetterEvent.objects.filter(letter=request.letter).values_list("kind", flat=True)
    assert EserviceEvent.FEE_WITHDRAWN in kinds
    assert not Contract.objects.exists()


class TestChangeHolder:
    def changed(self, contract: Contract, amount: str, **more: Any) -> tuple[Request, Clerk]:
        """A change of holder whose new contract is accepted."""
        answers = {
            "contract": contract.number, "what": "holder", "cause": "sale", "truth": True,
            "new_name": "Karim Idrissi", "index": 130, **more,
        }  # fmt: skip
        buyer = person_for("email", "karim@example.org")
        request = opened("change_holder", answers=answers, person=buyer, email="karim@example.org")
        head = branch_head("BRT")
        head.act(request, "review", "review")
        head.agency(request, "charges", subject="Frais", amount=amount)
        take_action(fresh(request), "offer_contract", actor=head.user, files=[pdf("Contrat")])
        head.act(request, "accept_contract", "settlement")
        return request, head

    def test_is_applied_once_all_is_settled(self) -> None:
        contract, seller = a_contract(), person_for("email", SALMA)
        hold(seller, contract, proof="code")
        arrears = a_bill(contract, 4_000)
        request, head = self.changed(contract, "60")
        assert [due.bill for due in request.dues.all()] == [arrears]
        paid(request)
        assert fresh(request).stage == "apply"
        head.act(request, "applied", "done")
        contract.refresh_from_db()
        assert (contract.customer_name, contract.email) == ("Karim Idrissi", "karim@example.org")
        [holder] = Holder.objects.filter(contract=contract, ended_at=None)
        assert holder.person == request.person
        assert Holder.objects.get(person=seller).ended_at is not None

    def test_closes_the_contract_to_what_the_holder_before_knows(self) -> None:
        """Their code and their last bills prove it no more; a bill of the new holder does."""
        contract, seller = a_contract(), person_for("email", SALMA)
        prove(seller, contract.number, code=CODE, asker="a")
        last = a_bill(contract, 4_000)
        request, head = self.changed(contract, "0")
        paid(request)
        head.act(request, "applied", "done")
        for proof in ({"code": CODE}, {"bill": last.number, "amount": 4_000}):
            with pytest.raises(WrongProofError):
                prove(seller, contract.number, asker="a", **proof)
        new = a_bill(contract, 5_000)
        assert prove(seller, contract.number, bill=new.number, amount=5_000, asker="a")

    def test_keeps_out_the_old_code_that_billing_sends_after_it(self, tmp_path: Path) -> None:
        line = (
            "1000001;{name};person;;;fr;1, rue Ibn Sina;Settat;S1;water;active;2019-05-02;;{code}"
        )
        imported("import_contracts", table(tmp_path, line.format(name="Fatima", code=CODE)))
        contract, seller = Contract.objects.get(), person_for("email", SALMA)
        prove(seller, contract.number, code=CODE, asker="a")
        request, head = self.changed(contract, "0")
        drain(*JOBS)
        head.act(request, "applied", "done")
        told = contract.events.filter(kind="code_withdrawn")
        assert told.count() == 1
        path = table(tmp_path, line.format(name="Karim", code=CODE))
        for _time in range(2):  # the same line again is no news
            imported("import_contracts", path)
            with pytest.raises(WrongProofError):
                prove(seller, contract.number, code=CODE, asker="a")
        contract.refresh_from_db()
        assert (contract.customer_name, contract.access_hash) == ("Karim", "")
        assert contract.events.filter(kind="code_kept_out").count() == 1
        imported("import_contracts", table(tmp_path, line.format(name="Karim", code="N3W-C0DE-9")))
        karim = person_for("email", "k@example.org")
        assert prove(karim, contract.number, code="N3WC0DE9", asker="b")
        path = table(tmp_path, line.format(name="Karim I.", code=CODE))
        imported("import_contracts", path)  # not even in place of the new one
        with pytest.raises(WrongProofError):
            prove(seller, contract.number, code=CODE, asker="a")

    def test_shows_the_new_holder_no_bill_of_before(self) -> None:
        contract = a_contract()
        today = timezone.localdate()
        before = a_bill(contract, 4_000, remaining=0)
        request, head = self.changed(contract, "0")
        drain(*JOBS)
        head.act(request, "applied", "done")
        last = a_bill(contract, 3_000, issued_on=today, period_to=today - timedelta(days=1))
        later = today + timedelta(days=30)
        own = a_bill(contract, 5_000, issued_on=later, period_to=later)
        buyer = request.person
        assert buyer is not None
        assert list(bills_of(buyer).filter(contract=contract)) == [own]
        assert list(bills_of(buyer, contract=contract)) == [own]
        shown = statement_of(contract, of_holder=True)
        assert [one.bill for one in shown.movements] == [own.number]
        assert shown.balance == 5_000
        whole = statement_of(contract)
        assert {one.bill for one in whole.movements} == {before.number, last.number, own.number}

    def test_goes_on_by_itself_where_nothing_is_owed(self) -> None:
        contract = a_contract()
        request, _head = self.changed(contract, "0")
        drain(*JOBS)
        assert fresh(request).stage == "apply"
