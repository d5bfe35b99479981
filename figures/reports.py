"""Figures by mail: orders of a person, when a report is due, and queueing its mail."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from figures.kinds import FiguresJob
from figures.models import Report, ReportOrder
from figures.scope import Scope, figures_scope
from figures.summing import FiguresFilter, months_before
from jobs.outbox import enqueue
from org.models import Department, User

HOUR: Final = time(7)  # of the day when a report is due, local time
MOST_ORDERS: Final = 10  # of a person


def order_report(person: User, every: str, asked: FiguresFilter) -> ReportOrder | None:
    """Order these figures each week or month; an order that exists already is returned.

    Return None where the person has too many. `asked` is within the person's scope.
    """
    wanted = {
        "every": ReportOrder.Every(every),
        "department": asked.department,
        "kind": asked.kind,
        "channel": asked.channel,
        "months": asked.months,
    }
    mine = orders_of(person)
    if standing := mine.filter(**wanted).first():
        return standing
    if mine.count() >= MOST_ORDERS:
        return None
    try:
        with transaction.atomic():
            return ReportOrder.objects.create(
                person=person,
                token=secrets.token_urlsafe(32),
                ordered_at=timezone.now(),
                **wanted,
            )
    except IntegrityError:  # ordered twice at the same moment
        return mine.filter(**wanted).first()


def orders_of(person: User) -> QuerySet[ReportOrder]:
    """Return the person's orders that stand."""
    return ReportOrder.objects.filter(person=person, stopped_at=None)


def stop_report(order: ReportOrder) -> None:
    """Stop an order; harmless to repeat."""
    rows = ReportOrder.objects.filter(pk=order.pk, stopped_at=None)
    rows.update(stopped_at=timezone.now())


def orders_about(department: Department) -> QuerySet[ReportOrder]:
    """Return the orders that stand for figures of a department, whoever ordered them."""
    return ReportOrder.objects.filter(department=department.code, stopped_at=None)


def give_orders(department: Department, heir: Department, _actor: User) -> None:
    """Let the orders for a department that is closed be for its heir; a second one alike stops."""
    for order in orders_about(department).select_for_update().order_by("pk"):
        same = {name: getattr(order, name) for name in ("every", "kind", "channel", "months")}
        if orders_of(order.person).filter(department=heir.code, **same).exists():
            stop_report(order)
        else:
            order.department = heir.code
            order.save(update_fields=["department"])


def order_of_token(token: str) -> ReportOrder | None:
    """Return the order of a stop link, stopped or not; None for an unknown one."""
    return ReportOrder.objects.filter(token=token).select_related("person").first()


def send_now(order: ReportOrder) -> Report:
    """Queue a report at once, besides those that are due."""
    now = timezone.localtime()
    return _ask(order, now.isoformat(timespec="seconds"), now=now)


def queue_reports() -> None:
    """Queue each report that is due, once; the clock calls it every minute."""
    now = timezone.localtime()
    for every, day in _due_days(now.date()):
        begins = timezone.make_aware(datetime.combine(day, HOUR))
        if now < begins:
            continue
        asked = Report.objects.filter(order=OuterRef("pk"), period=day.isoformat())
        orders = ReportOrder.objects.filter(every=every, stopped_at=None, ordered_at__lt=begins)
        for order in orders.exclude(Exists(asked)):
            _ask(order, day.isoformat(), now=now)


def _ask(order: ReportOrder, period: str, *, now: datetime) -> Report:
    """Queue the report of a period, once."""
    with transaction.atomic():
        report, made = Report.objects.get_or_create(
            order=order, period=period, defaults={"asked_at": now}
        )
        if made:
            enqueue(FiguresJob.FIGURES_REPORT, report.pk)
    return report


def _due_days(today: date) -> Iterator[tuple[str, date]]:
    """Yield the last Monday and the last first of a month, today if it is one."""
    yield ReportOrder.Every.WEEK, today - timedelta(days=today.weekday())
    yield ReportOrder.Every.MONTH, today.replace(day=1)


def filter_of(report: Report) -> FiguresFilter:
    """Return which figures a report has: up to the month that is over, or up to its week."""
    order, day = report.order, date.fromisoformat(report.period[:10])
    until = day.replace(day=1)
    if order.every == ReportOrder.Every.MONTH:
        until = months_before(until, 1) or until
    since = months_before(until, order.months - 1) or until
    return FiguresFilter(since, until, order.department, order.kind, order.channel)


def scope_of(order: ReportOrder) -> Scope | None:
    """Return whose figures the person may see now; None where the order is beyond it."""
    person = order.person
    if not person.is_active or not person.email:
        return None
    scope = figures_scope(person)
    codes = scope.codes(order.department)
    return scope if codes else None
