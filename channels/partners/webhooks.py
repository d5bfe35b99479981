"""Where partners are notified, of what, and by which secret: set, turned, switched off and on."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels.kinds import ChannelJob, HookType
from channels.partners.calling import checked_url
from channels.partners.models import Delivery, Partner
from channels.partners.secrets import secret_of
from jobs.outbox import enqueue, enqueue_all
from org.models import User
from registry.acts import record_act
from registry.states import ConflictError

OLD_SECRET: Final = timedelta(hours=24)
OFF_AFTER: Final = timedelta(days=5)
CHOICES: Final = tuple(kind for kind in HookType if kind != HookType.TEST)


class BadWebhookError(ValueError):
    """An unknown event, or a contact that is no e-mail address; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotPossibleNowError(ConflictError):
    """It cannot be done as the partner's messages stand now; its text says why."""


def set_webhook(
    partner_id: int,
    *,
    url: str,
    actor: User | None,
    events: Iterable[str] | None = None,
    contact: str | None = None,
    renew: bool = True,
) -> str:
    """Set where the partner is notified ("" for nowhere), of what, and whom to write to.

    Return the new secret, "" where the old one stays: without `renew`, at the same address. The
    secret before is valid for another day. Raise CallError for an address that cannot be called,
    BadWebhookError.
    """
    if url:
        checked_url(url)
    changes = _checked(events, contact)
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        renewed = renew or url != partner.webhook_url or not partner.webhook_turn
        moved = url != partner.webhook_url
        for name, value in changes.items():
            setattr(partner, name, value)
        if renewed:
            _turn(partner)
        if url and not partner.webhook_url:  # what an earlier address did not take is told here
            partner.webhook_since = timezone.now()
        partner.webhook_url = url
        if moved:
            partner.webhook_off_at = partner.webhook_failing_since = None
            partner.webhook_off_why = ""
        partner.save()
        told = {"on": bool(url), "secret": renewed, "events": partner.webhook_events}
        _act("partner_webhook_set", partner, actor, **told)
        if url:
            _send_waiting(partner)
    return secret_of(partner) if renewed and url else ""


def _checked(events: Iterable[str] | None, contact: str | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if events is not None:
        given = set(events)
        if not given or given - set(CHOICES):
            raise BadWebhookError("events")
        changes["webhook_events"] = [str(kind) for kind in CHOICES if kind in given]
    if contact is not None:
        try:
            validate_email(contact) if contact else None
        except ValidationError as error:
            raise BadWebhookError("contact") from error
        changes["webhook_contact"] = contact
    return changes


def turn_secret(partner_id: int, *, actor: User | None) -> str:
    """Return a new secret; the one before is valid beside it for a day.

    Raise NotPossibleNowError where the partner is notified nowhere.
    """
    with transaction.atomic():
        partner = _notified(partner_id)
        _turn(partner)
        partner.save(update_fields=["webhook_turn", "webhook_old_until"])
        _act("partner_webhook_secret", partner, actor)
    return secret_of(partner)


def _turn(partner: Partner) -> None:
    if partner.webhook_turn and partner.webhook_url:
        partner.webhook_old_until = timezone.now() + OLD_SECRET
    partner.webhook_turn += 1


def switch_on(partner_id: int, *, actor: User | None) -> None:
    """Notify the partner again, of what waits first; raise NotPossibleNowError where it is on."""
    with transaction.atomic():
        partner = _notified(partner_id)
        if partner.webhook_off_at is None:
            raise NotPossibleNowError(_("The messages are on already."))
        partner.webhook_off_at = partner.webhook_failing_since = None
        partner.webhook_off_why = ""
        partner.save()
        _act("partner_webhook_on", partner, actor)
        _send_waiting(partner)


def _notified(partner_id: int) -> Partner:
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    need_address(partner)
    return partner


def need_address(partner: Partner) -> None:
    """Raise NotPossibleNowError where the partner is notified nowhere."""
    if not partner.webhook_url:
        raise NotPossibleNowError(_("No address is set."))


def _send_waiting(partner: Partner) -> None:
    rows = partner.deliveries.filter(state=Delivery.State.WAITING)
    waiting = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(next_at=timezone.now())
    if waiting:
        enqueue_all([(ChannelJob.PARTNER_TELL, pk) for pk in waiting])


def switch_off(partner: Partner, why: Partner.Off) -> None:
    """Notify the partner no more until a person switches it on; its contact is written to.

    In the caller's transaction.
    """
    rows = Partner.objects.filter(pk=partner.pk, webhook_off_at=None)
    if not rows.update(webhook_off_at=timezone.now(), webhook_off_why=why):
        return
    partner.deliveries.filter(state=Delivery.State.WAITING).update(next_at=None)
    _act("partner_webhook_off", partner, None, why=str(why))
    people = User.objects.filter(is_active=True, duty=User.Duty.ADMINISTRATOR).exclude(email="")
    told = [0] if partner.webhook_contact else []
    for person in [*told, *people.order_by("pk").values_list("pk", flat=True)]:
        enqueue(ChannelJob.PARTNER_OFF, f"{partner.pk} {person}")


def end_failing() -> None:
    """Switch off the addresses that took nothing for days; called by the clock."""
    since = timezone.now() - OFF_AFTER
    for partner in Partner.objects.filter(webhook_failing_since__lt=since, webhook_off_at=None):
        with transaction.atomic():
            switch_off(partner, Partner.Off.FAILING)


def _act(kind: str, partner: Partner, actor: User | None, **data: Any) -> None:
    record_act(kind, actor=actor, data={"partner": partner.pk, **data})
