"""Writing notices: a row for each recipient, and the jobs that mail and push it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from jobs.kinds import JobKind
from jobs.mailing import mail_leaves
from jobs.outbox import enqueue_all
from notices.kinds import MailWay, NoticeKind, NoticesJob
from notices.models import Notice, PushBrowser
from notices.preferences import FIXED_MAIL, NO_DIGEST, Ways, ways_of

# Their mails are sent by other jobs: reminders, mentions, and what concerns an account.
_MAILED_ELSEWHERE = NO_DIGEST | FIXED_MAIL
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class News:
    """What happened, named by `key`, and whom it concerns; another job may send the mail of it."""

    key: str
    people: frozenset[int]
    detail: Mapping[str, Any] = field(default_factory=dict)
    letter_id: UUID | None = None
    reply_id: UUID | None = None
    mailed_elsewhere: bool = False


def write(
    kind: NoticeKind, people: Iterable[int], *, key: str, detail: dict[str, Any] | None = None,
    **about: Any,
) -> list[Notice]:  # fmt: skip
    """Write the notices of one thing, inside the caller's transaction; see `write_all`.

    `about` is the `letter_id` or the `reply_id`, and whether it is `mailed_elsewhere`.
    """
    return write_all(kind, [News(key, frozenset(people), detail or {}, **about)])


def write_all(kind: NoticeKind, news: Sequence[News]) -> list[Notice]:
    """Write the notices that are not there yet, and return those; some queries for 500 of them.

    What is repeated writes nothing anew.
    """
    made: list[Notice] = []
    for start in range(0, len(news), _AT_ONCE):
        made += _write(kind, news[start : start + _AT_ONCE])
    return made


def _write(kind: NoticeKind, news: Sequence[News]) -> list[Notice]:
    present = Notice.objects.filter(kind=kind, key__in=[one.key for one in news])
    known = set(present.values_list("key", "person_id"))
    fresh = [
        (one, who) for one in news for who in sorted(one.people) if (one.key, who) not in known
    ]
    ways = ways_of((who for _one, who in fresh), kind)
    now = timezone.now()
    rows = [
        Notice(
            person_id=who, kind=kind, key=one.key, detail=dict(one.detail), made_at=now,
            letter_id=one.letter_id, reply_id=one.reply_id, shown=ways[who].page,
            mail=MailWay.NONE if one.mailed_elsewhere else _mail(kind, ways[who]),
        )
        for one, who in fresh
        if ways[who] != Ways(page=False)
    ]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    again = Notice.objects.filter(kind=kind, key__in={row.key for row in rows}) if rows else []
    made = [row for row in again if (row.key, row.person_id) not in known]
    _carry(made, ways)
    return made


def _mail(kind: NoticeKind, ways: Ways) -> str:
    return MailWay.NONE if kind in _MAILED_ELSEWHERE or not mail_leaves() else ways.mail


def _carry(made: Iterable[Notice], ways: dict[int, Ways]) -> None:
    wanted: list[tuple[JobKind, object]] = [
        (NoticesJob.NOTICE_TELL, row.pk) for row in made if row.mail == MailWay.AT_ONCE
    ]
    pushed = [row for row in made if ways[row.person_id].push]
    if pushed:
        takers = PushBrowser.objects.filter(person__in=[row.person_id for row in pushed])
        having = set(takers.values_list("person_id", flat=True))
        wanted += [(NoticesJob.NOTICE_PUSH, row.pk) for row in pushed if row.person_id in having]
    if wanted:
        enqueue_all(wanted)
