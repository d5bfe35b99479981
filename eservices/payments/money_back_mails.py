"""Whoever paid is told once when money goes back to them, or when their bank did not pay.

A job for each refund that is paid out, each payment that is taken back and each direct debit that
came back before it was paid. Told is who would be sent the receipt; of a direct debit or a credit
note, the customers of its contract, as of a new bill.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import available_ways
from eservices.bills.bill_messages import receivers
from eservices.bills.models import Bill
from eservices.bills.templatetags.money import dirhams
from eservices.contracts.events import event
from eservices.kinds import EserviceJob
from eservices.payments.models import Channel, DebitLine, Refund
from eservices.payments.receipt_mails import MOST_NAMED, bills_of, of_present_holder, receiver_of
from eservices.plain_messages import send_message
from jobs.outbox import enqueue
from org.signs import listed

TOLD: Final = "money_back_told"
UNTOLD: Final = "money_back_untold"
_REFUND, _DEBIT = "refund", "debit"
_ACCOUNT_END: Final = 4  # digits of an account that a message names


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """A refund, or the line of a direct debit that was never paid; and the bills that it is of."""

    of: Refund | DebitLine
    bills: Sequence[Bill]

    @property
    def by_debit(self) -> bool:
        """Return whether a bank did not pay a direct debit, at once or in the end."""
        if isinstance(self.of, DebitLine):
            return True
        return self.of.payment is not None and self.of.payment.channel == Channel.DEBIT

    @property
    def taken_back(self) -> bool:
        """Return whether nobody requested it: money went without being paid out."""
        return isinstance(self.of, DebitLine) or self.of.asked_at == self.of.paid_at


def queue_refund_message(refund: Refund) -> None:
    """Queue the message of money that went back, in its transaction."""
    if available_ways():
        enqueue(EserviceJob.REFUND_TELL, f"{_REFUND}:{refund.pk}")


def queue_debit_message(line: DebitLine) -> None:
    """Queue the message of a direct debit that was never paid, in its transaction."""
    if available_ways():
        enqueue(EserviceJob.REFUND_TELL, f"{_DEBIT}:{line.pk}")


def send_work(subject: str, _progress: Any) -> list[str]:
    """Send the message; return the ways, [] where nobody is to be told.

    At least once. Raise jobs' Permanent and Unavailable.
    """
    found = _found(subject)
    ways: list[str] = []
    for contact, language in receivers_of(found):
        with override(language):
            ways.append(
                send_message(
                    contact,
                    subject=_title(found),
                    lines=lines_of(found),
                    reference=f"money-back:{subject}:{len(ways)}",
                )
            )
    return ways


def save_sent(subject: str, ways: list[str]) -> None:
    """Write into the history of the contracts that they were told, and how."""
    if ways:
        _note(subject, TOLD, ways=ways)


def send_parked(subject: str, code: str) -> None:
    """Write into the history that the message did not leave; it is not tried again."""
    _note(subject, UNTOLD, problem=code)


def receivers_of(found: MoneyBack) -> list[tuple[str, str]]:
    """Return who is told, each contact with a language."""
    payment = found.of.payment if isinstance(found.of, Refund) else None
    if payment is not None and not found.by_debit:
        receiver = receiver_of(payment, list(found.bills))
        return [(receiver.contact, receiver.language)] if receiver else []
    contracts = {bill.contract_id: bill.contract for bill in found.bills}
    contract = next(iter(contracts.values()), None)
    if len(contracts) != 1 or contract is None or not of_present_holder(list(found.bills)):
        return []
    return receivers(contract)


def lines_of(found: MoneyBack) -> list[str]:
    """Return what is said, in the active language."""
    facts = {"amount": dirhams(found.of.amount), "address": f"{settings.PUBLIC_URL}/my/bills/"}
    if not found.taken_back and isinstance(found.of, Refund):
        return _paid_out(found.of, facts)
    if found.by_debit:
        lines = [_("Your bank did not pay the direct debit of %(amount)s.") % facts]
    else:
        facts["receipt"] = _receipt(found.of)
        lines = [
            _(
                "The payment of %(amount)s, receipt no. %(receipt)s, was cancelled or taken back"
                " by the bank."
            )
            % facts
        ]
    owed = [bill.number for bill in found.bills if bill.remaining > 0]
    facts["bills"] = listed(owed[:MOST_NAMED])
    if len(owed) > MOST_NAMED:
        more = {**facts, "more": len(owed) - MOST_NAMED}
        lines.append(_("Still to be paid: %(bills)s and %(more)d more.") % more)
    elif owed:
        lines.append(_("Still to be paid: %(bills)s.") % facts)
    return [*lines, _("See it here: %(address)s") % facts]


def _paid_out(refund: Refund, facts: dict[str, str]) -> list[str]:
    if refund.payment is not None:
        facts["receipt"] = refund.payment.receipt
        words = _("We have paid back %(amount)s to you, of the payment of receipt no. %(receipt)s.")
    else:
        facts["number"] = refund.credit.number if refund.credit else ""
        words = _("We have paid back %(amount)s to you, of credit note %(number)s.")
    lines = [words % facts]
    if refund.way == Channel.TRANSFER:
        facts["end"] = refund.account[-_ACCOUNT_END:]
        lines.append(_("By transfer to the account that ends in %(end)s.") % facts)
    elif refund.way == Channel.CARD:
        lines.append(_("To the card that was used to pay."))
    return lines


def _title(found: MoneyBack) -> str:
    if not found.taken_back:
        return _("refund")
    return _("direct debit not paid") if found.by_debit else _("payment taken back")


def _receipt(of: Refund | DebitLine) -> str:
    return of.payment.receipt if isinstance(of, Refund) and of.payment else ""


def _found(subject: str) -> MoneyBack:
    kind, _colon, key = subject.partition(":")
    if kind == _DEBIT:
        line = DebitLine.objects.select_related("bill__contract").get(pk=int(key))
        return MoneyBack(line, [line.bill])
    rows = Refund.objects.select_related("payment__attempt", "payment__person", "credit__contract")
    refund = rows.get(pk=UUID(key))
    if refund.payment is not None:
        return MoneyBack(refund, bills_of(refund.payment))
    return MoneyBack(refund, [refund.credit] if refund.credit else [])


def _note(subject: str, kind: str, **data: Any) -> None:
    found = _found(subject)
    if receipt := _receipt(found.of):
        data["receipt"] = receipt
    with transaction.atomic():
        for contract_id in sorted({bill.contract_id for bill in found.bills if bill.contract_id}):
            numbers = [bill.number for bill in found.bills if bill.contract_id == contract_id]
            event(contract_id, kind, bill=numbers[0], **data).save()
