"""The notices of what happened: events, reminders, mails, exports, absences, accounts."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from channels.mailbox.models import MailItem
from identity.stand_ins import heads_over
from notices.audience import Occurrence, office_people, recipients_of
from notices.kinds import NoticeKind
from notices.models import Notice, PushBrowser
from notices.writing import News, write, write_all
from org.models import Absence
from registry.models.acts import Act
from registry.models.events import LetterEvent
from routing.models.clocks import Reminder
from routing.models.notes import Mention
from search.exports.models import Export

Save = Callable[[str, Any], None]


def no_work(_subject: str, _progress: Any) -> None:
    """Do nothing: the notices are written when the job is saved."""


def notify_of_event(subject: str, _result: object) -> None:
    """Write the notices of "letter:event", or of "act:number" for a draft that answers nothing."""
    what, number = subject.split(":")[:2]
    if what == "act":
        act = Act.objects.get(pk=number)
        seals = act.data.get("seals", {})
        _notify(Occurrence(act.kind, act.actor_id, None, act.data, seals), key=subject)
        return
    event = LetterEvent.objects.get(letter=UUID(what), seq=number)
    it = Occurrence(event.kind, event.actor_id, event.letter_id, event.data, event.seals)
    _notify(it, key=f"{what}:{number}")


def _notify(it: Occurrence, *, key: str) -> None:
    about: dict[str, Any] = {"letter_id": it.letter_id}
    if it.letter_id is None:
        about = {"reply_id": it.data["reply"]}
    detail = {name: it.data[name] for name in ("score",) if name in it.data}
    for kind, people in recipients_of(it):
        write(kind, people, key=key, detail=detail, **about)


def save_then_notify(save: Save, notify: Save) -> Save:
    """Return a function that saves and then writes the notices of what was saved."""

    def both(subject: str, result: Any) -> None:
        save(subject, result)
        notify(subject, result)

    return both


def notify_reminded(_slot: str, rows: Iterable[Reminder]) -> None:
    """Notify people of this hour's reminders: once a letter and due date, and once when late."""
    found: dict[NoticeKind, dict[tuple[UUID, str], set[int]]] = {
        NoticeKind.DUE: defaultdict(set),
        NoticeKind.OVERDUE: defaultdict(set),
    }
    for row in rows:
        kind = NoticeKind.OVERDUE if row.days_left < 0 else NoticeKind.DUE
        found[kind][row.letter_id, row.due_on.isoformat()].add(row.person_id)
    for kind, by_letter in found.items():
        news = [
            News(f"{letter}:{due_on}", frozenset(people), {"due_on": due_on}, letter)
            for (letter, due_on), people in by_letter.items()
        ]
        write_all(kind, news)


def notify_mentioned(mention_id: str, _sent: bool) -> None:
    """Notify a person that a note names them."""
    row = Mention.objects.filter(pk=mention_id).select_related("note").first()
    if row is not None:
        write(
            NoticeKind.MENTIONED, {row.person_id}, key=f"mention:{row.pk}",
            letter_id=row.note.letter_id,
        )  # fmt: skip


def notify_exported(export_id: str, _made: Any) -> None:
    """Notify the person who requested an export that it is ready."""
    row = Export.objects.filter(pk=export_id).exclude(finished_at=None).first()
    if row is not None:
        write(NoticeKind.EXPORT, {row.person_id}, key=f"export:{row.pk}")


def notify_of_mailbox(_subject: str, _more: Any) -> None:
    """Notify the registry office of mails that were set aside for a person."""
    waiting = MailItem.objects.filter(state=MailItem.State.SET_ASIDE).order_by("-pk")
    keys = [f"mail:{pk}" for pk in waiting.values_list("pk", flat=True)[:100]]
    known = Notice.objects.filter(kind=NoticeKind.MAILBOX, key__in=keys)
    fresh = set(keys) - set(known.values_list("key", flat=True))
    people = office_people() if fresh else set()
    write_all(NoticeKind.MAILBOX, [News(key, frozenset(people)) for key in sorted(fresh)])


def notify_of_absence(absence_id: str, _result: object) -> None:
    """Notify the delegate and the absent person of an absence, except the one who announced it.

    Where that was somebody else, the heads are notified too; `identity.stand_ins` mails them.
    """
    row = Absence.objects.select_related("person", "delegate").get(pk=absence_id)
    detail: dict[str, Any] = {
        "person": row.person_id,
        "delegate": row.delegate_id,
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
    }
    people = {row.person_id, row.delegate_id} - {row.made_by_id}
    if row.ends_on >= timezone.localdate():
        write(NoticeKind.STAND_IN, people, key=f"absence:{row.pk}", detail=detail)
    if row.made_by_id != row.person_id:
        heads = {head.pk for head in heads_over(row.person)} - people - {row.made_by_id}
        detail["head"] = True
        key = f"absence-head:{row.pk}"
        write(NoticeKind.STAND_IN, heads, key=key, detail=detail, mailed_elsewhere=True)


def notify_of_account(subject: str, _result: object) -> None:
    """Notify a person of a change to their account; the mail about it is sent by `identity.mails`.

    After a new password no browser gets pushes any more until it is chosen again.
    """
    person, what, moment = subject.split(" ")
    if what == "password_changed":
        PushBrowser.objects.filter(person=int(person)).delete()
    key = f"account:{what}:{moment}"
    write(NoticeKind.SECURITY, {int(person)}, key=key, detail={"what": what})
