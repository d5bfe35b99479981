"""What the centre and the field had to do with a customer: contacts, call-backs, work orders."""

from django.db.models import Q, QuerySet

from eservices.relations.customers import Customer
from eservices.relations.lookups import any_of
from eservices.relations.models import CallbackTask, ContactMoment, WorkOrder
from eservices.requests.models import Request


def moments_of(customer: Customer) -> QuerySet[ContactMoment]:
    """Return the contacts that the centre had with the customer."""
    mine = []
    if customer.phones:
        mine.append(Q(phone_key__in=customer.phones))
    if customer.contracts:
        mine.append(Q(contract_number__in=customer.contracts))
    if customer.person is not None:
        mine.append(Q(person=customer.person))
    if customer.kind == "call":
        mine.append(Q(pk=customer.pk))
    rows = ContactMoment.objects.filter(pk__in=any_of(ContactMoment, mine))
    return rows.select_related("agent", "request__letter").defer("request__answers")


def callbacks_of(customer: Customer) -> QuerySet[CallbackTask]:
    """Return the open call-backs to the customer."""
    mine = Q(phone_key__in=customer.phones) if customer.phones else Q(pk=None)
    if customer.person is not None:
        mine |= Q(request__person=customer.person)
    rows = CallbackTask.objects.filter(mine, done_at=None)
    return rows.select_related("unit", "assigned_to", "request__letter")


def orders_of(requests: QuerySet[Request]) -> QuerySet[WorkOrder]:
    """Return the work orders of these requests."""
    return WorkOrder.objects.filter(request__in=requests.values("pk")).select_related("team")
