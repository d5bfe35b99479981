"""Notices by mail, at once or as a digest of the day: kind, number, and the subject if allowed."""

from datetime import time, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from jobs.mailing import mail_leaves, send
from jobs.models import Job
from jobs.outbox import enqueue, enqueue_all
from language.bidi import isolate
from notices.kinds import MailWay, NoticeKind, NoticesJob
from notices.models import Notice
from notices.preferences import ways_of
from notices.reading import seen_by
from notices.words import link_of, sentence
from org.addresses import staff_address
from org.institution import mail_sender, office_name
from org.models import User
from org.signs import colon
from routing.clocks import reminder_mails
from routing.models.clocks import Reminder
from routing.models.notes import Mention
from routing.notes import mention_mails

DIGEST_AT: Final = time(7, 0)  # by the office's clock
_MOST: Final = 200  # lines of one mail; the rest is on the page
_DAYS: Final = 7  # what could not be mailed so long is left to the page


def mail_notice_work(notice_id: str, _progress: Any) -> bool:
    """Send one notice; return whether one was sent.

    At least once. None is sent to who may not read the letter now. Raise jobs' Unavailable while
    the mail server is away.
    """
    if not notice_id.isdigit() or not mail_leaves():
        return False
    row = Notice.objects.filter(pk=notice_id, mailed_at=None).select_related("person").first()
    if row is None:
        return False
    person = _reachable(row.person_id)
    rows = _sendable(person, [row.pk]) if person else []
    if person and rows:
        with translation.override(person.language or "fr"):
            _send(person, sentence(rows[0], plain=True), "notices/mail.txt", rows)
    return bool(rows)


def save_mailed(notice_id: str, _sent: bool) -> None:
    """Settle the notice: sent, or not to be sent any more."""
    if notice_id.isdigit():
        _settle([int(notice_id)])


def queue_digests() -> None:
    """Queue the job of the day's digests, once a day from DIGEST_AT on; called once a minute."""
    now = timezone.localtime()
    subject = str(now.date())
    if now.time() < DIGEST_AT or not mail_leaves():
        return
    if not Job.objects.filter(kind=NoticesJob.NOTICES_LOOK, subject=subject).exists():
        with transaction.atomic():
            enqueue(NoticesJob.NOTICES_LOOK, subject)


def queue_each_digest(_day: str, _result: object) -> None:
    """Queue one mail for each person who has notices for the day's mail."""
    rows = _for_digest().order_by("person_id").values_list("person_id", flat=True).distinct()
    if people := list(rows):
        enqueue_all((NoticesJob.NOTICES_DIGEST, person) for person in people)


def digest_work(person_id: str, _progress: Any) -> list[int]:
    """Send a person the notices of the day in one mail; return those that are settled."""
    ids = list(_for_digest().filter(person=int(person_id)).values_list("pk", flat=True))
    person = _reachable(int(person_id))
    rows = _sendable(person, ids) if person else []
    if person and rows:
        with translation.override(person.language or "fr"):
            count = len(rows)
            words = ngettext("%(n)d notification", "%(n)d notifications", count) % {"n": count}
            _send(person, words, "notices/digest.txt", rows)
    return ids


def save_digest(_person_id: str, ids: list[int]) -> None:
    """Settle the notices of the mail."""
    _settle(ids)


def mail_reminders_if_wanted(person_id: str, progress: Any) -> list[int]:
    """Send a person their reminders, unless they want no mail of letters that are due."""
    if ways_of([int(person_id)], NoticeKind.DUE)[int(person_id)].mail == MailWay.NONE:
        waiting = Reminder.objects.filter(person=int(person_id), mailed_at=None)
        return list(waiting.values_list("pk", flat=True))
    return reminder_mails.mail_reminders_work(person_id, progress)


def mail_mention_if_wanted(mention_id: str, progress: Any) -> bool:
    """Send the mail of a mention, unless its person wants none."""
    person = Mention.objects.filter(pk=mention_id).values_list("person_id", flat=True).first()
    if person and ways_of([person], NoticeKind.MENTIONED)[person].mail == MailWay.NONE:
        return False
    return mention_mails.mail_mention_work(mention_id, progress)


def _for_digest() -> "QuerySet[Notice]":
    since = timezone.now() - timedelta(days=_DAYS)
    return Notice.objects.filter(mail=MailWay.DAILY, mailed_at=None, made_at__gte=since)


def _reachable(person_id: int) -> User | None:
    return User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()


def _sendable(person: User, ids: list[int]) -> list[Notice]:
    """Return the notices that the person may still see; what they read meanwhile is no news."""
    rows = seen_by(person, Notice.objects.filter(pk__in=ids, read_at=None))
    return list(rows.select_related("letter").order_by("-pk")[:_MOST])


def _settle(ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        rows = Notice.objects.filter(pk__in=ids[start : start + 500], mailed_at=None)
        rows.update(mailed_at=timezone.now())


def _send(person: User, words: str, template: str, rows: list[Notice]) -> None:
    lines = [(sentence(row), _subject(row), link_of(row)) for row in rows]
    context = {"lines": lines, "page": f"{staff_address()}/notifications/"}
    sender, address = office_name(), mail_sender()
    send(
        EmailMessage(
            subject=f"{sender}{colon()} {words}",
            body=render_to_string(template, context),
            from_email=address,
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )


def _subject(row: Notice) -> str:
    """Return the letter's subject, where the office lets mails name it."""
    if not settings.NOTICE_SUBJECTS or row.letter is None:
        return ""
    return isolate(row.letter.subject)
