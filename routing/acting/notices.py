"""Notices to the people in charge of a letter: its sender has done something, or it was answered.

One e-mail to each person by a job, with the letter's number and never its content; lists mark the
letter besides (`routing.inbox.marks`).
"""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from jobs.mailing import mail_leaves, send
from jobs.outbox import enqueue_all
from language.bidi import isolate
from org.institution import office_name
from org.models import Membership, User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from routing.kinds import RoutingEvent, RoutingJob
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

WORDS: Final[dict[str, Any]] = {
    RoutingEvent.REOPENED: gettext_lazy("Letter %(number)s is taken up again"),
    RoutingEvent.RATED: gettext_lazy("The answer to letter %(number)s was rated"),
    RoutingEvent.REPLY_SENT: gettext_lazy("Letter %(number)s was answered"),
    RoutingEvent.PIECES_ADDED: gettext_lazy("The pieces for letter %(number)s are here"),
    RoutingEvent.ADDED_UNASKED: gettext_lazy("The sender has added something to letter %(number)s"),
}


def tell_in_charge(letter: Letter, *, actor: User | None = None, seq: int = 0) -> None:
    """Queue a notice of an event for each person in charge, but for `actor`.

    The event is the letter's newest, or the one with number `seq`. Inside the transaction that
    wrote it.
    """
    seq = seq or letter.version
    people = _in_charge(letter) - ({actor.pk} if actor else set())
    if people:
        subjects = (f"{letter.pk}:{seq}:{person}" for person in sorted(people))
        enqueue_all((RoutingJob.NOTICE_TELL, subject) for subject in subjects)


def nothing_to_do(_subject: str, _progress: Any) -> None:
    """Do nothing: who is in charge is asked when the job is saved."""


def spread(subject: str, _result: object) -> None:
    """Queue the notices of "letter:event:actor", a change that did not ask who is in charge."""
    letter_id, seq, actor_id = subject.split(":")
    letter = Letter.objects.get(pk=letter_id)
    tell_in_charge(letter, actor=User.objects.get(pk=actor_id), seq=int(seq))


def _in_charge(letter: Letter) -> set[int]:
    """Return who has the letter for action, or had it last where nobody has it any more.

    For a department that has named nobody these are its heads, else its members.
    """
    rows = Assignment.objects.filter(letter=letter, role=Assignment.Role.ACTION)
    found = list(rows.filter(state__in=LIVE)) or list(
        rows.filter(state=AssignmentState.SIGNED_OFF).order_by("-signed_off_at")[:1]
    )
    named = {row.person_id for row in found if row.person_id}
    return named | _of_departments(row.department_id for row in found if not row.person_id)


def _of_departments(ids: Iterable[int]) -> set[int]:
    rows = Membership.objects.filter(department__in=list(ids), user__is_active=True)
    by_unit: dict[int, dict[str, set[int]]] = {}
    for unit, role, user in rows.values_list("department_id", "role", "user_id"):
        by_unit.setdefault(unit, {}).setdefault(role, set()).add(user)
    people: set[int] = set()
    for roles in by_unit.values():
        people |= roles.get(Membership.Role.HEAD) or set().union(*roles.values())
    return people


def tell_notice_work(subject: str, _progress: Any) -> bool:
    """Send one notice; return whether one was sent.

    At least once. None is sent to who may not read the letter now. Raise jobs' Unavailable while
    the mail server is away.
    """
    letter_id, seq, person_id = subject.split(":")
    person = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person is None or not mail_leaves():
        return False
    event = LetterEvent.objects.filter(
        letter_id=letter_id, seq=seq, letter__in=Letter.objects.visible_to(person)
    )
    found = event.select_related("letter").first()
    if found is None or found.kind not in WORDS:
        return False
    send(_message(person, found))
    return True


def _message(person: User, event: LetterEvent) -> EmailMessage:
    with translation.override(person.language or "fr"):
        words = str(WORDS[event.kind]) % {"number": event.letter.number}
        context = {
            "words": str(WORDS[event.kind]) % {"number": isolate(event.letter.number)},
            "address": f"{settings.PUBLIC_URL}/letters/{event.letter_id}/",
        }
        sender = office_name()
        body = render_to_string("routing/notice.txt", context)
    return EmailMessage(
        subject=f"{sender}: {words}",
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
