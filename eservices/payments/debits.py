"""Direct debits: mandates of contracts, runs of what is due as a file for the bank, what came back.

A bill is at the bank once at a time. It is paid when the bank's file says so (its own reference for
the debit comes back), never when the run is made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bills.models import Bill
from eservices.bills.remaining import held
from eservices.contracts.models import Contract
from eservices.payments import journal
from eservices.payments.models import DebitLine, DebitMandate, DebitRun, JournalEntry, Payment
from eservices.payments.money_back_mails import queue_debit_message
from eservices.payments.pain import Creditor, Debit, pain_008
from eservices.payments.posting import reverse
from eservices.payments.rib import is_rib
from eservices.payments.series import next_number
from language.lines import one_line
from org.institution import name_on
from org.models import User
from registry.files.stored import stored_row
from registry.files.vault import store

MANDATES: Final = "M"
RUNS: Final = "P"
RETURNED: Final = "debit_returned"
NAMED: Final = "debit_return_named"  # the bank's entry for what a person said before
MOST_LINES: Final = 20_000


class DebitError(Exception):
    """What cannot be done about direct debits; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_mandate(
    contract: Contract, *, account: str, holder: str, signed_on: date, by: User | None
) -> DebitMandate:
    """Keep a customer's leave to debit an account for a contract. Raise DebitError."""
    account = re.sub(r"\s", "", account)
    if not is_rib(account):
        raise DebitError("account")
    if not (holder := one_line(holder, 200)):
        raise DebitError("holder")
    if signed_on > timezone.localdate():
        raise DebitError("signed_on")
    try:
        with transaction.atomic():
            mandate = DebitMandate.objects.create(
                contract=contract,
                account=account,
                holder=holder,
                reference=next_number(MANDATES).replace("/", "-"),
                signed_on=signed_on,
                made_at=timezone.now(),
                made_by=by,
            )
            journal.write(
                "debit_mandate",
                subject=f"mandate:{mandate.reference}",
                actor=journal.actor_of(by),
                data={"contract": contract.number},
            )
    except IntegrityError as error:
        raise DebitError("mandate_there") from error
    return mandate


def end_mandate(mandate: DebitMandate, *, by: User | None) -> None:
    """End a mandate today; what is at the bank already comes back as the bank says."""
    with transaction.atomic():
        rows = DebitMandate.objects.filter(pk=mandate.pk, ended_on=None)
        if rows.update(ended_on=timezone.localdate()):
            journal.write(
                "debit_mandate_ended",
                subject=f"mandate:{mandate.reference}",
                actor=journal.actor_of(by),
            )


def due_by_debit(until: date) -> QuerySet[Bill]:
    """Return the bills of contracts with a mandate that are due until a day and not at the bank."""
    mandates = DebitMandate.objects.filter(ended_on=None)
    return Bill.objects.filter(
        contract__in=mandates.values("contract"),
        kind=Bill.Kind.INVOICE,
        remaining__gt=0,
        due_on__lte=until,
    ).exclude(pk__in=DebitLine.objects.filter(state=DebitLine.State.SENT).values("bill"))


def make_run(*, collect_on: date, by: User | None) -> DebitRun:
    """Make the file of what is due on a day. Raise DebitError."""
    if collect_on <= timezone.localdate():
        raise DebitError("collect_on")
    if not is_rib(settings.BANK_ACCOUNT):
        raise DebitError("creditor")
    with transaction.atomic():
        lines = _lines_due(collect_on)
        if not lines:
            raise DebitError("nothing")
        run = DebitRun.objects.create(
            number=next_number(RUNS).replace("/", "-"),
            collect_on=collect_on,
            made_at=timezone.now(),
            made_by=by,
        )
        for place, line in enumerate(lines, start=1):
            line.run, line.reference = run, f"{run.number}-{place}"
        DebitLine.objects.bulk_create(lines, batch_size=500)
        run.count, run.total = len(lines), sum(line.amount for line in lines)
        content = pain_008(
            run.number,
            made_at=run.made_at,
            collect_on=collect_on,
            creditor=_creditor(),
            debits=[_debit(line) for line in lines],
        )
        run.file = stored_row(store(io.BytesIO(content)), media_type="application/xml")
        run.save()
        journal.write(
            "debit_run",
            subject=f"run:{run.number}",
            amount=run.total,
            actor=journal.actor_of(by),
            data={"count": run.count, "collect_on": collect_on.isoformat()},
        )
    return run


