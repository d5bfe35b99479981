"""The end of a contract: last reading, final bill, and what is to be paid or paid back."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.agency.charging import may_charge
from eservices.agency.contracting import contract_of, held_contract, wanted_services
from eservices.agency.dues import CITIZEN, link_bill
from eservices.agency.meters import read_by_teams
from eservices.agency.models import Due
from eservices.agency.owning import is_owner, names_a_bill
from eservices.bills.holders import bills_of_holder
from eservices.bills.models import Bill
from eservices.contracts.finding import serial_key
from eservices.contracts.models import Contract, Meter
from eservices.kinds import EserviceEvent
from eservices.money import decimal
from eservices.money_words import dirhams
from eservices.payments.models import Channel, Refund
from eservices.payments.refunds import keep_refund, refundable_credit
from eservices.payments.rib import is_rib
from eservices.readings.models import Reading
from eservices.readings.taking import note
from eservices.readings.windows import period_of
from eservices.requests.family import hold
from eservices.requests.models import Request, StageKind
from eservices.requests.needs import PendingAction
from eservices.requests.roles import Who, roles_of
from language.numerals import ascii_digits
from language.reach import number_key
from org.models import User
from org.signs import listed
from registry.changes import record_change
from routing.acting.errors import NotAllowedError

MAY_WRITE: Final = frozenset({"office", "department", "head", "team"})
_MOST_OPEN: Final = 200  # bills among which one is looked for by its number
_MOST_LINKED: Final = 20
_STANDING: Final = (Reading.State.RECEIVED, Reading.State.APPROVED, Reading.State.EXPORTED)


def meters_to_read(request: Request) -> list[Meter]:
    """Return the meters whose last index a cancellation needs."""
    contract = contract_of(request)
    if contract is None:
        return []
    rows = contract.meters.filter(removed_on=None, service__in=wanted_services(request))
    return list(rows.order_by("service", "pk"))


def final_readings(request: Request) -> dict[int, Reading]:
    """Return the last readings that were taken for a request, by meter."""
    rows = Reading.objects.filter(request=request.pk, state__in=_STANDING).select_related("meter")
    return {r.meter_id: r for r in rows.order_by("made_at") if r.meter_id is not None}


def _by_team(request: Request, meters: Iterable[Meter]) -> dict[int, tuple[int, date]]:
    """Return what teams read of these meters; an index without a serial is that of the only one."""
    rows, found = list(meters), {}
    for read in read_by_teams(request):
        named = [m for m in rows if read.serial and m.serial_key == serial_key(read.serial)]
        for meter in named or (rows if len(rows) == 1 and not read.serial else []):
            found[meter.pk] = (read.index, read.on)
    return found


def final_reading_need(given: PendingAction) -> object:
    """Return that the last index of a meter is not known yet."""
    request = given.request
    if contract_of(request) is None:
        return _("There is no contract of this number.")
    meters = meters_to_read(request)
    there = {*final_readings(request), *_by_team(request, meters)}
    lacking = [meter.serial for meter in meters if meter.pk not in there]
    if not lacking:
        return None
    return _("Write down the last index first: meter %(meters)s.") % {"meters": listed(lacking)}


def may_read(request: Request, *, actor: User) -> bool:
    """Return whether the actor may write down a last index."""
    return not request.ended_at and bool(roles_of(request, Who(actor)) & MAY_WRITE)


def write_final_index(request: Request, meter: Meter, *, index: str, actor: User) -> Reading:
    """Enter a meter's last index by a person. Raise NotAllowedError."""
    given = ascii_digits(index).strip()
    if meter not in meters_to_read(request) or not may_read(request, actor=actor):
        raise NotAllowedError(_("You may not do this with this request."))
    if not given.isdecimal() or len(given) > max(meter.digits, 1):
        raise NotAllowedError(_("Give the index as it stands on the meter."))
    with transaction.atomic():
        hold(request)
        return _keep(request, meter, int(given), timezone.localdate(), actor=actor)


