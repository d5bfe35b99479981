"""Fetch, pay, repeat and take back in any order: money and journal always agree."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from eservices.bank.models import Posting
from eservices.bank.settlements import totals_of
from eservices.bills.models import Allocation, Bill
from eservices.money import decimal
from eservices.payments import journal
from eservices.payments.models import JournalEntry, Payment
from tests.eservices.bank.banks import a_bank
from tests.eservices.bills.bills import a_bill

pytestmark = pytest.mark.django_db
CALM = settings(
    max_examples=15,
    stateful_step_count=12,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TOTALS = {"F-1": 12840, "F-2": 1, "F-3": 9_999_99}


class Banks(RuleBasedStateMachine):
    """Two banks that pay the same three bills, each by three references."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        assert not Allocation.objects.exists()
        for number, total in TOTALS.items():
            a_bill(number=number, total=total)
        self.banks = [a_bank("A"), a_bank("B")]
        self.sent: dict[tuple[int, str], Any] = {}

    def teardown(self) -> None:
        """Undo the example."""
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    who = st.integers(0, 1)
    references = st.sampled_from(["R1", "R2", "R3"])

    @rule(
        who=who,
        reference=references,
        numbers=st.lists(st.sampled_from([*TOTALS, "X"]), min_size=1, max_size=3, unique=True),
        off=st.sampled_from([0, 0, 0, 1]),
    )
    def pay(self, who: int, reference: str, numbers: list[str], off: int) -> None:
        """Pay; a reference that was taken answers by itself."""
        bills = [(number, decimal(TOTALS.get(number, 1) + off)) for number in numbers]
        due = set(Bill.objects.filter(remaining__gt=0).values_list("number", flat=True))
        known = self.sent.get((who, reference))
        answer = self.banks[who].pay(reference, *bills)
        if known is not None:
            assert answer.status_code == (200 if known == bills else 409)
        elif set(numbers) <= due and not off:
            assert answer.status_code == 201
            self.sent[who, reference] = bills
        else:
            assert answer.status_code == 422

    @rule(who=who, reference=references)
    def reverse(self, who: int, reference: str) -> None:
        """Take back what was posted; again is the same."""
        answer = self.banks[who].reverse(reference)
        assert answer.status_code == (200 if (who, reference) in self.sent else 404)

    @rule(who=who)
    def fetch(self, who: int) -> None:
        """See what remains."""
        told = {one["number"]: one["amount"] for one in self.banks[who].fetch().json()["bills"]}
        due = Bill.objects.filter(remaining__gt=0).values_list("number", "remaining")
        assert told == {number: decimal(amount) for number, amount in due}

    @invariant()
    def agrees(self) -> None:
        """Compare bills, allocations, payments and journal."""
        assert not list(journal.check())
        standing = 0
        for bill in Bill.objects.all():
            allocated = sum(bill.allocations.values_list("amount", flat=True))
            assert 0 <= allocated <= bill.total
            assert bill.remaining == bill.total - allocated
            standing += allocated
        assert totals_of(Posting.objects.all()).total == standing
        amounts = JournalEntry.objects.exclude(amount=0).values_list("amount", flat=True)
        assert sum(amounts) == standing
        assert Payment.objects.count() == len(self.sent)


def test_any_order() -> None:
    run_state_machine_as_test(Banks, settings=CALM)
