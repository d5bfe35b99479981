"""A person's notices: those they may still see, counted, marked as read, and forgotten in time."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from notices.models import Notice, Watching
from org.compiled_queries import compiled_rows
from org.models import User
from org.people import cached_permissions, permissions_of
from registry.access import reads_letter

MOST_COUNTED: Final = 99
_FORGOTTEN_AT_ONCE: Final = 5000


def notices_of(person: User) -> "QuerySet[Notice]":
    """Return the notices of a person's page: never of a letter that they may not read now."""
    return seen_by(person, Notice.objects.filter(person=person, shown=True))


def seen_by(person: User, rows: "QuerySet[Notice]") -> "QuerySet[Notice]":
    """Return those of the rows that concern nothing the person may not read now."""
    with cached_permissions():
        level = permissions_of(person).highest_level
        free = Q(letter=None, reply=None)
        drafts = Q(letter=None, reply__letter=None, reply__confidentiality__lte=level)
        sent = reads_letter(person, "reply__letter") & Q(letter=None)
        return rows.filter(free | drafts | sent | reads_letter(person))


def count_unread(person: User) -> int:
    """Return how many notices are unread, at most MOST_COUNTED; one query."""
    with cached_permissions():
        key = ("unread notices", person.pk, repr(permissions_of(person)))
        return len(compiled_rows(key, lambda: _unread(person).values_list("pk")[:MOST_COUNTED]))


def _unread(person: User) -> "QuerySet[Notice]":
    return notices_of(person).filter(read_at=None)


def mark_read(person: User, ids: Iterable[int] | None = None) -> int:
    """Mark these of the person's notices as read, or all; return how many were unread."""
    rows = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return rows.update(read_at=timezone.now())


def forget_old() -> None:
    """Remove notices that were read NOTICE_DAYS ago, some thousand at once, and old presence."""
    now = timezone.now()
    old = Notice.objects.filter(read_at__lt=now - timedelta(days=settings.NOTICE_DAYS))
    Notice.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    ).delete()
    Watching.objects.filter(seen_at__lt=now - timedelta(hours=1)).delete()
