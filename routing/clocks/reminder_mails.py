"""The e-mail of reminders: numbers and due dates of letters, never their content."""

from typing import Any, Final

from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.mailing import send
from language.bidi import isolate
from org.addresses import staff_address
from org.institution import mail_sender, office_name
from org.models import User
from org.signs import colon
from registry.access import reads_letter
from routing.clocks.stand_in_reminders import OPEN_STAGES, reminders_of
from routing.models.clocks import Reminder

_MOST: Final = 200  # lines of one mail; the rest is on the page


def mail_reminders_work(person_id: str, _progress: Any) -> list[int]:
    """Send a person their pending reminders; return the ids of the reminders that are settled.

    At least once: a worker that is killed after the server took the mail sends it again. What was
    answered or moved meanwhile is left out. Raise jobs' Unavailable while the server is
    unavailable.
    """
    waiting = list(Reminder.objects.filter(person_id=int(person_id), mailed_at=None))
    ids = [row.pk for row in waiting]
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    lines = _still_due(person, ids) if person else []
    if person and lines:
        send(_message(person, lines))
    return ids


def save_reminders_mailed(_person_id: str, ids: list[int]) -> None:
    """Settle the reminders that were sent, or that need no sending any more."""
    for start in range(0, len(ids), 500):
        rows = Reminder.objects.filter(pk__in=ids[start : start + 500], mailed_at=None)
        rows.update(mailed_at=timezone.now())


def _still_due(person: User, ids: list[int]) -> list[Reminder]:
    """Return reminders of open letters that the person may read and that are still due that day.

    For an absent person, only as long as the stand-in stands in.
    """
    rows = reminders_of(person).filter(
        reads_letter(person),
        Q(clock="internal") | Q(due_on=F("letter__due_on")),
        pk__in=ids,
        letter__stage__in=OPEN_STAGES,
    )
    return list(rows.select_related("letter").order_by("due_on", "letter__number")[:_MOST])


def _for_whom(row: Reminder) -> str:
    if row.instead_of is None:
        return ""
    return _("for %(person)s") % {"person": isolate(row.instead_of.shown_name)}


def _message(person: User, lines: list[Reminder]) -> EmailMessage:
    with translation.override(person.language or "fr"):
        count = len(lines)
        subject = ngettext("%(n)d letter is due", "%(n)d letters are due", count) % {"n": count}
        today = timezone.localdate()
        context = {
            "lines": [(row, (row.due_on - today).days, _for_whom(row)) for row in lines],
            "office": staff_address(),
        }
        sender, address = office_name(), mail_sender()
        title = f"{sender}{colon()} {subject}"
        body = render_to_string("routing/reminder.txt", context)
    return EmailMessage(
        subject=title,
        body=body,
        from_email=address,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
