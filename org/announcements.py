"""Announcements on the citizens' pages: made, shown on their days, withdrawn."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from language.lines import one_line
from org.errors import BadOrganisationError
from org.models import Announcement, User
from org.models.announcements import MOST_LETTERS


def live_announcements(day: date | None = None) -> "QuerySet[Announcement]":
    """Return the announcements to citizens on a day (today), the urgent first."""
    today = day or timezone.localdate()
    rows = Announcement.objects.filter(first_day__lte=today, last_day__gte=today)
    return rows.filter(withdrawn_at=None).order_by("-urgent", "-pk")


def announce_to_citizens(
    words: dict[str, Any], *, first_day: date, last_day: date, urgent: bool, actor: User | None
) -> Announcement:
    """Make an announcement, or return the same that stands; `words` maps ar, fr and perhaps en.

    Raise BadOrganisationError.
    """
    given = {code: one_line(str(words.get(code, "") or ""), 5000) for code in ("ar", "fr", "en")}
    problems = {f"words_{c}": _("Words are needed.") for c in ("ar", "fr") if not given[c]}
    problems |= {
        f"words_{code}": _("This is too long.")
        for code, text in given.items()
        if len(text) > MOST_LETTERS
    }
    if last_day < first_day:
        problems["last_day"] = _("The last day is not before the first.")
    if problems:
        raise BadOrganisationError(dict(problems))
    what: dict[str, Any] = {f"words_{code}": text for code, text in given.items()}
    what |= {"first_day": first_day, "last_day": last_day, "urgent": urgent}
    if same := Announcement.objects.filter(**what, withdrawn_at=None).first():
        return same
    return Announcement.objects.create(
        **what,
        made_by=actor,
        made_at=timezone.now(),
    )


def withdraw(announcement_id: int, *, actor: User | None) -> bool:
    """Show an announcement no more; False where it was withdrawn before."""
    rows = Announcement.objects.filter(pk=announcement_id, withdrawn_at=None)
    return bool(rows.update(withdrawn_at=timezone.now(), withdrawn_by=actor))
