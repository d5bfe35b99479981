"""What is kept of a person as a customer: contracts, meters, readings, bills, payments."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bills.holders import of_present_holders as bills_of_present
from eservices.bills.models import Allocation, Bill
from eservices.contracts.customers import contracts_of_customer
from eservices.contracts.events import holders_since
from eservices.contracts.looks import look_key
from eservices.contracts.models import Contract, Holder
from eservices.money import decimal
from eservices.payments.models import Payment
from eservices.privacy.parts import Part, Row, at, bounded, part, under_another_name, without_empty
from eservices.privacy.person_data import CHUNK, PersonData, in_anothers_name
from eservices.readings.holders import of_present_holders as readings_of_present
from eservices.readings.models import Reading
from eservices.relations.models import CustomerView


@part
def contracts(held: PersonData) -> Part:
    """Return the person's contracts; those under another name as a count."""
    rows = list(_own(held))
    left_out = under_another_name(held, "contracts")
    return Part(
        "contracts", _("Contracts"), "contracts", _("Imported from the billing system"),
        bounded((_contract(row, former=row.pk in _given_away(held)) for row in rows), left_out),
        left_out,
    )  # fmt: skip


def _given_away(held: PersonData) -> dict[int, datetime]:
    """Return which of the person's contracts a request gave to another since, and when.

    What is of the holder of today then, their name and bills, is no datum of this person.
    """
    person = held.customer.person
    if person is None:
        return {}
    ended = Holder.objects.filter(person=person).exclude(ended_at=None)
    today = Holder.objects.filter(person=person, ended_at=None).values("contract")
    left = ended.exclude(contract__in=today).values_list("contract", flat=True)
    return holders_since(set(left))


def _of_their_time(held: PersonData, of_present: Callable[[Collection[int]], Q]) -> Q:
    """Return the condition on rows of the person's contracts: while they were the holder.

    `of_present`: the condition on rows of contracts that are of the holders of today.
    """
    former = set(_given_away(held))
    present = [row.pk for row in _own(held) if row.pk not in former]
    return of_present(present) | Q(contract__in=former) & ~of_present(former)


def contract_looks(held: PersonData) -> "QuerySet[CustomerView]":
    """Return the looks of staff at the person's contracts, while they were the holder."""
    former, own = _given_away(held), list(_own(held))
    since = holders_since({row.pk for row in own})
    theirs = Q(customer__in=[look_key(row) for row in own if row.pk not in since])
    for row in own:
        if row.pk in since:
            day = timezone.localdate(since[row.pk])
            then = Q(day__lte=day) if row.pk in former else Q(day__gte=day)
            theirs |= Q(customer=look_key(row)) & then
    return CustomerView.objects.filter(theirs)


def _own(held: PersonData) -> Iterator[Contract]:
    """Yield the contracts that the person holds, or that are under their name."""
    person = held.customer.person
    holder = Holder.objects.filter(person=person) if person else Holder.objects.none()
    mine = set(holder.values_list("contract_id", flat=True))
    found = {row.pk: row for row in contracts_of_customer(held.customer)[:500]}
    found |= {row.pk: row for row in Contract.objects.filter(pk__in=mine)}
    held.foreign["contracts"] = 0
    for row in found.values():
        if row.pk in mine or held.is_theirs(row.customer_name):
            yield row
        else:
            held.foreign["contracts"] += 1


def _contract(row: Contract, *, former: bool) -> Row:
    if former:  # the rest is of who holds it now
        services = row.service_names()
        return without_empty({"contract": row.number, "services": services})
    return without_empty(
        {
            "contract": row.number,
            "name": row.customer_name,
            "kind": str(row.get_customer_type_display()),
            "email": row.email,
            "telephone": row.phone,
            "address": " ".join(one for one in (row.address, row.city) if one),
            "services": row.service_names(),
            "stage": str(row.get_status_display()),
            "opened_at": at(row.opened_on),
            "ended_at": at(row.closed_on),
            "meters": [one.serial for one in row.meters.order_by("pk")],
        }
    )


@part
def readings(held: PersonData) -> Part:
    """Return the readings of the person's meters."""
    left_out: list[str] = []
    rows = Reading.objects.filter(_of_their_time(held, readings_of_present))
    rows = rows.select_related("meter", "contract").order_by("-read_on", "-id")
    shown = (
        without_empty(
            {
                "contract": row.contract.number if row.contract else "",
                "meter": row.meter.serial if row.meter else "",
                "period": row.period,
                "index": row.index,
                "at": at(row.read_on),
                "channel": str(row.get_source_display()),
                "stage": str(row.get_state_display()),
            }
        )
        for row in rows.iterator(chunk_size=CHUNK)
    )
    source = _("Sent by the person, or read by a team")
    return Part(
        "readings", _("Meter readings"), "contracts", source, bounded(shown, left_out), left_out
    )


@part
def bills(held: PersonData) -> Part:
    """Return bills, credit notes and fees."""
    left_out: list[str] = []
    shown = (
        without_empty(
            {
                "number": row.number,
                "kind": str(row.get_kind_display()),
                "contract": row.contract.number if row.contract else "",
                "subject": row.subject,
                "issued_on": at(row.issued_on),
                "due_on": at(row.due_on),
                "amount": f"{decimal(row.total)} {row.currency}",
                "remaining": f"{decimal(row.remaining)} {row.currency}",
            }
        )
        for row in _bills(held).select_related("contract").iterator(chunk_size=CHUNK)
    )
    source = _("Imported from the billing system, or made for a request")
    return Part("bills", _("Bills"), "payments", source, bounded(shown, left_out), left_out)


def _bills(held: PersonData) -> "QuerySet[Bill]":
    mine = _of_their_time(held, bills_of_present)
    others = in_anothers_name(held).values("pk")
    mine |= Q(request__letter__in=held.letter_ids) & ~Q(request__in=others)
    return Bill.objects.filter(mine).order_by("-issued_on", "-id")


@part
def payments(held: PersonData) -> Part:
    """Return payments of these bills, and what the person paid; never the number of a card."""
    left_out: list[str] = []
    receipts = Allocation.objects.filter(bill__in=_bills(held).order_by().values("pk"))
    mine = Q(receipt__in=receipts.values("receipt"))
    if held.customer.person is not None:
        mine |= Q(person=held.customer.person)
    rows = Payment.objects.filter(mine).order_by("-posted_at", "-id")
    shown = (_payment(held, row) for row in rows.iterator(chunk_size=CHUNK))
    return Part(
        "payments", _("Payments"), "payments", _("Made by the person, or by whoever paid the bill"),
        bounded(shown, left_out), left_out,
    )  # fmt: skip


def _payment(held: PersonData, row: Payment) -> Row:
    """Return a payment; its payer only where that is the person."""
    own = held.customer.person is not None and row.person_id == held.customer.person.pk
    return without_empty(
        {
            "number": row.receipt,
            "at": at(row.paid_at),
            "channel": str(row.get_channel_display()),
            "amount": f"{decimal(row.amount)} {row.currency}",
            "name": row.payer if own or held.is_theirs(row.payer) else "",
        }
    )
