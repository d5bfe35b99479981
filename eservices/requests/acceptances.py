"""Acceptances of works, and their reserves, which are lifted one by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests.acting import actions_of
from eservices.requests.family import hold
from eservices.requests.models import Acceptance, Request, Reserve
from eservices.requests.needs import PendingAction
from eservices.requests.roles import Who, roles_of
from language.lines import one_line
from org.models import User
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

CITIZEN: Final = LetterEvent.Visibility.CITIZEN
LIFTING: Final = {"office", "department", "head", "team"}
MOST_RESERVES: Final = 100
LONGEST_MINUTES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Left:
    """A reserve as it is written down: what is left to do, in which trade, until when."""

    text: str
    trade: str = ""
    due_on: date | None = None


def kind_of_stage(code: str) -> str:
    """Return the kind of acceptance that a stage is for, "" where its code does not say."""
    return next((kind for kind in Acceptance.Kind.values if code.startswith(kind)), "")


def kinds_open(request: Request, *, actor: User) -> list[str]:
    """Return the kinds that the actor may record in the present stage."""
    offered = actions_of(request, actor=actor)
    if not any("acceptance" in one.needs for one in offered):
        return []
    there = set(Acceptance.objects.filter(request=request.pk).values_list("kind", flat=True))
    wanted = kind_of_stage(request.stage)
    kinds = [wanted] if wanted else list(Acceptance.Kind.values)
    return [kind for kind in kinds if kind not in there]


def record_acceptance(
    request: Request,
    *,
    actor: User,
    kind: str,
    on: date,
    minutes: str = "",
    reserves: Iterable[Left] = (),
) -> Acceptance:
    """Record an acceptance with its reserves; each kind once a request.

    Raise NotAllowedError without the right, or for what cannot be; ConflictError for a second one.
    """
    left = [_checked(request, one) for one in reserves if one.text.strip()]
    if len(left) > MOST_RESERVES:
        raise NotAllowedError(_("An acceptance has 100 reserves at most."))
    if on > timezone.localdate():
        raise NotAllowedError(_("An acceptance lies not in the future."))
    with transaction.atomic():
        hold(request)
        if kind not in kinds_open(request, actor=actor):
            if Acceptance.objects.filter(request=request.pk, kind=kind).exists():
                raise ConflictError
            raise NotAllowedError(_("This acceptance cannot be recorded in this stage."))
        row = _written(request, actor=actor, kind=kind, on=on, minutes=minutes)
        Reserve.objects.bulk_create(
            Reserve(acceptance=row, text=one.text, trade=one.trade, due_on=one.due_on)
            for one in left
        )
        record_change(
            request.letter,
            EserviceEvent.ACCEPTANCE_RECORDED,
            actor=actor,
            data={"acceptance": kind, "on": on.isoformat(), "reserves": len(left)},
            visibility=CITIZEN,
        )
    return row


def _written(request: Request, *, actor: User, kind: str, on: date, minutes: str) -> Acceptance:
    try:
        with transaction.atomic():
            return Acceptance.objects.create(
                request=request,
                kind=kind,
                on=on,
                minutes=minutes.strip()[:LONGEST_MINUTES],
                made_at=timezone.now(),
                made_by=actor,
            )
    except IntegrityError as error:
        raise ConflictError from error


def _checked(request: Request, one: Left) -> Left:
    if one.trade and one.trade not in definition_of(request.version).trades:
        raise NotAllowedError(_("This service has no such trade."))
    return Left(one_line(one.text, 500), one.trade, one.due_on)


def reserves_of(request: Request) -> QuerySet[Reserve]:
    """Return the reserves of a request; of one for a trade, those of its file in that trade."""
    rows = Reserve.objects.select_related("acceptance", "lifted_by").order_by("pk")
    if request.parent_id:
        return rows.filter(acceptance__request=request.parent_id, trade=request.trade)
    return rows.filter(acceptance__request=request.pk)


def may_lift(request: Request, *, actor: User) -> bool:
    """Return whether the actor may lift reserves from the page of this request.

    For a trade of a file, those who work on the request of that trade may.
    """
    return bool(roles_of(request, Who(actor)) & LIFTING)


def lift_reserve(request: Request, reserve_id: int, *, actor: User, remark: str = "") -> Reserve:
    """Lift one reserve of the request, or of its file in its trade.

    Raise NotAllowedError without the right, ConflictError where it is lifted already, or is none.
    """
    file = request.parent if request.parent_id and request.parent else request
    with transaction.atomic():
        hold(request)
        if not may_lift(request, actor=actor):
            raise NotAllowedError(_("You may not do this with this request."))
        row = reserves_of(request).filter(pk=reserve_id, lifted_at=None).first()
        if row is None:
            raise ConflictError
        row.lifted_at, row.lifted_by, row.remark = timezone.now(), actor, one_line(remark, 500)
        row.save(update_fields=["lifted_at", "lifted_by", "remark"])
        data = {"reserve": row.text, "trade": row.trade, "acceptance": row.acceptance.kind}
        record_change(
            file.letter, EserviceEvent.RESERVE_LIFTED, actor=actor, data=data, visibility=CITIZEN
        )
    return row


def acceptance_need(given: PendingAction) -> Any:
    """Return why an acceptance is still missing; the final one leaves no reserve open."""
    rows = given.request.acceptances.all()
    wanted = kind_of_stage(given.request.stage)
    if not (rows.filter(kind=wanted) if wanted else rows).exists():
        return _("No acceptance is recorded yet.")
    left = Reserve.objects.filter(acceptance__request=given.request.pk, lifted_at=None)
    if wanted == Acceptance.Kind.FINAL and left.exists():
        return _("Reserves are still open: lift them one by one first.")
    return None
