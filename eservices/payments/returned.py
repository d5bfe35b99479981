"""Credits that a bank takes back: kept as lines of negative amount, and decided by a person.

Which credit is meant is proposed by the bank's reference, else by what is alike of the same amount;
else it is a whole batch, whose credits make the amount, or a part of a credit that is larger. Never
is a payment taken back by itself: one who decides on refunds does, or sets the entry aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bills.models import Allocation, Bill
from eservices.bills.remaining import held
from eservices.payments import journal
from eservices.payments.bank_entries import REFERENCES_BETWEEN, entry_key
from eservices.payments.debits import uncollected
from eservices.payments.models import BankLine, Channel, Payment
from eservices.payments.money_back_mails import queue_debit_message
from eservices.payments.refunds import RefundError, returned_by_bank
from eservices.payments.rights import decides_refunds
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

STANDING: Final = (BankLine.State.RETURNED, BankLine.State.TAKEN_BACK)
_ALIKE: Final = ("bank_reference", "end_to_end", "reference", "payer_account", "payer")
_ALIKE_PART: Final = ("bank_reference", "end_to_end", "payer_account")  # each has an index
_MOST: Final = 20
MOST_BATCH: Final = 1000  # credits of one batch


def hold_returned(line: BankLine) -> None:
    """Keep an entry that takes a credit back for a person, with the credits that may be meant."""
    found, why = _find_credits(line)
    single = found[0] if len(found) == 1 else None
    line.state, line.returns, line.why = BankLine.State.RETURNED, single, why
    line.save(update_fields=["state", "returns", "why"])
    line.batch.set([] if single else found)


def with_gone(rows: QuerySet[BankLine]) -> QuerySet[Any]:
    """Return lines that know as `gone` whether the bank took all of them back."""
    batch = BankLine.objects.filter(batch=OuterRef("pk"), state__in=STANDING)
    told = rows.annotate(back=_taken_of("pk"), in_batch=Exists(batch))
    return told.annotate(gone=Q(in_batch=True) | Q(back__gt=0, back__gte=F("amount")))


def is_gone(line: BankLine) -> bool:
    """Return whether the bank took all of this credit back, and nobody set that aside."""
    return with_gone(BankLine.objects.filter(pk=line.pk)).filter(gone=True).exists()


def _taken_of(name: str) -> Coalesce:
    """Return how much of a credit single returns take, as centimes."""
    back = BankLine.objects.filter(returns=OuterRef(name), state__in=STANDING).order_by()
    summed = back.values("returns").annotate(sum=-Sum("amount")).values("sum")
    return Coalesce(Subquery(summed), 0)


def _find_credits(line: BankLine) -> tuple[list[BankLine], str]:
    """Return what an entry takes back, the rows locked, and why it is thought so.

    One credit of this amount, all of a batch, or a larger credit of which it is a part.
    """
    if found := _alike(line, _free(line).filter(amount=-line.amount)):
        column, rows = found
        best = max(rows, key=lambda row: _likeness(row, line))
        if best.payment_id is None:
            return _locked([best]), "returned_unmatched"
        sure = column == "bank_reference" and len(rows) == 1
        return _locked([best]), "returned" if sure else "returned_alike"
    if batch := _whole_batch(line):
        return _locked(batch), "returned_batch"
    if part := _larger(line):
        return _locked([part]), "returned_part"
    return [], "returned_unknown"


def _locked(rows: Iterable[BankLine]) -> list[BankLine]:
    held = BankLine.objects.select_for_update(of=("self",))
    return list(held.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def _alike(
    line: BankLine, rows: QuerySet[BankLine], columns: Sequence[str] = _ALIKE
) -> tuple[str, list[BankLine]] | None:
    """Return the first column in which credits are alike, with these, the newest first."""
    for column in columns:
        told = getattr(line, column)
        found = list(rows.filter(**{column: told})[:_MOST]) if told else []
        if found:
            return column, found
    return None


def _free(line: BankLine) -> QuerySet[BankLine]:
    """Return credits, the newest first, of which so much is not taken back by anything else."""
    standing = BankLine.objects.filter(state__in=STANDING).exclude(pk=line.pk)
    others = standing.filter(returns=OuterRef("pk")).order_by()
    summed = others.values("returns").annotate(sum=-Sum("amount")).values("sum")
    rows = BankLine.objects.filter(
        amount__gte=-line.amount, currency=line.currency, booked_on__lte=line.booked_on
    )
    rows = rows.annotate(left=F("amount") - Coalesce(Subquery(summed), 0))
    rows = rows.filter(~Exists(standing.filter(batch=OuterRef("pk"))), left__gte=-line.amount)
    return rows.exclude(why="detailed").order_by("-booked_on", "-pk")


def _whole_batch(line: BankLine) -> list[BankLine]:
    """Return the credits that make the amount: those of one entry, or those that are named."""
    key = entry_key(line.file.account, line.bank_reference, credit=True, amount=-line.amount)
    whole = Q(end_to_end__in=_names(line)) | (Q(entry_key=key) if key else Q(pk=None))
    rows = BankLine.objects.filter(
        whole, amount__gt=0, currency=line.currency, booked_on__lte=line.booked_on
    )
    standing = BankLine.objects.filter(state__in=STANDING).exclude(pk=line.pk)
    free = rows.exclude(pk__in=standing.filter(returns__isnull=False).values("returns"))
    free = free.filter(~Exists(standing.filter(batch=OuterRef("pk")))).exclude(why="detailed")
    found = list(free.order_by("pk")[: MOST_BATCH + 1])
    return found if sum(row.amount for row in found) == -line.amount else []


def _larger(line: BankLine) -> BankLine | None:
    """Return the credit of which the entry may be a part: alike, or for a bill that it names."""
    rows = _free(line).filter(amount__gt=-line.amount)
    if found := _alike(line, rows, _ALIKE_PART):
        return max(found[1], key=lambda row: _likeness(row, line))
    named = Allocation.objects.filter(bill__number__in=_names(line), amount__gt=0)
    receipts = list(named.values_list("receipt", flat=True)[:MOST_BATCH])
    return rows.filter(payment__receipt__in=receipts).first()


def _names(line: BankLine) -> list[str]:
    """Return the references that an entry bears: numbers of bills, end-to-end names."""
    return line.reference.split(REFERENCES_BETWEEN) if line.reference else []


def _likeness(row: BankLine, line: BankLine) -> tuple[int, bool]:
    same = [name for name in _ALIKE if getattr(line, name) == getattr(row, name) != ""]
    return len(same), row.payment_id is not None


def take_returned_back(line_id: int, *, by: User) -> BankLine:
    """Take back what returned credits became. Raise RefundError, ConflictError.

    A credit that paid no bill is set aside instead; where only a part of it went back, it must be
    set against bills before.
    """
    with transaction.atomic():
        line = _held(line_id, by)
        meant = [line.returns_id] if line.returns_id else line.batch.values_list("pk", flat=True)
        credits = _locked(BankLine.objects.filter(pk__in=list(meant)))
        if not credits:
            raise ConflictError
        _lock_bills(credits)
        reason = one_line(": ".join(filter(None, (_("Taken back by the bank"), line.text))), 500)
        for credit in credits:
            amount = credit.amount if len(credits) > 1 else -line.amount
            _take_back(line, credit, amount=amount, reason=reason, by=by)
        _decide(line, BankLine.State.TAKEN_BACK, line.remark, by)
    return line


def _lock_bills(credits: Iterable[BankLine]) -> None:
    """Lock all payments and bills of credits: each that is taken back writes the journal."""
    ids = [credit.payment_id for credit in credits]
    payments = Payment.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    allocated = Allocation.objects.filter(receipt__in=[one.receipt for one in payments])
    held(Bill.objects.filter(pk__in=allocated.values("bill")))


def _take_back(line: BankLine, credit: BankLine, *, amount: int, reason: str, by: User) -> None:
    """Take back what the bank took of one credit."""
    if credit.payment is None:
        if amount != credit.amount:
            raise RefundError("part_of_unmatched")
        _decide(credit, BankLine.State.ASIDE, reason, by)
        if (debit := uncollected(credit.end_to_end, reason=reason)) is not None:
            queue_debit_message(debit)
        return
    refund = returned_by_bank(
        credit.payment,
        amount=amount,
        reason=reason,
        reference=line.bank_reference or line.reference,
        by=by,
        bills=_names(line),
    )
    if line.returns_id is not None:
        line.refund = refund
    if credit.payment.channel == Channel.DEBIT and amount == credit.amount:
        uncollected(credit.end_to_end, reason=reason)


def set_returned_aside(line_id: int, *, remark: str, by: User) -> BankLine:
    """Set a returned entry aside, with the reason: no payment is taken back."""
    with transaction.atomic():
        line = _held(line_id, by)
        _decide(line, BankLine.State.ASIDE, one_line(remark, 500), by)
    return line


def _held(line_id: int, by: User) -> BankLine:
    if not decides_refunds(permissions_of(by)):
        raise NotAllowedError
    line = BankLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    if line.state != BankLine.State.RETURNED:
        raise ConflictError
    return line


def _decide(line: BankLine, state: BankLine.State, remark: str, by: User) -> None:
    line.state, line.remark, line.proposals = state, remark, []
    line.decided_at, line.decided_by = timezone.now(), by
    line.save()
    aside = state == BankLine.State.ASIDE
    journal.write(
        "bank_line_aside" if aside else "bank_line_taken_back",
        subject=f"bank-line:{line.pk}",
        amount=line.amount,
        actor=journal.actor_of(by),
    )
