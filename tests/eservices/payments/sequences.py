"""A state machine of money: any sequence of what all channels do to the bills of two contracts.

After each step what must hold is asked of the database: no bill has more set against it than it
is, the payments' sum is the journal's, each statement balances, nothing is taken twice, and no
attempt leaves an end that it has reached. `./sijill bench payment_sequences` runs thousands.
"""

import itertools
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from eservices.bank import postings
from eservices.bank.errors import BillerError
from eservices.bank.fetching import fetch
from eservices.bank.models import BankPartner, Posting
from eservices.bills.models import Allocation, Bill, PaymentExport, Settled
from eservices.bills.remaining import held, mark_exported, set_remaining
from eservices.bills.statement import statement_of
from eservices.money import decimal
from eservices.payments import attempts, journal, nestpay_hash
from eservices.payments.bank_import import take_bank_file
from eservices.payments.models import Attempt, BankLine, Channel, JournalEntry, Payment, Refund
from eservices.payments.posting import (
    Line,
    PostingError,
    TakenBackError,
    post_payment,
    take_back,
)
from tests.eservices.bills.bills import a_bill, a_contract
from tests.eservices.payments.banks import mt940

KEY = "TEST|1234"
ADDRESS = "nestpay://600:TEST%7C1234@bank.example/fim/est3Dgate"
CONTRACTS = ("1000001", "1000002")
AMOUNTS = st.sampled_from([1, 50, 999, 12840, 30000])
PICK = st.integers(0, 7)
SOME = st.lists(PICK, min_size=1, max_size=3, unique=True)
_serial = itertools.count(1)