def keep_final_readings(request: Request, *, actor: User | None) -> None:
    """Keep what the team read as approved readings, for the billing system. The letter is held."""
    meters = {meter.pk: meter for meter in meters_to_read(request)}
    written = final_readings(request)
    for pk, (index, on) in _by_team(request, meters.values()).items():
        if pk not in written:
            _keep(request, meters[pk], index, on, actor=actor)


def _keep(request: Request, meter: Meter, index: int, on: date, *, actor: User | None) -> Reading:
    """Write the reading; it replaces one of this month that is not exported yet."""
    now, period = timezone.now(), period_of(on)
    others = Reading.objects.select_for_update(of=("self",)).filter(meter=meter, period=period)
    earlier = others.filter(state__in=_STANDING).first()
    if earlier is not None:
        if earlier.state == Reading.State.EXPORTED:
            period = ""  # billing has this month's: the last one is told beside the months
        else:
            earlier.state, earlier.decided_at = Reading.State.DECLINED, now
            earlier.reason = _("Replaced by the last reading of the contract.")
            earlier.save(update_fields=["state", "decided_at", "reason"])
            note(earlier, "declined", actor=actor, final=True)
    reading = Reading.objects.create(
        meter=meter,
        contract=meter.contract,
        period=period,
        index=index,
        read_on=on,
        source=Reading.Source.FIELD,
        state=Reading.State.APPROVED,
        request=request,
        language=request.language,
        replaces=earlier,
        made_at=now,
        made_by=actor,
        decided_at=now,
        decided_by=actor,
    )
    note(reading, "approved", actor=actor, final=True)
    Meter.objects.filter(pk=meter.pk).update(last_index=index, last_read_on=on, changed_at=now)
    data = {"meter": meter.serial, "index": index, "on": on.isoformat()}
    record_change(
        request.letter, EserviceEvent.FINAL_READING, actor=actor, data=data, visibility=CITIZEN
    )
    return reading


def link_final_bill(request: Request, *, actor: User | None = None) -> bool:
    """Link the final bill, once the billing system has sent it; return whether there is one.

    It is the newest bill or credit note of the contract that came after its last reading, and
    neither was issued before it nor is of an earlier period.
    """
    if Due.objects.filter(request=request.pk, final=True).exists():
        return True
    contract, readings = contract_of(request), list(final_readings(request).values())
    since = max((reading.made_at for reading in readings), default=None)
    if contract is None or since is None:
        return False
    after = contract.bills.exclude(kind=Bill.Kind.FEE).filter(made_at__gt=since)
    bill = next((it for it in after.order_by("-issued_on", "-pk") if _ends(it, readings)), None)
    if bill is None:
        return False
    with transaction.atomic():
        hold(request)
        link_bill(request, bill, actor=actor, final=True)
    return True


def _ends(bill: Bill, readings: Sequence[Reading]) -> bool:
    """Return whether a bill may be the final one: it holds a last index, or its days reach it."""
    if bill.index is not None and bill.index in {reading.index for reading in readings}:
        return True
    first = min(reading.read_on for reading in readings)
    ends = bill.period_to or bill.issued_on
    return bill.issued_on >= first and ends >= first - timedelta(days=1)


def name_final_bill(request: Request, number: str, *, actor: User) -> None:
    """Say which bill of the contract is the final one. Raise NotAllowedError."""
    contract = contract_of(request)
    bills = Bill.objects.filter(contract=contract, number=number).exclude(kind=Bill.Kind.FEE)
    bill = bills.first() if contract else None
    if bill is None or not may_charge(request, actor=actor):
        raise NotAllowedError(_("Choose a bill of the contract."))
    with transaction.atomic():
        hold(request)
        link_bill(request, bill, actor=actor, final=True)


