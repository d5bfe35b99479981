"""Which notices reach a person, in which ways: the office's defaults and their own choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from notices.kinds import MailWay, NoticeKind
from notices.models import Wish
from org.models import User


@dataclass(frozen=True, slots=True)
class Ways:
    """In which ways a notice reaches a person."""

    page: bool = True
    mail: str = MailWay.NONE
    push: bool = False


_PRESSING: Final = Ways(mail=MailWay.AT_ONCE, push=True)
DEFAULTS: Final[Mapping[str, Ways]] = {
    NoticeKind.GIVEN: Ways(mail=MailWay.DAILY, push=True),
    NoticeKind.COPY: Ways(),
    NoticeKind.REFUSED: Ways(mail=MailWay.DAILY),
    NoticeKind.OPINION_ASKED: _PRESSING,
    NoticeKind.OPINION_GIVEN: Ways(mail=MailWay.DAILY),
    NoticeKind.TO_SIGN: _PRESSING,
    NoticeKind.RETURNED: _PRESSING,
    NoticeKind.BOUNCED: _PRESSING,
    NoticeKind.ANSWERED: Ways(mail=MailWay.AT_ONCE),
    NoticeKind.REOPENED: _PRESSING,
    NoticeKind.RATED: Ways(mail=MailWay.AT_ONCE),
    NoticeKind.PIECES: _PRESSING,
    NoticeKind.DUE: _PRESSING,
    NoticeKind.OVERDUE: _PRESSING,
    NoticeKind.REQUEST_LATE: Ways(mail=MailWay.DAILY, push=True),
    NoticeKind.MENTIONED: _PRESSING,
    NoticeKind.STAND_IN: _PRESSING,
    NoticeKind.MAILBOX: Ways(),
    NoticeKind.EXPORT: Ways(push=True),
    NoticeKind.DANGER: _PRESSING,
    NoticeKind.SECURITY: _PRESSING,
}
# Sent in every way to everybody whom they concern: nobody can turn them off.
ALWAYS: Final = frozenset({NoticeKind.DANGER})
# Their mails are sent at once and to everybody: what concerns the safety of an account.
FIXED_MAIL: Final = frozenset({NoticeKind.SECURITY})
# Their mails are one list of all letters, sent in office hours: at once or not at all.
NO_DIGEST: Final = frozenset({NoticeKind.DUE, NoticeKind.OVERDUE, NoticeKind.MENTIONED})


def ways_of(people: Iterable[int], kind: NoticeKind) -> dict[int, Ways]:
    """Return the ways of a kind for each of the people; one query."""
    wanted = set(people)
    if kind in ALWAYS:
        return dict.fromkeys(wanted, DEFAULTS[kind])
    own = {
        row.person_id: Ways(row.page, row.mail, row.push)
        for row in Wish.objects.filter(person__in=wanted, kind=kind)
    }
    return {person: own.get(person, DEFAULTS[kind]) for person in wanted}


def preferences_of(person: User) -> dict[NoticeKind, Ways]:
    """Return the ways of every kind for a person."""
    own = {
        row.kind: Ways(row.page, row.mail, row.push) for row in Wish.objects.filter(person=person)
    }
    return {kind: own.get(kind, DEFAULTS[kind]) for kind in NoticeKind}


def set_preferences(person: User, wanted: Mapping[NoticeKind, Ways]) -> None:
    """Save what the person chose, except for what the office decides for everybody."""
    with transaction.atomic():
        for kind, ways in wanted.items():
            values = {"page": ways.page, "mail": _mail(kind, ways.mail), "push": ways.push}
            Wish.objects.update_or_create(person=person, kind=kind, defaults=values)


def _mail(kind: NoticeKind, asked: str) -> str:
    if kind in FIXED_MAIL or (kind in NO_DIGEST and asked == MailWay.DAILY):
        return MailWay.AT_ONCE
    return asked
