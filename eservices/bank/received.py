"""What a partner transferred for its days: a credit on the account, named by staff.

It pays no bill, since the postings did: it is set aside, and the journal keeps for which days it
came. A credit may be of several days; what is missing, or too much, is told to the centime.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bank.models import BankPartner
from eservices.bank.settlements import postings_on, totals_of
from eservices.money import CURRENCY
from eservices.payments import journal
from eservices.payments.bank_lines import WAITING
from eservices.payments.models import BankLine, JournalEntry
from eservices.payments.rights import keeps_accounts
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from org.written_days import date_format
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

RECEIVED: Final = "settlement_received"
WHY: Final = "settlement"
WITHIN: Final = timedelta(days=10)
MOST: Final = 20
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Received:
    """The credit of a partner's day, all days that it is for, and what it should be: centimes."""

    line: BankLine
    days: tuple[date, ...]
    expected: int

    @property
    def difference(self) -> int:
        """What came above the expected, below 0 what is missing."""
        return self.line.amount - self.expected


def received_for(partner: BankPartner, day: date) -> Received | None:
    """Return what came for a day; None where nobody named a credit, or it was matched anew."""
    line = lines_of([(partner, day)]).get((partner.pk, day))
    if line is None:
        return None
    days = _days_of(partner, line)
    expected = sum(totals_of(postings_on(partner, one)).net for one in days)
    return Received(line, days, expected)


def lines_of(
    days: Iterable[tuple[BankPartner, date]],
) -> dict[tuple[int, date], BankLine]:
    """Return the credits that were named for days, in a query or two for each 500 of them."""
    wanted = {_subject(partner, day): (partner.pk, day) for partner, day in days}
    subjects = list(wanted)
    named: dict[tuple[int, date], int] = {}
    for start in range(0, len(subjects), _BATCH):
        entries = JournalEntry.objects.filter(
            subject__in=subjects[start : start + _BATCH], kind=RECEIVED
        ).order_by("seq")
        for subject, data in entries.values_list("subject", "data"):
            named[wanted[subject]] = data["line"]
    lines = _standing(named.values())
    return {key: lines[pk] for key, pk in named.items() if pk in lines}


def candidates(partner: BankPartner, day: date) -> list[BankLine]:
    """Return the credits that may be a day's settlement, the nearest amount first."""
    waiting = BankLine.objects.filter(
        state__in=WAITING, currency=CURRENCY, amount__gt=0,
        booked_on__gte=day, booked_on__lte=day + WITHIN,
    )  # fmt: skip
    told = totals_of(postings_on(partner, day))
    rows = [*waiting.order_by("booked_on", "pk")[:_BATCH], *_of_other_days(partner, day)]
    return sorted(rows, key=lambda row: (_distance(row, told.net, told.total), row.pk))[:MOST]


def name_credit(partner: BankPartner, day: date, line_id: int, *, by: User) -> Received:
    """Keep that a credit is the settlement of a day. Raise NotAllowedError, ConflictError."""
    if not keeps_accounts(permissions_of(by)):
        raise NotAllowedError
    with transaction.atomic():
        BankPartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
        line = BankLine.objects.select_for_update(of=("self",)).filter(pk=line_id).first()
        if line is None or received_for(partner, day) or not _may_be(line, partner):
            raise ConflictError
        facts = {"bank": partner.name or partner.code, "day": date_format(day, "SHORT_DATE_FORMAT")}
        said = _("Settlement of %(bank)s of %(day)s") % facts
        new = line.why != WHY
        line.state, line.why, line.proposals = BankLine.State.ASIDE, WHY, []
        line.remark = one_line(said if new else f"{line.remark}, {facts['day']}", 500)
        line.decided_at, line.decided_by = timezone.now(), by
        line.save()
        actor = journal.actor_of(by)
        if new:
            subject = f"bank-line:{line.pk}"
            journal.write("bank_line_aside", subject=subject, amount=line.amount, actor=actor)
        journal.write(RECEIVED, subject=_subject(partner, day), actor=actor, data={"line": line.pk})
    found = received_for(partner, day)
    if found is None:
        raise ConflictError
    return found


def _may_be(line: BankLine, partner: BankPartner) -> bool:
    """Return whether a credit waits, or is the partner's settlement of another day."""
    if line.amount <= 0 or line.currency != CURRENCY:
        return False
    return line.state in WAITING or (line.why == WHY and bool(_days_of(partner, line)))


def _of_other_days(partner: BankPartner, day: date) -> list[BankLine]:
    around = [day + timedelta(days=n) for n in range(-WITHIN.days, WITHIN.days + 1)]
    found = lines_of((partner, one) for one in around)
    return list({line.pk: line for line in found.values()}.values())


def _days_of(partner: BankPartner, line: BankLine) -> tuple[date, ...]:
    """Return the days of the partner for which a credit came: they lie before its booking."""
    before = (line.booked_on - timedelta(days=n) for n in range(WITHIN.days * 2 + 1))
    found = lines_of((partner, one) for one in before)
    return tuple(sorted(day for (_pk, day), one in found.items() if one.pk == line.pk))


def _standing(ids: Iterable[int]) -> Mapping[int, BankLine]:
    rows = BankLine.objects.filter(pk__in=set(ids), state=BankLine.State.ASIDE, why=WHY)
    return {line.pk: line for line in rows}


def _distance(line: BankLine, *amounts: int) -> int:
    return min(abs(line.amount - amount) for amount in amounts)


def _subject(partner: BankPartner, day: date) -> str:
    return f"settlement:{partner.code}:{day.isoformat()}"