def balance_of(contract: Contract) -> int:
    """Return what remains of all bills of a contract's present holder; below 0 it is theirs."""
    return bills_of_holder(contract.pk).aggregate(sum=Sum("remaining"))["sum"] or 0


def final_bill_need(given: PendingAction) -> object:
    """Return that the final bill is not there, or that the account stands otherwise."""
    if not Due.objects.filter(request=given.request.pk, final=True).exists():
        return _("The final bill is not there yet.")
    contract = contract_of(given.request)
    balance = balance_of(contract) if contract else 0
    kind = given.definition.stage(given.action.to).kind
    pays, ends = kind == StageKind.PAYMENT, kind == StageKind.END
    if pays == (balance > 0) and ends == (balance == 0):
        return None
    words = _("The balance of the account is %(amount)s.")
    return words % {"amount": dirhams(balance)}


def link_open_bills(request: Request, *, actor: User | None) -> int:
    """Make the open bills of the contract what the request waits for. The letter is held.

    The one that it names, else all. Raise NotAllowedError where that one is not open any more and
    the program would show all to who does not hold the contract.
    """
    contract = held_contract(request)
    wanted = number_key(str(request.answers.get("bill_number") or ""))
    open_ = contract.bills.filter(remaining__gt=0)
    theirs = bills_of_holder(contract.pk).filter(remaining__gt=0)
    known = open_ if actor is not None or names_a_bill(request) else theirs
    rows = list(known.order_by("due_on", "pk")[:_MOST_OPEN]) if wanted else []
    named = [bill for bill in rows if number_key(bill.number) == wanted]
    if wanted and not named and actor is None and not is_owner(request):
        raise NotAllowedError(_("The bill that the request names is not open."))
    rows = named or list(theirs.order_by("due_on", "pk")[:_MOST_LINKED])
    return sum(link_bill(request, bill, actor=actor) for bill in rows)


def ask_refund(request: Request, *, actor: User | None) -> list[Refund]:
    """Request that what is the customer's be paid back: credit notes, newest first.

    Approved and paid out by others, as every refund. The letter's lock is held.
    """
    contract = held_contract(request)
    left, made = -balance_of(contract), []
    rows = bills_of_holder(contract.pk).filter(remaining__lt=0)
    credits_ = rows.order_by("-issued_on", "-pk")
    account = "".join(filter(str.isdigit, ascii_digits(str(request.answers.get("rib") or ""))))
    account = account if is_rib(account) else ""
    for credit in credits_:
        amount = min(left, refundable_credit(credit))
        if amount <= 0:
            continue
        made.append(_refund(request, credit, amount, account, actor))
        link_bill(request, credit, actor=actor)
        left -= amount
    return made


def _refund(
    request: Request, credit: Bill, amount: int, account: str, actor: User | None
) -> Refund:
    reason = _("End of the contract, request %(number)s") % {"number": request.letter.number}
    way = Channel.TRANSFER if account else Channel.CASH
    row = keep_refund(
        amount=amount, reason=reason, way=way, by=actor, credit=credit, account=account
    )
    told = {"amount": decimal(amount), "bill": credit.number}
    record_change(
        request.letter, EserviceEvent.REFUND_ASKED, actor=actor, data=told, visibility=CITIZEN
    )
    return row


def refunds_of(request: Request) -> list[Refund]:
    """Return the refunds of a request, those that were refused left out."""
    credits_ = Due.objects.filter(request=request.pk).values("bill")
    rows = Refund.objects.filter(credit__in=credits_).exclude(state=Refund.State.REFUSED)
    return list(rows.select_related("credit").order_by("asked_at"))


def refund_need(given: PendingAction) -> object:
    """Return that the money has not been paid back yet."""
    rows = refunds_of(given.request)
    if not rows:
        return _("No refund is asked for.")
    if any(row.state != Refund.State.PAID for row in rows):
        return _("The refund is not paid out yet.")
    return None
