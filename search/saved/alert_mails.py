"""The e-mail of an alert: how many letters came, and their numbers, never their content."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from jobs.mailing import send
from org.addresses import staff_address
from org.institution import mail_sender, office_name
from org.models import User
from registry.models.letters import Letter
from search.saved.models import SavedSearch, SearchAlert

_MOST: Final = 1000  # alerts told at once
_NUMBERS: Final = 10  # registry numbers named for one search


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What is reported of one search."""

    search: SavedSearch
    count: int
    numbers: list[str]


def mail_alerts_work(person_id: str, _progress: Callable[[int, int], None]) -> list[int]:
    """Send a person what was found and they may read now; return the alerts settled so.

    At least once: a worker that is killed after the server took the mail sends it again. Raise
    jobs' Unavailable while the mail server is unavailable, Permanent when it refuses the address.
    """
    waiting = list(
        SearchAlert.objects.filter(search__person_id=int(person_id), told_at=None)
        .select_related("search")
        .order_by("search__name", "-pk")[:_MOST]
    )
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person and waiting and (told := _reports(person, waiting)):
        send(_message(person, told))
    return [alert.pk for alert in waiting]


def save_mailed_alerts(_person_id: str, alerts: list[int]) -> None:
    """Mark as settled the alerts that were sent, or are nobody's any more."""
    for start in range(0, len(alerts), 500):
        rows = SearchAlert.objects.filter(pk__in=alerts[start : start + 500], told_at=None)
        rows.update(told_at=timezone.now())


def _reports(person: User, waiting: list[SearchAlert]) -> list[SearchReport]:
    ids = {alert.letter_id for alert in waiting}
    letters = Letter.objects.visible_to(person).filter(pk__in=ids).select_related("register")
    numbers: dict[UUID, str] = {letter.pk: letter.number for letter in letters}
    by_search: dict[UUID, tuple[SavedSearch, list[str]]] = {}
    for alert in waiting:
        if alert.search.alert != SavedSearch.Alert.NONE and alert.letter_id in numbers:
            row = by_search.setdefault(alert.search_id, (alert.search, []))
            row[1].append(numbers[alert.letter_id])
    return [
        SearchReport(search, len(found), found[:_NUMBERS]) for search, found in by_search.values()
    ]


def _message(person: User, told: list[SearchReport]) -> EmailMessage:
    total = sum(one.count for one in told)
    with translation.override(person.language or "fr"):
        subject = ngettext(
            "%(n)d new letter for your saved searches",
            "%(n)d new letters for your saved searches",
            total,
        ) % {"n": total}
        context = {"told": told, "office": staff_address(), "total": total}
        body = render_to_string("search/alert.txt", context)
        sender, address = office_name(), mail_sender()
    return EmailMessage(
        subject=f"{sender}: {subject}",
        body=body,
        from_email=address,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
