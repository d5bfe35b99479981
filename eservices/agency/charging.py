"""What a request costs: written by staff, taken from the quotation or the type, made a fee."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.agency.contracting import contract_of
from eservices.agency.dues import CITIZEN
from eservices.agency.models import Charge
from eservices.bills.models import Allocation
from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.money import MOST, decimal
from eservices.payments.fees import make_fee, withdraw_fee
from eservices.payments.journal import actor_of
from eservices.requests.family import hold
from eservices.requests.models import Outcome, Quotation, Request, StageKind
from eservices.requests.needs import PendingAction
from eservices.requests.roles import Who, roles_of
from language.lines import one_line
from org.models import User
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

MAY_CHARGE: Final = frozenset({"office", "department", "head"})
USUAL_DAYS: Final = 30
_DONE: Final = Quotation.State.ACCEPTED


def may_charge(request: Request, *, actor: User) -> bool:
    """Return whether the actor may write what the request costs."""
    if request.ended_at or not _has_payment(definition_of(request.version)):
        return False
    return bool(roles_of(request, Who(actor)) & MAY_CHARGE)


def _has_payment(definition: Definition) -> bool:
    return any(stage.kind == StageKind.PAYMENT for stage in definition.stages)


def charges_of(request: Request) -> int:
    """Return how many charges of a request are written, those that are bills by now included."""
    return Charge.objects.filter(request=request.pk).count()


def write_charge(
    request: Request, *, subject: str, amount: int, actor: User, seen: int | None = None
) -> Charge:
    """Write what is to be paid, in centimes; at once a fee where the request waits for payment.

    0 says that nothing is to be paid. `seen` is how many charges the actor saw: one that was
    written since, perhaps by the same click, raises ConflictError. Raise NotAllowedError.
    """
    subject = one_line(subject, 200)
    if not subject or not 0 <= amount <= MOST:
        raise NotAllowedError(_("Say what is to be paid, and how much."))
    with transaction.atomic():
        hold(request)
        request.refresh_from_db(fields=["stage", "stage_kind", "stage_since", "ended_at"])
        if not may_charge(request, actor=actor):
            raise NotAllowedError(_("You may not do this with this request."))
        if seen is not None and seen != charges_of(request):
            raise ConflictError
        charge = Charge.objects.create(
            request=request,
            subject=subject,
            amount=amount,
            made_at=timezone.now(),
            made_by=actor,
        )
        data = {"subject": subject, "amount": decimal(amount)}
        record_change(request.letter, EserviceEvent.CHARGE_WRITTEN, actor=actor, data=data)
        if request.stage_kind == StageKind.PAYMENT:
            bill_charges(request, actor=actor)
    return charge


def drop_charge(request: Request, charge_id: int, *, actor: User) -> None:
    """Take back a charge that is no bill yet. Raise NotAllowedError."""
    with transaction.atomic():
        hold(request)
        rows = Charge.objects.filter(request=request.pk, pk=charge_id, bill=None, quotation=None)
        if not may_charge(request, actor=actor) or not rows.delete()[0]:
            raise NotAllowedError(_("You may not do this with this request."))
        data = {"subject": "–", "amount": "0.00"}
        record_change(request.letter, EserviceEvent.CHARGE_WRITTEN, actor=actor, data=data)


def charge_need(given: PendingAction) -> object:
    """Return that what is to be paid is not written yet; 0 counts as written."""
    there = Charge.objects.filter(request=given.request.pk).exists()
    return None if there else _("Write first what is to be paid; 0 where nothing is.")


def charge_for_stage(request: Request, *, actor: User | None) -> None:
    """Make fees of what the request costs, now that its payment is waited for.

    That is the accepted quotation, what staff wrote, else the fee of the type. The letter is held.
    """
    for quotation in Quotation.objects.filter(request=request.pk, state=_DONE, charge=None):
        with override(request.language):
            subject = _("Quotation no. %(number)s") % {"number": quotation.number}
        _charge(request, subject, int(quotation.total * 100), quotation=quotation)
    definition = definition_of(request.version)
    fee = definition.fee
    if fee and fee.amount and not Charge.objects.filter(request=request.pk).exists():
        _charge(request, definition.title.in_(request.language), int(fee.amount * 100))
    bill_charges(request, actor=actor)


def _charge(
    request: Request, subject: str, amount: int, *, quotation: Quotation | None = None
) -> None:
    Charge.objects.create(
        request=request,
        subject=one_line(subject, 200),
        amount=amount,
        quotation=quotation,
        made_at=timezone.now(),
    )


def bill_charges(request: Request, *, actor: User | None) -> None:
    """Make a fee of each charge that is none yet. The letter is held."""
    waiting = Charge.objects.filter(request=request.pk, bill=None, amount__gt=0)
    days = definition_of(request.version).stage(request.stage).days or USUAL_DAYS
    due_on = timezone.localdate() + timedelta(days=days)
    for charge in waiting.order_by("pk"):
        charge.bill = make_fee(
            request,
            subject=charge.subject,
            amount=charge.amount,
            due_on=due_on,
            contract=contract_of(request),
        )
        charge.save(update_fields=["bill"])
        data = {"bill": charge.bill.number, "amount": decimal(charge.amount)}
        record_change(
            request.letter, EserviceEvent.FEE_MADE, actor=actor, data=data, visibility=CITIZEN
        )


def withdraw_unpaid(request: Request, *, actor: User | None) -> None:
    """Withdraw the unpaid fees of a request that has ended. The letter's lock is held.

    What was granted stays owed where its payment was taken back.
    """
    waiting = request.bills.filter(remaining__gt=0)
    if request.outcome == Outcome.GRANTED:
        waiting = waiting.exclude(pk__in=_taken_back(request).values("bill"))
    for bill in waiting.order_by("pk"):
        unpaid = withdraw_fee(bill, actor=actor_of(actor))
        data = {"bill": bill.number, "amount": decimal(unpaid)}
        record_change(
            request.letter, EserviceEvent.FEE_WITHDRAWN, actor=actor, data=data, visibility=CITIZEN
        )


def settle_taken_back(request: Request) -> None:
    """Record which payments of a request's fees went back; harmless to repeat.

    Of a request that ended without being granted nothing is owed: its fees are withdrawn.
    """
    if not _taken_back(request).exists():
        return
    with transaction.atomic():
        hold(request)
        request.refresh_from_db(fields=["ended_at", "outcome"])
        if request.ended_at and request.outcome != Outcome.GRANTED:
            withdraw_unpaid(request, actor=None)
        else:
            _record_owed_again(request)


def _taken_back(request: Request) -> QuerySet[Allocation]:
    return Allocation.objects.filter(bill__request=request.pk, amount__lt=0)


def _record_owed_again(request: Request) -> None:
    kind = EserviceEvent.FEE_OWED_AGAIN
    events = LetterEvent.objects.filter(letter=request.letter_id, kind=kind)
    known = {data.get("allocation") for data in events.values_list("data", flat=True)}
    for one in _taken_back(request).exclude(pk__in=known).select_related("bill").order_by("pk"):
        data = {"bill": one.bill.number, "amount": decimal(-one.amount), "allocation": one.pk}
        record_change(request.letter, kind, actor=None, data=data, visibility=CITIZEN)
