"""Customers who have not sent a reading are reminded before a round ends, each once a round.

A round's job goes over its contracts in batches and queues one message for each; what it queued is
known by the job table, so that a killed one goes on where it was.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.contracts.events import event
from eservices.contracts.models import Contract, ContractEvent, Meter
from eservices.kinds import EserviceJob
from eservices.plain_messages import send_message
from eservices.readings.models import Reading, Round
from eservices.readings.reading_messages import contact_of
from eservices.readings.taking import OVER
from jobs.outbox import enqueue, enqueue_all
from org.written_days import date_format

REMINDED: Final = "reading_reminded"
_BATCH: Final = 500


def queue_reminders() -> None:
    """Queue the rounds whose end is near and whose customers were not reminded yet."""
    today = timezone.localdate()
    until = today + timedelta(days=settings.READING_REMIND_DAYS)
    rows = Round.objects.filter(
        reminded_at=None, opens_on__lte=today, closes_on__gte=today, closes_on__lte=until
    )
    for row in rows.order_by("pk")[:100]:
        with transaction.atomic():
            if Round.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=timezone.now()):
                enqueue(EserviceJob.READING_REMIND, f"{row.pk}:0")


def remind_work(subject: str, _progress: Any) -> list[int]:
    """For "ROUND:AFTER" return the next contracts to remind; for "ROUND=CONTRACT" remind it."""
    if "=" in subject:
        round_id, contract_id = subject.split("=")
        return _tell_one(int(round_id), int(contract_id))
    round_id, after = subject.split(":")
    row = Round.objects.filter(pk=int(round_id)).first()
    if row is None:
        return []
    rows = wanting(row).filter(pk__gt=int(after)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:_BATCH])


def save_reminded(subject: str, found: list[int]) -> None:
    """Queue the messages of a batch and the next batch; or note that one contract was reminded."""
    if "=" in subject:
        round_id, contract_id = subject.split("=")
        for _told in found:
            event(int(contract_id), REMINDED, round=int(round_id)).save()
        return
    round_id, _colon, _after = subject.partition(":")
    if found:
        wanted = [(EserviceJob.READING_REMIND, f"{round_id}={pk}") for pk in found]
        enqueue_all([*wanted, (EserviceJob.READING_REMIND, f"{round_id}:{found[-1]}")])


def wanting(row: Round) -> "QuerySet[Contract]":
    """Return the active contracts of a round with a contact that lack a reading of its period."""
    meters = Meter.objects.filter(contract=OuterRef("pk"), removed_on=None)
    sent = Reading.objects.filter(meter=OuterRef("pk"), period=row.period).exclude(state__in=OVER)
    if row.service:
        meters = meters.filter(service=row.service)
    rows = Contract.objects.filter(Exists(meters.exclude(Exists(sent))))
    rows = rows.filter(status=Contract.Status.ACTIVE).filter(~Q(email="") | ~Q(phone=""))
    if row.sector:
        return rows.filter(sector=row.sector)
    own = Round.objects.filter(period=row.period, service=row.service).exclude(sector="")
    return rows.exclude(sector__in=own.values("sector"))


def _tell_one(round_id: int, contract_id: int) -> list[int]:
    """Remind one contract, unless it has sent its readings meanwhile; return it if reminded."""
    row = Round.objects.filter(pk=round_id).first()
    contract = wanting(row).filter(pk=contract_id).first() if row else None
    if row is None or contract is None or row.closes_on < timezone.localdate():
        return []
    told = ContractEvent.objects.filter(contract=contract, kind=REMINDED, data__round=round_id)
    contact = contact_of(contract)
    if not contact or told.exists():
        return []
    with override(contract.language or "fr"):
        send_message(
            contact,
            subject=_("read your meter"),
            lines=list(_lines(row, contract)),
            reference=f"remind:{round_id}:{contract_id}",
        )
    return [contract_id]


def _lines(row: Round, contract: Contract) -> Iterator[str]:
    numbers = {
        "contract": contract.number,
        "day": date_format(row.closes_on, "SHORT_DATE_FORMAT"),
        "address": f"{settings.PUBLIC_URL}/readings/send/",
    }
    yield _("We have no reading yet of the meter of contract %(contract)s.") % numbers
    yield _("Send the index until %(day)s, so that your bill rests on your real use:") % numbers
    yield str(numbers["address"])
