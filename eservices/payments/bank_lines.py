"""Credits that wait for a person: proposals taken, bills named by hand, set aside, matched anew.

What takes a credit back is decided in `eservices.payments.returned`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.money import centimes
from eservices.payments import journal
from eservices.payments.bank_import import entry_of, matched, post_decided, settle
from eservices.payments.matching import find_bills
from eservices.payments.models import BankLine, Payment
from eservices.payments.posting import Line, UnknownBillError
from eservices.payments.returned import hold_returned, is_gone
from language.lines import one_line
from org.models import User
from registry.states import ConflictError

WAITING = (BankLine.State.PROPOSED, BankLine.State.UNMATCHED)


class ForeignMoneyError(Exception):
    """A credit in another currency is never set against bills."""


def take_proposal(line_id: int, place: int, *, by: User) -> Payment:
    """Post a credit as one of its proposals says. Raise PostingError, ConflictError."""
    with transaction.atomic():
        line = _held(line_id)
        if not 0 <= place < len(line.proposals):
            raise ConflictError
        told = line.proposals[place]["bills"]
        return _post(line, [Line(row["number"], centimes(row["amount"])) for row in told], by)


def take_bills(line_id: int, numbers: Sequence[str], *, by: User) -> Payment:
    """Post a credit for bills that a person names, in their order. Raise PostingError."""
    with transaction.atomic():
        line = _held(line_id)
        remaining = dict(Bill.objects.filter(number__in=numbers).values_list("number", "remaining"))
        for number in numbers:
            if number not in remaining:
                raise UnknownBillError(number)
        return _post(line, [Line(one, max(0, remaining[one])) for one in numbers], by)


def set_aside(line_id: int, *, remark: str, by: User) -> BankLine:
    """Set a credit aside that is for no bill, with the reason."""
    with transaction.atomic():
        line = _held(line_id)
        line.state, line.remark = BankLine.State.ASIDE, one_line(remark, 500)
        _decided(line, by)
        line.save(update_fields=["state", "remark", "decided_at", "decided_by"])
        journal.write(
            "bank_line_aside",
            subject=f"bank-line:{line.pk}",
            amount=line.amount,
            actor=journal.actor_of(by),
        )
    return line


def match_again(line_id: int, *, by: User) -> BankLine:
    """Match the bills anew: they may have been imported since; also of what was set aside."""
    with transaction.atomic():
        line = BankLine.objects.select_for_update(of=("self",)).get(pk=line_id)
        done = line.state in (BankLine.State.MATCHED, BankLine.State.TAKEN_BACK)
        if done or line.why == "detailed" or is_gone(line):
            raise ConflictError
        if line.takes_back:
            hold_returned(line)
        else:
            settle(line, find_bills(entry_of(line)), by=by)
    return line


def _post(line: BankLine, lines: Sequence[Line], by: User) -> Payment:
    if is_gone(line):
        raise ConflictError
    if line.currency != "MAD":
        raise ForeignMoneyError
    payment = post_decided(line, lines, by=by)
    matched(line, payment, why="person", by=by)
    return payment


def _held(line_id: int) -> BankLine:
    line = BankLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    if line.state not in WAITING:
        raise ConflictError
    return line


def _decided(line: BankLine, by: User) -> None:
    line.decided_at, line.decided_by = timezone.now(), by
