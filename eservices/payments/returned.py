"""Credits that a bank takes back: kept as lines of negative amount, and decided by a person.

Which credit is meant is proposed by the bank's reference, else by what is alike of the same amount.
Never is a payment taken back by itself: one who decides on refunds does, or sets the entry aside.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.payments import journal
from eservices.payments.debits import uncollected
from eservices.payments.models import BankLine, Channel
from eservices.payments.refunds import returned_by_bank
from eservices.payments.rights import decides_refunds
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

STANDING: Final = (BankLine.State.RETURNED, BankLine.State.TAKEN_BACK)
_ALIKE: Final = ("bank_reference", "end_to_end", "reference", "payer_account", "payer")
_MOST: Final = 20


def hold_returned(line: BankLine) -> None:
    """Keep an entry that takes a credit back for a person, with the credit that may be meant."""
    found, why = _find_credit(line)
    line.state, line.returns, line.why = BankLine.State.RETURNED, found, why
    line.save(update_fields=["state", "returns", "why"])


def told_gone(rows: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Return lines that know as `gone` whether the bank took them back."""
    back = BankLine.objects.filter(returns=OuterRef("pk"), state__in=STANDING)
    return rows.annotate(gone=Exists(back))


def is_gone(line: BankLine) -> bool:
    """Return whether the bank took this credit back, and nobody set that aside."""
    return line.returned_by.filter(state__in=STANDING).exists()


def _find_credit(line: BankLine) -> tuple[BankLine | None, str]:
    """Return the credit that an entry takes back, its row locked, and why it is thought so."""
    for column in _ALIKE:
        told = getattr(line, column)
        rows = list(_credits(line).filter(**{column: told})[:_MOST]) if told else []
        if rows:
            best = max(rows, key=lambda row: _likeness(row, line))
            found = BankLine.objects.select_for_update(of=("self",)).get(pk=best.pk)
            if found.payment_id is None:
                return found, "returned_unmatched"
            sure = column == "bank_reference" and len(rows) == 1
            return found, "returned" if sure else "returned_alike"
    return None, "returned_unknown"


def _credits(line: BankLine) -> QuerySet[BankLine]:
    """Return credits of the same amount, the newest first, that nothing else takes back."""
    others = BankLine.objects.filter(state__in=STANDING, returns__isnull=False)
    rows = BankLine.objects.filter(
        amount=-line.amount, currency=line.currency, booked_on__lte=line.booked_on
    )
    free = rows.exclude(pk__in=others.exclude(pk=line.pk).values("returns"))
    return free.exclude(why="detailed").order_by("-booked_on", "-pk")


def _likeness(row: BankLine, line: BankLine) -> tuple[int, bool]:
    same = [name for name in _ALIKE if getattr(line, name) == getattr(row, name) != ""]
    return len(same), row.payment_id is not None


def take_returned_back(line_id: int, *, by: User) -> BankLine:
    """Take back the payment that a returned credit became. Raise RefundError, ConflictError.

    A credit that paid no bill is set aside instead.
    """
    with transaction.atomic():
        line = _held(line_id, by)
        if line.returns_id is None:
            raise ConflictError
        credit = BankLine.objects.select_for_update(of=("self",)).get(pk=line.returns_id)
        reason = one_line(": ".join(filter(None, (_("Taken back by the bank"), line.text))), 500)
        if credit.payment is not None:
            line.refund = returned_by_bank(
                credit.payment,
                amount=-line.amount,
                reason=reason,
                reference=line.bank_reference or line.reference,
                by=by,
            )
            if credit.payment.channel == Channel.DEBIT:
                uncollected(credit.end_to_end, reason=reason)
        else:
            _decide(credit, BankLine.State.ASIDE, reason, by)
        _decide(line, BankLine.State.TAKEN_BACK, line.remark, by)
    return line


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
