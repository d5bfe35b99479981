"""Messages to partners: written for what happened to their letters, sent again, tried, forgotten.

Which event of a letter is which message is a table of config (settings.WEBHOOK_EVENTS): the
channels do not know the packages that write the events.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from channels.kinds import ChannelJob, HookType
from channels.partners.models import Delivery, Partner, PartnerLetter
from channels.partners.webhooks import NotPossibleNowError, end_failing, need_address
from jobs.outbox import enqueue, enqueue_all
from org.models import User
from registry.acts import record_act
from registry.models.events import LetterEvent
from registry.states import Stage

KEPT: Final = timedelta(days=90)
_AT_ONCE: Final = 500
_BY_STAGE: Final = {Stage.ANSWERED: HookType.ANSWERED, Stage.CLOSED: HookType.CLOSED}


def queue_deliveries() -> None:
    """Write and queue messages about partners' letters that changed; called by the clock."""
    end_failing()
    moved = PartnerLetter.objects.exclude(partner__webhook_url="")
    moved = moved.filter(partner__webhook_off_at=None, letter__version__gt=F("told_version"))
    if moved.exists():
        with transaction.atomic():
            wanted = moved.select_related("partner", "letter").select_for_update(of=("self",))
            _write(list(wanted.order_by("pk")[:_AT_ONCE]))


def _write(rows: list[PartnerLetter]) -> None:
    happened: dict[Any, list[LetterEvent]] = {}
    letters = [row.letter_id for row in rows]
    for event in LetterEvent.objects.filter(letter__in=letters).order_by("seq"):
        happened.setdefault(event.letter_id, []).append(event)
    made = [one for row in rows for one in _messages(row, happened.get(row.letter_id, ()))]
    _supersede(made)
    # one by one: not every database gives the keys of rows that are written together
    for one in made:
        one.save(force_insert=True)
    for row in rows:
        row.told_version = row.letter.version
    PartnerLetter.objects.bulk_update(rows, ["told_version"])
    if made:
        enqueue_all([(ChannelJob.PARTNER_TELL, one.pk) for one in made])


def _supersede(made: Iterable[Delivery]) -> None:
    """Drop waiting messages with an earlier state of a letter."""
    letters = [one.letter_id for one in made if one.type == HookType.CHANGED]
    old = Delivery.objects.filter(letter__in=letters, type=HookType.CHANGED)
    old.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.SUPERSEDED, next_at=None, ended_at=timezone.now()
    )


def _messages(row: PartnerLetter, events: Iterable[LetterEvent]) -> Iterator[Delivery]:
    chosen = set(row.partner.webhook_events)
    since = row.partner.webhook_since
    fresh = [event for event in events if event.seq > row.told_version]
    for event in fresh:
        if since is None or event.at >= since:
            for kind in sorted(_types_of(event)):
                if kind in chosen:
                    more = _moved(event) if kind == HookType.REQUEST_MOVED else {}
                    yield _message(row, kind, event.at, version=event.seq, more=more)
    if HookType.CHANGED in chosen:
        at = fresh[-1].at if fresh else timezone.now()
        yield _message(row, HookType.CHANGED, at, version=row.letter.version)


def _types_of(event: LetterEvent) -> set[HookType]:
    """Return what an event is to a partner: by its kind, and by the stage that it brings."""
    found = {_table().get(event.kind)}
    if HookType.REQUEST_MOVED in found:  # its stages are those of a service, not of a letter
        return {HookType.REQUEST_MOVED}
    moved = event.data.get("stage_to") or ("from" in event.data and event.data.get("to"))
    if isinstance(moved, str) and moved in set(Stage):
        found.add(_BY_STAGE.get(Stage(moved)))
    return {kind for kind in found if kind is not None}


@cache
def _table() -> Mapping[str, HookType]:
    table: Mapping[str, HookType] = import_string(settings.WEBHOOK_EVENTS)
    return table


def _moved(event: LetterEvent) -> dict[str, Any]:
    """Return how a request for a service moved on: from which stage to which, by which action."""
    return {"request": {name: event.data.get(name) for name in ("from", "to", "action")}}


def _message(
    row: PartnerLetter,
    kind: HookType,
    at: datetime,
    *,
    version: int,
    more: dict[str, Any] | None = None,
) -> Delivery:
    """Return a message; of a letter it holds what the API answers, nothing of its content.

    The fields stand at its top too, where they were before there were types.
    """
    letter = row.letter
    data = {
        "id": str(letter.pk),
        "number": letter.number,
        "stage": letter.stage,
        "due_on": letter.due_on.isoformat() if letter.due_on else None,
        "version": version,
        **(more or {}),
    }
    now = timezone.now()
    body = _body(kind, at, data, **(data if kind == HookType.CHANGED else {}))
    return Delivery(
        partner=row.partner, letter=letter, type=kind, body=body, made_at=now, next_at=now
    )


def _body(kind: HookType, at: datetime, data: dict[str, Any], **more: Any) -> str:
    told = {"type": str(kind), "timestamp": at.isoformat(), "data": data, **more}
    return json.dumps(told, separators=(",", ":"))


def trial_message(partner: Partner, *, actor: User | None) -> Delivery:
    """Write a message about no letter, for a test; the caller sends it.

    Raise NotPossibleNowError where the partner is notified nowhere.
    """
    need_address(partner)
    now = timezone.now()
    body = _body(HookType.TEST, now, {"partner": partner.name})
    with transaction.atomic():
        record_act("partner_webhook_tried", actor=actor, data={"partner": partner.pk})
        return Delivery.objects.create(
            partner=partner, type=HookType.TEST, body=body, made_at=now, next_at=now
        )


def send_again(delivery_id: int, *, actor: User | None) -> Delivery:
    """Queue a message once more, with its old id and a fresh round of tries.

    Raise NotPossibleNowError while the partner is notified nowhere, or the message is a test.
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("partner")
        delivery = row.get(pk=delivery_id)
        partner = delivery.partner
        need_address(partner)
        if delivery.type == HookType.TEST:
            raise NotPossibleNowError(_("A test is not sent again: make another one."))
        if partner.webhook_off_at:
            words = _("The messages are switched off: switch them on, then send this one again.")
            raise NotPossibleNowError(words)
        delivery.state, delivery.round = Delivery.State.WAITING, 0
        delivery.next_at, delivery.ended_at = timezone.now(), None
        delivery.save(update_fields=["state", "round", "next_at", "ended_at"])
        record_act(
            "partner_webhook_again",
            actor=actor,
            data={"partner": partner.pk, "message": delivery.message_id},
        )
        enqueue(ChannelJob.PARTNER_TELL, delivery.pk)
    return delivery


def forget_deliveries() -> int:
    """Delete messages that ended long ago; return how many."""
    old = Delivery.objects.filter(made_at__lt=timezone.now() - KEPT)
    return old.exclude(state=Delivery.State.WAITING).delete()[0]
