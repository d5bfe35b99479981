"""The first run: an office without an administrator, and the link that opens its wizard once."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from org.addresses import staff_address
from org.models import FirstRun, User

VALID: Final = timedelta(days=2)


def is_open() -> bool:
    """Return whether the office waits for its first administrator."""
    administrators = User.objects.filter(is_active=True, duty=User.Duty.ADMINISTRATOR)
    return not administrators.exists()


def make_link() -> str:
    """Return a new link; what was answered by an earlier one is kept, the earlier link ends.

    Only for who may read this machine's output: whoever has the link sets the office up.
    """
    token, now = secrets.token_urlsafe(32), timezone.now()
    last = FirstRun.objects.filter(used_at=None).first()
    FirstRun.objects.filter(used_at=None).update(ends_at=now)
    FirstRun.objects.create(
        digest=_digest(token),
        made_at=now,
        ends_at=now + VALID,
        answers=last.answers if last else {},
    )
    return f"{staff_address()}/first-run/{token}/"


def opened(token: str) -> FirstRun | None:
    """Return what a link opens; None where it ended, was used, or there is an administrator."""
    row = FirstRun.objects.filter(digest=_digest(token), used_at=None).first()
    if row is None or row.ends_at <= timezone.now() or not is_open():
        return None
    return row


def keep_answers(run: FirstRun, step: str, values: dict[str, Any]) -> None:
    """Keep what was answered in a step; never a password."""
    run.answers = {**run.answers, step: values}
    run.save(update_fields=["answers"])


def use(run: FirstRun) -> bool:
    """End the link, in the transaction that sets the office up; False where it ended before."""
    rows = FirstRun.objects.filter(pk=run.pk, used_at=None, ends_at__gt=timezone.now())
    return bool(is_open() and rows.update(used_at=timezone.now()))


def _digest(token: str) -> str:
    return hashlib.sha256(f"first-run:{token}".encode()).hexdigest()
