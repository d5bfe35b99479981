"""Backups as far as the office knows of them: whoever makes one says so, and it is on record."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from org.models import User
from registry.acts import record_act
from registry.models.acts import Act

ACT: Final = "backup_done"


def record_backup(at: datetime | None = None, *, actor: User | None = None) -> None:
    """Record that a backup was made; raise ValueError for a moment to come."""
    moment = at or timezone.now()
    if moment > timezone.now():
        raise ValueError("a backup is made before it is told")
    with transaction.atomic():
        record_act(ACT, actor=actor, data={"made_at": moment.isoformat()})


def last_backup() -> datetime | None:
    """Return when the last backup that was reported to the office was made."""
    act = Act.objects.filter(kind=ACT).order_by("-seq").first()
    return parse_datetime(str(act.data.get("made_at", ""))) if act else None
