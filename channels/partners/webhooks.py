"""The job `partner.tell`: notify a partner's system by a signed request that its letter changed.

A request gives the letter's present state, so several changes are one request. Its signature is an
HMAC of time and body by a secret that only the partner has; a receiver refuses old times.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from channels.kinds import ChannelJob
from channels.partners.calling import CallError, call, checked_url
from channels.partners.models import Partner, PartnerLetter
from jobs.errors import Permanent, Unavailable
from jobs.outbox import enqueue_all
from org.models import User
from registry.acts import record_act

Progress = Callable[[int, int], None]
GIVE_UP_AFTER: Final = timedelta(days=3)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Told:
    """The version of the letter that the partner was notified of."""

    version: int


def set_webhook(partner_id: int, *, url: str, actor: User) -> str:
    """Set where the partner is notified ("" for nowhere), and return the new secret.

    Raise CallError for an address that cannot be called.
    """
    if url:
        checked_url(url)
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        partner.webhook_url, partner.webhook_turn = url, partner.webhook_turn + 1
        partner.save(update_fields=["webhook_url", "webhook_turn"])
        partner.letters.update(parked=False)
        record_act(
            "partner_webhook_set", actor=actor, data={"partner": partner.pk, "on": bool(url)}
        )
    return secret_of(partner)


def secret_of(partner: Partner) -> str:
    """Derive the partner's signing secret from the office's key, so that it is not stored."""
    said = f"{partner.pk}:{partner.webhook_turn}"
    return salted_hmac("channels.partners.webhook", said, algorithm="sha256").hexdigest()


def ask_to_tell() -> None:
    """Queue notices of partners' letters that have changed; called by the clock every minute."""
    moved = PartnerLetter.objects.exclude(partner__webhook_url="")
    moved = moved.filter(letter__version__gt=F("told_version"), parked=False)
    wanted = list(moved.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    if wanted:
        with transaction.atomic():
            enqueue_all([(ChannelJob.PARTNER_TELL, pk) for pk in wanted])


def tell_work(row_id: str, _progress: Progress) -> Told | None:
    """Notify the partner of the letter's present state.

    Raise jobs' Permanent where the partner's system refuses, and Unavailable while it is
    unavailable, for three days at most.
    """
    row = PartnerLetter.objects.select_related("partner", "letter").get(pk=row_id)
    partner, letter = row.partner, row.letter
    if not partner.webhook_url or letter.version <= row.told_version:
        return None
    body = json.dumps(_body(row), separators=(",", ":")).encode()
    moment = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Sijill-Timestamp": moment,
        "X-Sijill-Signature": signature(secret_of(partner), moment, body),
    }
    try:
        call(partner.webhook_url, body=body, headers=headers)
    except CallError as error:
        since = letter.events.filter(seq__gt=row.told_version).order_by("seq").first()
        late = since is not None and timezone.now() - since.at > GIVE_UP_AFTER
        if error.permanent or late:
            raise Permanent(
                error.code, "The partner's system does not take the message."
            ) from error
        raise Unavailable(error.code, "The partner's system is away.") from error
    return Told(letter.version)


def save_told(row_id: str, told: Told | None) -> None:
    """Record the version that the partner was notified of."""
    if told is not None:
        rows = PartnerLetter.objects.filter(pk=row_id, told_version__lt=told.version)
        rows.update(told_version=told.version, parked=False)


def tell_parked(row_id: str, _code: str) -> None:
    """Leave the letter to a person; the clock queues no more notices for it until it is retried."""
    PartnerLetter.objects.filter(pk=row_id).update(parked=True)


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return `sha256=` and the HMAC of "moment.body"."""
    return (
        f"sha256={hmac.new(secret.encode(), moment.encode() + b'.' + body, 'sha256').hexdigest()}"
    )


def _body(row: PartnerLetter) -> dict[str, Any]:
    """Return the API's answer about the letter, and its version, without the letter's content."""
    letter = row.letter
    return {
        "id": str(letter.pk),
        "number": letter.number,
        "stage": letter.stage,
        "due_on": letter.due_on.isoformat() if letter.due_on else None,
        "version": letter.version,
    }