class Money(RuleBasedStateMachine):
    """Two contracts; a bank's application, cards, the counter, bank files, billing, refunds."""

    undo: Any = None

    @initialize()
    def begin(self) -> None:
        """Make the contracts, in a transaction that is taken back at the end."""
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.bills = [
            a_bill(a_contract(number), total, partial=total == 30000, number=f"B{at}{number}")
            for at, (number, total) in enumerate(itertools.product(CONTRACTS, (12840, 30000)))
        ]
        self.partner = BankPartner.objects.create(code="bank", name="Bank", made_at=timezone.now())
        self.known: list[tuple[str, int]] = []  # what the bank was told, perhaps long ago
        self.orders: list[postings.Order] = []
        self.calls: list[bytes] = []  # of the gateway, to be repeated
        self.files: list[bytes] = []
        self.ends: dict[str, str] = {}

    def teardown(self) -> None:
        """Hear the billing system out, prove the journal, and take back all that was written."""
        if self.undo is None:
            return
        try:
            self.handed_over(lag=False)
            assert _total(Settled.objects) == 0, "nobody paid elsewhere"
            self.nothing_above_a_bill()
            assert list(journal.check()) == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What channels do.

    @rule(total=AMOUNTS, contract=st.sampled_from(CONTRACTS), partial=st.booleans())
    def billed(self, total: int, contract: str, partial: bool) -> None:
        """The billing system makes a bill."""
        if len(self.bills) < 8:
            number = f"N{next(_serial)}"
            self.bills.append(a_bill(a_contract(contract), total, partial=partial, number=number))

    @rule(contract=st.sampled_from(CONTRACTS))
    def fetched(self, contract: str) -> None:
        """A bank asks for bills."""
        answer = fetch([("contract", contract)])
        due = [(one.number, one.amount) for one in answer.bills]
        assert answer.status == ("found" if due else "nothing_due")
        rows = Bill.objects.filter(contract__number=contract, remaining__gt=0)
        assert sorted(due) == sorted(rows.values_list("number", "remaining"))
        self.known += due

    @rule(picked=SOME, wrong=st.sampled_from([0, 0, 0, 1, -1]))
    def bank_pays(self, picked: list[int], wrong: int) -> None:
        """A bank posts what it knows; it may be out of date, or wrong."""
        lines = dict(self.known[at % len(self.known)] for at in picked if self.known)
        if lines:
            reference = f"T{next(_serial)}"
            told = [(number, amount + wrong) for number, amount in lines.items()]
            order = postings.Order(reference, told, "app", timezone.now(), f"{told}")
            self.orders.append(order)
            self._post(order)

    @rule(at=PICK, other=st.booleans())
    def bank_repeats(self, at: int, other: bool) -> None:
        """After a time-out a bank asks, then posts again: the same, or by mistake another body."""
        if not self.orders:
            return
        order = self.orders[at % len(self.orders)]
        before = postings.posting_of(self.partner, order.reference)
        if before is None:
            self._post(order)
            return
        if other:
            changed = postings.Order(order.reference, order.lines, "atm", order.paid_at, "other")
            assert self._refused(changed) == "reference_used"
            return
        again, new = postings.post(self.partner, order)
        assert (again.pk, new) == (before.pk, False)

    @rule(at=PICK)
    def bank_reverses(self, at: int) -> None:
        """A bank takes a posting back, once or twice."""
        if self.orders:
            reference = self.orders[at % len(self.orders)].reference
            try:
                with transaction.atomic():
                    row = postings.reverse(self.partner, reference, reason="erreur")
            except BillerError as error:
                code = error.code
            else:
                code = str(row.state)
            assert code in ("reversed", "not_found", "not_reversible")

    @rule(picked=SOME)
    def card_begins(self, picked: list[int]) -> None:
        """Somebody goes to the page of the gateway."""
        lines = self._lines(picked)
        if lines:
            attempts.send(attempts.begin(lines))

    @rule(
        at=PICK,
        code=st.sampled_from(["00", "00", "00", "51"]),
        more=st.sampled_from([0, 0, 0, 1]),
        right=st.sampled_from([True, True, True, False]),
    )
    def card_called_back(self, at: int, code: str, more: int, right: bool) -> None:
        """The gateway calls back, at any time, in any state: paid, refused, wrong, forged."""
        rows = list(Attempt.objects.order_by("made_at", "oid"))
        if not rows:
            return
        attempt = rows[at % len(rows)]
        fields = {
            "clientid": "600",
            "oid": attempt.oid,
            "amount": decimal(attempt.amount + more),
            "currency": "504",
            "ProcReturnCode": code,
            "TransId": f"{next(_serial)}",
        }
        fields["HASH"] = nestpay_hash.hash_of(fields, KEY if right else "another")
        body = urlencode(fields).encode()
        self.calls.append(body)
        good = right and not more and code == "00"
        answer = attempts.take_callback(body)
        assert (answer == "ACTION=POSTAUTH") == good
        attempt.refresh_from_db()
        if good:
            assert attempt.state == Attempt.State.PAID

    @rule(at=PICK)
    def card_called_back_again(self, at: int) -> None:
        """The gateway says what it has said before: nothing is written but the journal."""
        if self.calls:
            before = Payment.objects.count()
            attempts.take_callback(self.calls[at % len(self.calls)])
            assert Payment.objects.count() == before

    @rule(at=PICK, state=st.sampled_from([Attempt.State.UNKNOWN, Attempt.State.EXPIRED]))
    def card_given_up(self, at: int, state: str) -> None:
        """No word came of an attempt."""
        rows = list(Attempt.objects.order_by("made_at", "oid"))
        if rows:
            attempts.give_up(rows[at % len(rows)], state=state)

    @rule(picked=SOME, part=st.sampled_from([0, 0, 1, 50, 40000]))
    def counter_takes(self, picked: list[int], part: int) -> None:
        """A cashier takes money: what remains, or a part, also of a bill that takes none."""
        lines = [Line(one.bill, part or one.amount) for one in self._lines(picked)]
        try:
            with transaction.atomic():
                post_payment(lines, channel=Channel.CASH, paid_at=timezone.now())
        except PostingError:
            assert not lines or part

    @rule(at=PICK, other=st.sampled_from([0, 0, 0, 7, -7]), named=st.booleans())
    def bank_line(self, at: int, other: int, named: bool) -> None:
        """A credit stands in a bank's file: of a bill, of another amount, of nobody knows what."""
        bill = Bill.objects.get(pk=self.bills[at % len(self.bills)].pk)
        amount = max(1, (bill.remaining or bill.total) + other)
        field = f"2611271127C{decimal(amount).replace('.', ',')}NTRF"
        text = f"Facture {bill.number}" if named else "VIREMENT"
        self.files.append(mt940((f"{field}NONREF//K{next(_serial)}", text)))
        self._file(self.files[-1])

    @rule(at=PICK)
    def bank_file_again(self, at: int) -> None:
        """A file is taken a second time."""
        if self.files:
            before = (Payment.objects.count(), BankLine.objects.count())
            self._file(self.files[at % len(self.files)])
            assert (Payment.objects.count(), BankLine.objects.count()) == before

    @rule(at=PICK, part=st.sampled_from([0, 1, 999]))
    def refunded(self, at: int, part: int) -> None:
        """A payment goes back, whole or in part, as often as somebody tries."""
        rows = list(Payment.objects.filter(partner="").order_by("receipt"))
        if not rows:
            return
        payment, now = rows[at % len(rows)], timezone.now()
        try:
            with transaction.atomic():
                refund = Refund.objects.create(
                    payment=payment,
                    amount=part or payment.amount,
                    state=Refund.State.PAID,
                    reason="erreur",
                    asked_at=now,
                    paid_at=now,
                )
                take_back(refund, actor="user:1")
        except TakenBackError:
            pass

    @rule(lag=st.booleans())
    def handed_over(self, lag: bool) -> None:
        """Payments are handed to the billing system, which tells what remains, perhaps late."""
        known = _owed(Allocation.objects.exclude(handed_over=None))
        export = PaymentExport.objects.create(made_at=timezone.now())
        mark_exported(Allocation.objects.filter(handed_over=None), export)
        told = known if lag else _owed(Allocation.objects.all())
        set_remaining((bill, told[bill.pk]) for bill in held(Bill.objects.all()))

    # What must hold.

    @invariant()
    def nothing_above_a_bill(self) -> None:
        """No bill has more set against it than it is, nor less than nothing.

        A figure of the billing system from before it heard of a refund counts as paid elsewhere
        until it tells the next one.
        """
        owed, elsewhere = _owed(Allocation.objects.all()), dict(_by_bill(Settled.objects.all()))
        for bill in Bill.objects.all():
            assert 0 <= owed[bill.pk] <= bill.total
            assert bill.remaining == owed[bill.pk] - elsewhere.get(bill.pk, 0) >= 0, bill.number

    @invariant()
    def payments_are_the_journal(self) -> None:
        """The payments' sum is the journal's, and what went back is too."""
        entries = JournalEntry.objects
        assert _sum(Payment) == _total(entries.filter(kind=journal.POSTED))
        gone = Refund.objects.filter(state__in=[Refund.State.PAID, Refund.State.REVERSED])
        assert _total(gone) == -_total(entries.filter(kind=journal.TAKEN_BACK))
        assert _sum(Allocation) <= _sum(Payment) - _total(gone)

    @invariant()
    def statements_balance(self) -> None:
        """Each statement comes to what remains of the contract's bills."""
        for number in CONTRACTS:
            contract = a_contract(number)
            remaining = Bill.objects.filter(contract=contract).aggregate(sum=Sum("remaining"))
            statement = statement_of(contract)
            assert statement.balance == (remaining["sum"] or 0)
            assert statement.balance == sum(one.amount for one in statement.movements)

    @invariant()
    def nothing_twice(self) -> None:
        """A payment for each attempt that is paid, each posting, each matched line; ends stay."""
        paid = set(Attempt.objects.filter(state="paid").values_list("pk", flat=True))
        assert paid == set(Payment.objects.exclude(attempt=None).values_list("attempt", flat=True))
        assert Posting.objects.count() == Payment.objects.filter(channel=Channel.BANK).count()
        lines = BankLine.objects.filter(state=BankLine.State.MATCHED)
        assert lines.count() == Payment.objects.filter(channel=Channel.TRANSFER).count()
        for oid, state in Attempt.objects.values_list("oid", "state"):
            before = self.ends.get(oid, state)
            assert before in (state, "refused", "expired"), f"{oid}: {before} -> {state}"
            assert before == state or state == "paid"
            if state in ("paid", "refused", "expired"):
                self.ends[oid] = state

    def _lines(self, picked: list[int]) -> list[Line]:
        ids = {self.bills[at % len(self.bills)].pk for at in picked}
        rows = Bill.objects.filter(pk__in=ids, remaining__gt=0).order_by("pk")
        return [Line(bill.number, bill.remaining) for bill in rows]

    def _post(self, order: postings.Order) -> None:
        remaining = dict(Bill.objects.values_list("number", "remaining"))
        right = all(remaining[number] == amount > 0 for number, amount in order.lines)
        assert (self._refused(order) == "") == right

    def _refused(self, order: postings.Order) -> str:
        try:
            with transaction.atomic():
                postings.post(self.partner, order)
        except BillerError as error:
            return error.code
        return ""

    def _file(self, content: bytes) -> None:
        take_bank_file(content, name="statement.sta")


def _by_bill(rows: Any) -> Any:
    return rows.order_by().values_list("bill").annotate(Sum("amount"))


def _owed(rows: Any) -> dict[int, int]:
    """Return what is owed of each bill after these allocations."""
    paid = dict(_by_bill(rows))
    totals = Bill.objects.values_list("pk", "total")
    return {pk: total - paid.get(pk, 0) for pk, total in totals}


def _sum(model: Any) -> int:
    return _total(model.objects)


def _total(rows: Any) -> int:
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)
