"""What the centre must not forget: requests that are late, and those whose result came back.

Heads are notified once for each term that passes; people for whom the centre opened a request, or
whose request waits for the centre's word, stand in its queue of call-backs, once for each stage.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from eservices.catalogue.definition import BadServiceTypeError, Definition, Stage
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.relations.callbacks import CallbackData, ask_callback
from eservices.relations.errors import BadContactError
from eservices.relations.models import CallbackTask, ContactMoment
from eservices.requests.access import centre
from eservices.requests.models import Request, StageKind
from jobs.models import Job
from jobs.outbox import enqueue
from notices.kinds import NoticeKind
from notices.writing import News, write_all
from org.models import Membership
from registry.models.letters import Party

EVERY: Final = 10  # minutes
AT_ONCE: Final = 500
LOOKED_BACK: Final = timedelta(days=7)  # for requests that ended while no worker ran


def queue_escalation() -> None:
    """Queue the search for what is late and what came back; once in ten minutes."""
    now = timezone.localtime()
    slot = f"{now:%Y-%m-%dT%H}:{now.minute // EVERY * EVERY:02}"
    if not Job.objects.filter(kind=EserviceJob.CENTRE_LOOK, subject=slot).exists():
        with transaction.atomic():
            enqueue(EserviceJob.CENTRE_LOOK, slot)


def escalate_work(_slot: str, _progress: Any) -> int:
    """Notify the heads of what is late, and queue call-backs; return how many rows."""
    return notify_heads() + queue_results()


def late_requests(*, today: date | None = None) -> QuerySet[Request]:
    """Return open requests whose stage's or letter's term has passed; not those that wait for us.

    A stage that waits for the citizen stops the clock: nobody in the office is late then.
    """
    today = today or timezone.localdate()
    late = Q(stage_due_on__lt=today) | Q(letter__due_on__lt=today)
    rows = Request.objects.filter(late, ended_at=None).exclude(stage_kind=StageKind.WAITING)
    rows = rows.select_related("letter__department", "service", "version")
    return rows.defer("version__content", "answers")


def notify_heads() -> int:
    """Write one notice to the heads of each late request's department, once a term."""
    rows = list(late_requests().order_by("stage_due_on", "id")[:AT_ONCE])
    heads = _heads()
    news = []
    for row in rows:
        due, people = row.stage_due_on or row.letter.due_on, heads.get(_unit_of(row))
        if due and people:
            key = f"{row.letter_id}:{row.stage}:{due}"
            told = {"due_on": due.isoformat()}
            news.append(News(key, frozenset(people), told, letter_id=row.letter_id))
    with transaction.atomic():
        return len(write_all(NoticeKind.REQUEST_LATE, news))


def _unit_of(row: Request) -> str:
    unit = row.letter.department or centre()
    return unit.code if unit else ""


def _heads() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(role=Membership.Role.HEAD, user__is_active=True)
    for code, person in rows.values_list("department__code", "user"):
        found[code].add(person)
    return found


def queue_results() -> int:
    """Queue a call-back for each request that came back to the centre; return how many."""
    waiting = [*_awaiting_the_centre(), *_ended()]
    phones = _phones(row for row in waiting)
    made = 0
    for row in waiting:
        name, phone = phones.get(row.letter_id, ("", ""))
        wanted = CallbackData(
            phone=phone, name=name, reason=_reason(row), request=row, key=_key(row),
        )  # fmt: skip
        try:
            ask_callback(wanted, actor=None)
        except BadContactError:  # nobody to call: mail and page tell them
            continue
        made += 1
    return made


def _key(row: Request) -> str:
    return f"request:{row.pk}:{row.stage}:{row.stage_since:%Y%m%d%H%M%S}"


def _reason(row: Request) -> str:
    """Return number, service and stage, in the caller's language."""
    definition = definition_of(row.version)
    language = row.language
    title = definition.title.in_(language)
    return f"{row.letter.number} · {title} · {definition.stage(row.stage).public.in_(language)}"


def _awaiting_the_centre() -> list[Request]:
    """Return open requests in a stage that the centre ends by a call, not queued yet."""
    places = Q(pk=None)
    for version in ServiceTypeVersion.objects.all():
        try:
            codes = call_back_stages(definition_of(version))
        except BadServiceTypeError:
            continue
        if codes:
            places |= Q(version=version, stage__in=codes)
    return _fresh(Request.objects.filter(places, ended_at=None))


def _ended() -> list[Request]:
    """Return requests that the centre opened for a caller and that ended lately."""
    ours = ContactMoment.objects.filter(
        request=OuterRef("pk"), result=ContactMoment.Result.REQUEST, incoming=True
    )
    since = timezone.now() - LOOKED_BACK
    rows = Request.objects.filter(Exists(ours), ended_at__gte=since)
    reached = CallbackTask.objects.filter(request=OuterRef("pk"), reached=True)
    return _fresh(rows.exclude(Exists(reached)))


def _fresh(rows: QuerySet[Request]) -> list[Request]:
    """Return those without a call-back since they came into their stage."""
    asked = CallbackTask.objects.filter(
        Q(made_at__gte=F("request__stage_since")) | Q(done_at=None), request=OuterRef("pk")
    )
    rows = rows.exclude(Exists(asked)).select_related("letter", "version", "person")
    return list(rows.order_by("opened_at", "id")[:AT_ONCE])


def call_back_stages(definition: Definition) -> list[str]:
    """Return the stages that the centre ends by a call: an action of its own leads to an end.

    A stage that only follows another such stage is the same call.
    """
    calls = {stage.code for stage in definition.stages if _is_call_back(stage, definition)}
    entered = {
        action.to
        for stage in definition.stages
        if stage.code not in calls
        for action in stage.actions
    }
    return [stage.code for stage in definition.stages if stage.code in calls & entered]


def _is_call_back(stage: Stage, definition: Definition) -> bool:
    if stage.kind in ("intake", "end", "waiting_citizen"):
        return False
    return any(
        "centre" in action.roles and not action.needs and definition.stage(action.to).kind == "end"
        for action in stage.actions
    )


def _phones(rows: Any) -> dict[Any, tuple[str, str]]:
    """Return name and telephone of the letters' senders; one query."""
    senders = Party.objects.filter(
        letter__in=[row.letter_id for row in rows], role=Party.Role.SENDER
    )
    return {row.letter_id: (row.shown_name, row.phone) for row in senders}
