"""Notes are written, changed and deleted by their author, who may mention others in them.

Only a note for all readers leaves an entry in the letter's history, and never its text.
"""

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue_all
from language.bidi import isolate
from language.lines import one_line, paragraphs
from org.models import Department, User
from org.people import permissions_of
from registry.changes import lock, lock_whole, record_change
from registry.kinds import EventKind
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.kinds import RoutingEvent, RoutingJob
from routing.models.notes import Mention, Note
from routing.notes.seeing import notes_seen_by, sees

LENGTH: Final = 2000
MOST_NAMED: Final = 20
_TYPED = re.compile(r"(?<![\w@.+-])@([\w.+-]*\w)")


def write_note(
    letter: Letter,
    *,
    author: User,
    text: str,
    reach: str,
    department: Department | None = None,
    named: Iterable[str] = (),
    pk: UUID | None = None,
) -> Note:
    """Write a note on the letter; people mentioned are notified by e-mail.

    `named` are user names; those typed as @name in the text are added. `pk` is the id that the
    note gets. Raise NotAllowedError, with
    nothing kept, where the author may not read the letter, the text is empty or too long, the
    department is not theirs, or a person is mentioned who would not see the note.
    """
    words = _words(text)
    with transaction.atomic():
        lock_whole(letter)
        if reach not in Note.Reach.values:
            raise NotAllowedError(_("Say who sees the note."))
        note = Note(
            pk=pk or uuid4(),
            letter=letter,
            author=author,
            reach=reach,
            department=_department(author, department) if reach == Note.Reach.DEPARTMENT else None,
            text=words,
            written_at=timezone.now(),
        )
        if not sees(author, note):
            raise NotAllowedError(_("You may not do this with this letter at this moment."))
        people = _people(note, named)
        note.save(force_insert=True)
        _name(note, people)
        _note_event(note, RoutingEvent.NOTE_WRITTEN)
    return note


def change_note(note: Note, *, actor: User, text: str, named: Iterable[str] = ()) -> Note:
    """Rewrite a note for its author, for the same readers.

    People newly mentioned are notified, those no longer mentioned are not reminded any more.
    Errors as in `write_note`; raise ConflictError where the note is gone.
    """
    words = _words(text)
    with transaction.atomic():
        present = _own(note, actor)
        present.text, present.changed_at = words, timezone.now()
        people = _people(present, named)
        present.save(update_fields=["text", "changed_at"])
        _name(present, people)
        _note_event(present, RoutingEvent.NOTE_CHANGED)
    return present


def delete_note(note: Note, *, actor: User) -> None:
    """Delete a note for its author; nobody is reminded of it. Errors as in `change_note`."""
    with transaction.atomic():
        present = _own(note, actor)
        present.delete()
        _note_event(present, RoutingEvent.NOTE_DELETED)


def _own(note: Note, actor: User) -> Note:
    """Return the note as it is now, locked; only for its author while they may see it."""
    lock(note.letter)
    present = Note.objects.select_for_update().filter(pk=note.pk).first()
    if present is None:
        raise ConflictError
    if present.author_id != actor.pk or not notes_seen_by(actor).filter(pk=note.pk).exists():
        raise NotAllowedError(_("A note is changed by its author alone."))
    present.letter = note.letter
    return present


def _words(text: str) -> str:
    plain = paragraphs(text)
    if not plain:
        raise NotAllowedError(_("Write the note."))
    if len(plain) > LENGTH:
        raise NotAllowedError(_("A note has at most %(n)d characters.") % {"n": LENGTH})
    return plain


def _department(author: User, chosen: Department | None) -> Department:
    mine = permissions_of(author).departments
    if chosen is None and len(mine) == 1:
        chosen = Department.objects.get(code=next(iter(mine)))
    if chosen is None:
        raise NotAllowedError(_("Say which department sees the note."))
    if chosen.code not in mine:
        raise NotAllowedError(_("This department is not yours."))
    return chosen


def _people(note: Note, named: Iterable[str]) -> list[User]:
    """Return the people mentioned, each of whom sees the note.

    An unknown person and one who may not see the note give the same error.
    """
    given = [one_line(name, 150) for name in named]
    names = list(dict.fromkeys([*filter(None, given), *_TYPED.findall(note.text)]))
    if len(names) > MOST_NAMED:
        raise NotAllowedError(_("A note names at most %(n)d people.") % {"n": MOST_NAMED})
    wanted = {*names, *(name.lower() for name in names)}
    rows = User.objects.filter(username__in=wanted, is_active=True)
    known = {user.username: user for user in rows}
    people: dict[int, User] = {}
    for name in names:
        person = known.get(name) or known.get(name.lower())
        if person is None or not sees(person, note):
            raise NotAllowedError(_not_seen_words(note) % {"person": isolate(name)})
        people[person.pk] = person
    people.pop(note.author_id, None)
    return list(people.values())


def _not_seen_words(note: Note) -> str:
    words = _("%(person)s cannot be named: nobody of this name would see the note.")
    if note.reach == Note.Reach.MINE:
        words = _("Only you would see this note: choose who sees it, so that %(person)s is named.")
    return str(words)


def _name(note: Note, people: list[User]) -> None:
    """Set exactly these mentions; each new one is notified by a job."""
    note.mentions.exclude(person__in=people).delete()
    already = set(note.mentions.values_list("person", flat=True))
    now = timezone.now()
    rows = [Mention(note=note, person=p, made_at=now) for p in people if p.pk not in already]
    Mention.objects.bulk_create(rows)
    if rows:
        enqueue_all((RoutingJob.NOTES_TELL, row.pk) for row in rows)


def _note_event(note: Note, kind: EventKind) -> None:
    if note.reach == Note.Reach.READERS:
        record_change(note.letter, kind, actor=note.author)
