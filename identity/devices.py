"""Known devices: a cookie by which a browser shows that a person signed in there before.

Whoever guesses passwords from elsewhere brakes themselves, not the person on their own device.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.utils import timezone

from identity.models import KnownDevice
from org.models import User

DAYS: Final = 365
MOST_PEOPLE: Final = 8  # who share one browser


def known_device(cookie: str, *, username: str) -> KnownDevice | None:
    """Return the device by its cookie, if this person signed in there within a year."""
    hashes = [_hash(key) for key in _keys(cookie)]
    since = timezone.now() - timedelta(days=DAYS)
    if not hashes or not username:
        return None
    rows = KnownDevice.objects.filter(key_hash__in=hashes, used_at__gt=since)
    return rows.filter(person__username__iexact=username, person__is_active=True).first()


def remember_device(cookie: str, *, person: User) -> str:
    """Return the cookie by which this browser is known for the person from now on.

    The person's key is a new one each time: a cookie that was copied ends with the next sign-in.
    """
    now, kept = timezone.now(), _keys(cookie)
    old = KnownDevice.objects.filter(person=person, key_hash__in=[_hash(key) for key in kept])
    gone = set(old.values_list("key_hash", flat=True))
    old.delete()
    KnownDevice.objects.filter(person=person, used_at__lt=now - timedelta(days=DAYS)).delete()
    key = secrets.token_urlsafe(24)
    KnownDevice.objects.create(person=person, key_hash=_hash(key), made_at=now, used_at=now)
    others = [one for one in kept if _hash(one) not in gone]
    return ".".join([key, *others][:MOST_PEOPLE])


def _keys(cookie: str) -> list[str]:
    return [key for key in cookie.split(".")[:MOST_PEOPLE] if key]


def _hash(key: str) -> str:
    return hashlib.sha256(f"device:{key}".encode()).hexdigest()
