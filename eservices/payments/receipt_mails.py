"""The payer is sent the receipt: once, by a job, and only to an address that is theirs.

That is the address typed when paying by card, else the verified contact of the person who paid.
Where neither is known (counter, bank), the holders' first verified contact is notified that
their bill was paid, without the receipt, which may name another payer.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import available_ways
from eservices.bills.holders import of_present_holders
from eservices.bills.models import Allocation, Bill
from eservices.bills.templatetags.money import dirhams
from eservices.contracts.events import event
from eservices.contracts.models import Holder
from eservices.kinds import EserviceJob
from eservices.payments.models import Payment
from eservices.payments.receipts import file_name, receipt_file
from eservices.people.reaching import contact_of_person
from eservices.plain_messages import Attachment, send_message
from jobs.outbox import enqueue
from org.signs import listed
from registry.files.vault import get_vault

TOLD: Final = "receipt_told"
UNTOLD: Final = "receipt_untold"
MOST_NAMED: Final = 5  # bills in the message


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is notified; `paid`: it is the payer."""

    contact: str
    language: str
    paid: bool


def queue_receipt(payment: Payment) -> None:
    """Queue the receipt of a payment, in its transaction, where the office can send mail or SMS."""
    if available_ways():
        enqueue(EserviceJob.RECEIPT_TELL, payment.pk)


def send_receipt_work(subject: str, _progress: Any) -> str:
    """Send the receipt; return the way, "" where nobody is to be notified.

    Raise jobs' Permanent and Unavailable.
    """
    rows = Payment.objects.select_related("attempt", "person", "receipt_file")
    payment = rows.filter(pk=UUID(subject)).first()
    bills = bills_of(payment) if payment else []
    receiver = receiver_of(payment, bills) if payment else None
    if payment is None or receiver is None:
        return ""
    with override(receiver.language):
        return send_message(
            receiver.contact,
            subject=_("receipt of your payment") if receiver.paid else _("bill paid"),
            lines=lines_of(payment, bills, receiver),
            reference=f"receipt:{payment.pk}",
            attach=(lambda: _attachment(payment)) if receiver.paid else None,
        )


def save_receipt_sent(subject: str, way: str) -> None:
    """Write into the history of the contracts that the receipt was sent, and how."""
    if way:
        _note(subject, TOLD, way=way)


def send_receipt_parked(subject: str, code: str) -> None:
    """Write into the history that it did not leave; it is not tried again."""
    _note(subject, UNTOLD, problem=code)


def receiver_of(payment: Payment, bills: list[Bill]) -> Receiver | None:
    """Return who is notified of a payment; None for nobody."""
    if payment.attempt is not None and payment.attempt.email:
        return Receiver(payment.attempt.email, payment.language, paid=True)
    if payment.person is not None:
        contact = contact_of_person(payment.person)
        language = payment.person.language or payment.language
        return Receiver(contact, language, paid=True) if contact else None
    contracts = {bill.contract_id for bill in bills}
    if len(contracts) != 1 or payment.attempt is not None or not of_present_holder(bills):
        return None
    holders = Holder.objects.filter(contract__in=contracts, ended_at=None, person__closed_at=None)
    for holder in holders.select_related("person").order_by("pk")[:MOST_NAMED]:
        if contact := contact_of_person(holder.person):
            return Receiver(contact, holder.person.language or payment.language, paid=False)
    return None


def of_present_holder(bills: list[Bill]) -> bool:
    """Return whether all these bills of one contract are those of who holds it now."""
    contracts = [bill.contract_id for bill in bills if bill.contract_id]
    theirs = Bill.objects.filter(of_present_holders(contracts[:1]), pk__in=[b.pk for b in bills])
    return theirs.count() == len(bills)


def bills_of(payment: Payment) -> list[Bill]:
    """Return the bills that a payment was set against when it came."""
    ids = Allocation.objects.filter(receipt=payment.receipt, amount__gt=0).values("bill")
    return list(Bill.objects.filter(pk__in=ids).order_by("pk"))


def lines_of(payment: Payment, bills: list[Bill], receiver: Receiver) -> list[str]:
    """Return what is said of a payment, in the active language."""
    place = "payments" if receiver.paid and payment.person_id else "bills"
    facts = {
        "amount": dirhams(payment.amount),
        "receipt": payment.receipt,
        "bills": listed(bill.number for bill in bills[:MOST_NAMED]),
        "more": max(0, len(bills) - MOST_NAMED),
        "address": f"{settings.PUBLIC_URL}/my/{place}/",
    }
    lines = [_("We received %(amount)s: receipt no. %(receipt)s.") % facts]
    if len(bills) > MOST_NAMED:
        lines.append(_("Bills: %(bills)s and %(more)d more.") % facts)
    elif bills:
        lines.append(_("Bills: %(bills)s.") % facts)
    if payment.person_id or not receiver.paid:
        lines.append(_("See it here: %(address)s") % facts)
    return lines


def _attachment(payment: Payment) -> Attachment:
    """Return the receipt, drawn now where it is not yet."""
    with get_vault().open(receipt_file(payment).sha256) as stream:
        return Attachment(file_name(payment), stream.read(), "application/pdf")


def _note(subject: str, kind: str, **data: Any) -> None:
    payment = Payment.objects.get(pk=UUID(subject))
    contracts = {bill.contract_id for bill in bills_of(payment)} - {None}
    with transaction.atomic():
        for contract_id in sorted(filter(None, contracts)):
            event(contract_id, kind, receipt=payment.receipt, **data).save()
