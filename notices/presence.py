"""Who has a letter's page open: each open page says so again and again, until it is closed."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from notices.models import Watching
from org.models import User

_SHOWN = 5  # people


def note_open(letter_id: UUID, person: User) -> None:
    """Note that the person has the letter's page open; written every LIVE_SECONDS at most."""
    now = timezone.now()
    rows = Watching.objects.filter(letter=letter_id, person=person)
    known = rows.values_list("seen_at", flat=True).first()
    if known is None:
        row = Watching(letter_id=letter_id, person=person, seen_at=now)
        Watching.objects.bulk_create([row], ignore_conflicts=True)
    elif now - known > timedelta(seconds=settings.LIVE_SECONDS):
        rows.update(seen_at=now)


def others_on(letter_id: UUID, person: User) -> list[User]:
    """Return who else is on the letter, who came last first."""
    since = timezone.now() - timedelta(seconds=3 * settings.LIVE_SECONDS + 5)
    rows = Watching.objects.filter(letter=letter_id, seen_at__gte=since, person__is_active=True)
    rows = rows.exclude(person=person).select_related("person").order_by("-pk")
    return [row.person for row in rows[:_SHOWN]]