def _lines_due(until: date) -> list[DebitLine]:
    """Return what would be debited, the bills' rows locked, the oldest due first.

    Once a bill is held, no other run can send it: the selection made before is checked again.
    """
    ids = list(
        due_by_debit(until).order_by("due_on", "pk").values_list("pk", flat=True)[:MOST_LINES]
    )
    lines = [
        line
        for start in range(0, len(ids), 500)
        for line in _lines_of(sorted(ids)[start : start + 500], until)
    ]
    return sorted(lines, key=lambda line: (line.bill.due_on or line.bill.issued_on, line.bill_id))


def _lines_of(ids: Sequence[int], until: date) -> list[DebitLine]:
    bills = held(Bill.objects.filter(pk__in=ids))
    still = set(due_by_debit(until).filter(pk__in=ids).values_list("pk", flat=True))
    rows = DebitMandate.objects.filter(ended_on=None, contract__in={it.contract_id for it in bills})
    mandates = {mandate.contract_id: mandate for mandate in rows}
    return [
        DebitLine(mandate=mandates[bill.contract_id], bill=bill, amount=bill.remaining)
        for bill in bills
        if bill.pk in still and bill.contract_id in mandates
    ]


def _creditor() -> Creditor:
    name = name_on(language="fr") or _("Registry office")  # the bank's file wants one
    return Creditor(name=name, account=settings.BANK_ACCOUNT, identifier=settings.CREDITOR_ID)


def _debit(line: DebitLine) -> Debit:
    return Debit(
        reference=line.reference,
        amount=line.amount,
        mandate=line.mandate.reference,
        signed_on=line.mandate.signed_on,
        holder=line.mandate.holder,
        account=line.mandate.account,
        bill=line.bill.number,
    )


def collected(payment: Payment, reference: str) -> None:
    """Mark a debit as collected by this payment, in the caller's transaction."""
    DebitLine.objects.filter(reference=reference, state=DebitLine.State.SENT).update(
        state=DebitLine.State.PAID, ended_at=payment.posted_at
    )


def send_back(line: DebitLine, *, reason: str, by: User | None, key: str = "") -> bool:
    """Mark a debit as sent back by the bank; what it paid is owed again. Once.

    `key` identifies the entry of the bank's file; return False where another one sent it back
    before.
    """
    with transaction.atomic():
        row = DebitLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
        if row.state == DebitLine.State.RETURNED:
            return not key or _is_sent_back_by(row, key)
        row.state, row.ended_at = DebitLine.State.RETURNED, timezone.now()
        row.reason = one_line(reason, 200)
        row.save(update_fields=["state", "ended_at", "reason"])
        if (payment := _payment_of(row)) is not None:
            reverse(payment, reason=row.reason or "returned", actor=journal.actor_of(by))
        else:
            queue_debit_message(row)
        journal.write(
            RETURNED,
            subject=f"debit:{row.reference}",
            amount=row.amount,
            actor=journal.actor_of(by),
            data={"key": key} if key else {},
        )
    return True


def _is_sent_back_by(row: DebitLine, key: str) -> bool:
    """Return whether this entry sent a debit back: so does the first after a person said so."""
    subject = f"debit:{row.reference}"
    entries = JournalEntry.objects.filter(subject=subject, kind__in=(RETURNED, NAMED))
    keys = [data.get("key", "") for data in entries.values_list("data", flat=True)]
    if keys and not any(keys):
        journal.write(NAMED, subject=subject, data={"key": key})
        return True
    return key in keys


def _payment_of(line: DebitLine) -> Payment | None:
    rows = Payment.objects.filter(bank_line__end_to_end=line.reference)
    return rows.exclude(refunds__state__in=("paid", "reversed")).first()


def debits_of(names: Iterable[str]) -> dict[str, DebitLine]:
    """Return the direct debits of ours among these names, by name."""
    wanted = sorted({name for name in names if name})
    return {
        debit.reference: debit
        for start in range(0, len(wanted), 500)
        for debit in DebitLine.objects.filter(reference__in=wanted[start : start + 500])
    }


def uncollected(reference: str, *, reason: str) -> DebitLine | None:
    """Mark a debit as sent back whose credit was taken back, in the caller's transaction.

    Return it, None where none is marked.
    """
    known = (DebitLine.State.SENT, DebitLine.State.PAID)
    rows = DebitLine.objects.select_for_update(of=("self",))
    row = rows.filter(reference=reference, state__in=known).first()
    if row is not None:
        row.state, row.ended_at = DebitLine.State.RETURNED, timezone.now()
        row.reason = one_line(reason, 200)
        row.save(update_fields=["state", "ended_at", "reason"])
    return row
