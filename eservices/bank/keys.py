"""Secrets of partners: enciphered in the database, two at most hold at once."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from eservices.bank.models import BankPartner, PartnerSecret
from identity import events
from identity.kinds import SecurityKind
from org.history import record
from org.keys import InvalidToken, encipher, renewed
from org.models import User

BYTES: Final = 32
USE: Final = "bank partner"  # of the key that enciphers them (org.keys)
OVERLAP: Final = timedelta(days=14)  # how long the secret before holds beside a new one
MOST_LIVE: Final = 2
NOUN: Final = "bank_partner"  # of its changes in the history of the organisation
_USE_NOTED: Final = timedelta(minutes=10)


def live_secrets(*, now: datetime | None = None) -> "QuerySet[PartnerSecret]":
    """Return the secrets that hold, the newest first."""
    moment = now or timezone.now()
    holds = Q(ends_at=None) | Q(ends_at__gt=moment)
    return PartnerSecret.objects.filter(holds).order_by("-made_at", "-pk")


def make_secret(partner: BankPartner, *, by: User | None, at_once: bool = False) -> str:
    """Return a new secret of a partner: it is shown this once.

    The one before it holds for `OVERLAP` more, unless `at_once`; any older one ends now.
    """
    text, now = secrets.token_urlsafe(BYTES), timezone.now()
    with transaction.atomic():
        BankPartner.objects.select_for_update().get(pk=partner.pk)
        before = list(live_secrets(now=now).filter(partner=partner))
        _end(before, now=now, at_once=at_once)
        partner.secrets.create(sealed=encipher(text, use=USE), made_at=now, made_by=by)
        record(NOUN, partner.code, "secret_made", actor=by)
        told = {"what": "bank_partner", "partner": partner.code}
        events.record(SecurityKind.KEY_CHANGED, person=by, detail=told)
    return text


def renew_kept_secrets() -> tuple[int, int]:
    """Encipher the secrets by today's SECRET_KEY; return how many, and how many none opens."""
    done = unread = 0
    for secret in live_secrets().iterator():
        try:
            sealed = renewed(secret.sealed, use=USE)
        except InvalidToken:
            unread += 1
            continue
        PartnerSecret.objects.filter(pk=secret.pk).update(sealed=sealed)
        done += 1
    return done, unread


def end_old_secrets(partner: BankPartner, *, by: User | None) -> int:
    """End all secrets but the newest; return how many."""
    now = timezone.now()
    with transaction.atomic():
        BankPartner.objects.select_for_update().get(pk=partner.pk)
        old = list(live_secrets(now=now).filter(partner=partner))[1:]
        _end(old, now=now, at_once=True)
        if old:
            record(NOUN, partner.code, "secret_ended", actor=by)
    return len(old)


def _end(before: Sequence[PartnerSecret], *, now: datetime, at_once: bool) -> None:
    for place, row in enumerate(before):
        over = at_once or place >= MOST_LIVE - 1
        wanted = now if over else now + OVERLAP
        row.ends_at = min(row.ends_at or wanted, wanted)
        row.save(update_fields=["ends_at"])


def note_use(secret: PartnerSecret) -> None:
    """Keep when a secret was last used, to ten minutes."""
    now = timezone.now()
    if secret.used_at is None or secret.used_at < now - _USE_NOTED:
        PartnerSecret.objects.filter(pk=secret.pk).update(used_at=now)
