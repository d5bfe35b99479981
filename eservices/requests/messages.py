"""Messages between office and citizen about a request; files become documents of its letter."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.kinds import EserviceEvent, EserviceJob
from eservices.people.models import Person
from eservices.requests.family import held_first, hold
from eservices.requests.models import Message, Request
from eservices.requests.roles import Who, roles_of
from eservices.requests.stage_messages import way_to
from jobs.outbox import enqueue
from language.lines import printable_lines
from org.models import User
from registry.changes import record_change
from registry.deposit_files import NamedStream
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.pieces import add_documents
from registry.states import Stage
from routing.acting.errors import NotAllowedError

LONGEST: Final = 4000
SAME_CLICK: Final = timedelta(minutes=10)


class _WrittenBeforeError(Exception):
    """The message stands already; nothing of its repetition is kept."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.pk)
        self.message = message


def write_message(
    request: Request,
    *,
    text: str,
    actor: User | None = None,
    person: Person | None = None,
    letter_code: bool = False,
    files: Iterable[NamedStream] = (),
) -> Message:
    """Write a message to the citizen (`actor`) or to the office; the citizen is notified of theirs.

    The newest message again, from the same hand within ten minutes, is the same click: the message
    that is there. Raise NotAllowedError without the right, without words, or for a voided letter;
    DepositRefusedError for files that are refused.
    """
    text, arriving = printable_lines(text), list(files)
    if not text:
        raise NotAllowedError(_("Write a message."))
    if len(text) > LONGEST:
        raise NotAllowedError(_("A message has 4000 characters at most."))
    who, made = Who(actor, person, letter_code), list[Message]()

    def write(rows: list[Model]) -> None:
        made.append(_write(request, text, who=who, rows=rows))

    try:
        if arriving:
            with held_first(request):
                add_documents(request.letter, files=arriving, then=write)
        else:
            with transaction.atomic():
                hold(request)
                write([])
    except _WrittenBeforeError as error:
        return error.message
    return made[0]


def _write(request: Request, text: str, *, who: Who, rows: list[Model]) -> Message:
    if not roles_of(request, who):
        raise NotAllowedError(_("You may not do this with this request."))
    if request.letter.stage == Stage.VOIDED:
        raise NotAllowedError(_("This letter is voided."))
    documents = [row for row in rows if isinstance(row, Document)]
    if same := _same_click(request, text, who=who, documents=documents):
        raise _WrittenBeforeError(same)
    message = Message.objects.create(
        request=request,
        at=timezone.now(),
        author=who.actor,
        person=who.person,
        from_citizen=who.citizen,
        text=text,
    )
    message.documents.set(documents)
    kind = EserviceEvent.MESSAGE_FROM_CITIZEN if who.citizen else EserviceEvent.MESSAGE_TO_CITIZEN
    event = record_change(
        request.letter,
        kind,
        actor=who.actor,
        data={"message": message.pk, "documents": len(documents)},
        rows=rows,
        visibility=LetterEvent.Visibility.CITIZEN,
    )
    if not who.citizen and way_to(request)[1]:
        enqueue(EserviceJob.REQUEST_TELL, f"{request.pk}:{event.seq}")
    return message


def _same_click(
    request: Request, text: str, *, who: Who, documents: list[Document]
) -> Message | None:
    """Return the newest message where it is this one: its author, its words and its files."""
    newest = Message.objects.filter(request=request.pk).order_by("pk").last()
    if newest is None or newest.at < timezone.now() - SAME_CLICK:
        return None
    by = (who.actor and who.actor.pk, who.person and who.person.pk, who.citizen, text)
    if by != (newest.author_id, newest.person_id, newest.from_citizen, newest.text):
        return None
    files = sorted(newest.documents.values_list("title", "file"))
    return newest if files == sorted((one.title, one.file_id) for one in documents) else None


def messages_of(request: Request) -> QuerySet[Message]:
    """Return the messages with their authors and documents, the oldest first."""
    rows = Message.objects.filter(request=request.pk).select_related("author", "person")
    return rows.prefetch_related("documents__file").order_by("pk")


def note_read(request: Request, *, by_citizen: bool) -> None:
    """Note that the other side's messages were read."""
    rows = Message.objects.filter(request=request.pk, read_at=None, from_citizen=not by_citizen)
    rows.update(read_at=timezone.now())
