"""Customers are notified of a new bill, however they pay: once each, by mail or SMS.

An import queues a job over the bills of which nobody was notified; it goes on in batches, so that a
million new bills do not stand in the table of jobs at once.
"""

from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.bills.holders import of_present_holders
from eservices.bills.models import Bill
from eservices.bills.templatetags.money import dirhams
from eservices.contracts.events import event
from eservices.contracts.models import Contract, Holder
from eservices.kinds import EserviceJob
from eservices.people.reaching import contact_of_person
from eservices.plain_messages import send_message
from eservices.readings.reading_messages import contact_of
from jobs.outbox import enqueue, enqueue_all
from org.written_days import date_format

TOLD: Final = "bill_told"
UNTOLD: Final = "bill_untold"
MOST_HOLDERS: Final = 5  # of a contract that are told
_BATCH: Final = 500
_SECONDS: Final = 30  # between two batches


def queue_bill_messages() -> None:
    """Queue the job over new bills; inside the transaction that brings them."""
    enqueue(EserviceJob.BILLS_LOOK, "0", delay=5)


def next_bills_work(subject: str, _progress: Any) -> list[int]:
    """Return the next bills behind an id of which nobody was notified."""
    # Written out, not a parameter: with one, SQLite does not use `bill_not_told`.
    invoice = RawSQL("\"kind\" = 'invoice'", (), BooleanField())
    rows = Bill.objects.filter(invoice, told_at=None, pk__gt=int(subject))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH])


def save_next_bills(_subject: str, found: list[int]) -> None:
    """Queue a message for each, and the next batch."""
    if found:
        enqueue_all([(EserviceJob.BILL_TELL, pk) for pk in found])
        enqueue(EserviceJob.BILLS_LOOK, str(found[-1]), delay=_SECONDS)


def notify_work(subject: str, _progress: Any) -> list[str]:
    """Notify the customers of a bill's contract; return the ways, [] where there is none.

    At least once. Raise jobs' Permanent and Unavailable.
    """
    bill = Bill.objects.select_related("contract").filter(pk=int(subject), told_at=None).first()
    if bill is None or bill.contract is None or not _of_present_holder(bill):
        return []
    ways: list[str] = []
    for contact, language in receivers(bill.contract):
        with override(language):
            ways.append(
                send_message(
                    contact,
                    subject=_("new bill"),
                    lines=lines_of(bill, bill.contract),
                    reference=f"bill:{bill.pk}:{len(ways)}",
                )
            )
    return ways


def _of_present_holder(bill: Bill) -> bool:
    """Return whether a bill is of who holds its contract now: the last one of before is not."""
    theirs = of_present_holders([bill.contract_id] if bill.contract_id else [])
    return Bill.objects.filter(theirs, pk=bill.pk).exists()


def save_notified(subject: str, ways: list[str]) -> None:
    """Write into the contract's history that its customer was notified, and how."""
    _settle(subject, TOLD, ways=ways)


def notify_parked(subject: str, code: str) -> None:
    """Write into the contract's history that the message did not leave; it is not tried again."""
    _settle(subject, UNTOLD, problem=code)


def _settle(subject: str, kind: str, **data: Any) -> None:
    with transaction.atomic():
        bill = Bill.objects.filter(pk=int(subject), told_at=None).first()
        if bill is None:
            return
        Bill.objects.filter(pk=bill.pk).update(told_at=timezone.now())
        if bill.contract_id and any(data.values()):
            event(bill.contract_id, kind, bill=bill.number, **data).save()


def receivers(contract: Contract) -> list[tuple[str, str]]:
    """Return who is notified, each contact once with a language: the holders, else the contract."""
    holders = Holder.objects.filter(ended_at=None, contract=contract, person__closed_at=None)
    rows = list(holders.select_related("person").order_by("pk")[:MOST_HOLDERS])
    found: dict[str, str] = {}
    for holder in rows:
        if contact := contact_of_person(holder.person):
            found.setdefault(contact, holder.person.language or "fr")
    if not rows and (contact := contact_of(contract)):
        found[contact] = contract.language or "fr"
    return list(found.items())


def lines_of(bill: Bill, contract: Contract) -> list[str]:
    """Return what is said of a bill, in the active language."""
    facts = {
        "number": bill.number,
        "contract": contract.number,
        "amount": dirhams(bill.total),
        "day": date_format(bill.due_on, "SHORT_DATE_FORMAT") if bill.due_on else "",
        "address": f"{settings.PUBLIC_URL}/my/bills/",
    }
    lines = [_("Your new bill %(number)s of contract %(contract)s: %(amount)s.") % facts]
    if bill.due_on and bill.remaining > 0:
        lines.append(_("To be paid until %(day)s.") % facts)
    elif bill.remaining <= 0:
        lines.append(_("Nothing remains to be paid."))
    if bill.estimated:
        lines.append(_("It is estimated: the meter was not read."))
    return [*lines, _("Open it here: %(address)s") % facts]
