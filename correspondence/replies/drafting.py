"""Drafting and editing of a reply: its words, its file, and its department."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import ReplyChange, changing_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.answers.addressees import AddresseeData, checked, write_down
from correspondence.forms.keeping import DrawnHere
from correspondence.kinds import OutgoingEvent
from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from correspondence.replies.archival_form import ArchivalForm, archival_data, to_pdfa
from correspondence.replies.internal import asking_department
from language.lines import one_line, paragraphs
from org.models import Department, User
from registry.deposit_files import check_files
from registry.files.stored import stored_row
from registry.files.vault import get_vault
from registry.intake import IncomingFile
from registry.models.letters import Letter
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.models.assignments import Assignment
from routing.models.states import AssignmentState

BODY_LENGTH = 100_000


def draft_reply(
    letter: Letter,
    *,
    actor: User,
    subject: str,
    body: str,
    file: IncomingFile | None = None,
    addressees: Sequence[AddresseeData] = (),
    language: str = "",
    mailing: Mailing | None = None,
    pk: UUID | None = None,
) -> Reply:
    """Begin a reply, of text or a file or both.

    With a file, the file is the reply and the text goes with it; without, it is drawn as a letter.
    `addressees`: others than its sender; `pk`: the id that it gets. Raise NotAllowedError, and
    DepositRefusedError.
    """
    kept, now = keep_file(file, language=language or letter.language), timezone.now()
    direction, to = _way(letter, addressees)
    with changing_letter(letter, actor=actor, verb=LetterVerb.DRAFT_REPLY) as change:
        reply = Reply(
            pk=pk or uuid4(),
            letter=letter,
            department=department_of(change.now.mine),
            author=actor,
            direction=direction,
            language=language,
            mailing=mailing,
            created_at=now,
            changed_at=now,
            **kept,
            **words_of(subject, body, letter=letter, has_file=kept["file"] is not None),
        )
        reply.save(force_insert=True)
        rows = write_down(reply, checked(to, direction=direction)) if to else []
        told = change.behalf | archival_data(reply)
        ReplyChange(reply, actor).record(OutgoingEvent.REPLY_DRAFTED, data=told, rows=rows)
    return reply


def edit_reply(
    reply: Reply,
    *,
    actor: User,
    subject: str,
    body: str,
    file: IncomingFile | None = None,
    drop_file: bool = False,
    seen: datetime | None = None,
) -> Reply:
    """Change a draft; a new file replaces the earlier one, `drop_file` removes it.

    Raise what `changing_reply` raises, and DepositRefusedError.
    """
    language = reply.language or (reply.letter.language if reply.letter else "")
    kept = keep_file(file, language=language)
    with changing_reply(reply, actor=actor, verb=ReplyVerb.EDIT, seen=seen) as change:
        keeps = file is None and not drop_file
        has_file = bool(reply.file if keeps else kept["file"])
        words = words_of(subject, body, letter=reply.letter, has_file=has_file)
        change.write(**words, **({} if keeps else kept))
        told = {} if keeps else archival_data(reply)
        change.record(OutgoingEvent.REPLY_EDITED, data={**change.behalf, **told})
    return reply


def _way(
    letter: Letter, addressees: Sequence[AddresseeData]
) -> tuple[str, Sequence[AddresseeData]]:
    """Return the direction of an answer, and its addressees where these are not the sender.

    The answer to an internal letter of a department goes back to that department.
    """
    if asking := asking_department(letter):
        return Reply.Direction.INTERNAL, [AddresseeData(department=asking)]
    return Reply.Direction.OUTGOING, addressees


def department_of(mine: tuple[Assignment, ...]) -> Department:
    """Return the department for which this person answers: that of their first accepted action."""
    accepted = [
        a for a in mine if a.state == AssignmentState.ACCEPTED and a.role == Assignment.Role.ACTION
    ]
    return min(accepted, key=lambda a: a.assigned_at).department


def words_of(subject: str, body: str, *, letter: Letter | None, has_file: bool) -> dict[str, str]:
    """Return subject and text as they are stored; raise NotAllowedError when both are empty."""
    text = paragraphs(body)
    if len(text) > BODY_LENGTH:
        raise NotAllowedError(_("The text is too long: send it as a file."))
    if not text and not has_file:
        raise NotAllowedError(_("Write a text or add a file."))
    about = one_line(subject, 500) or (letter.subject or letter.number if letter else "")
    if not about:
        raise NotAllowedError(_("Give a subject."))
    return {"subject": about, "body": text}


def keep_file(file: IncomingFile | None, *, language: str) -> dict[str, Any]:
    """Check a file like any deposit, put it into the vault and convert it for archiving.

    Before any transaction; return the columns of the reply. Raise DepositRefusedError, and
    NotAllowedError for a file that is locked.
    """
    if file is None:
        return {"file": None, "file_name": "", **ArchivalForm().columns()}
    with ExitStack() as cleanup:
        taken = check_files([file], message="", cleanup=cleanup).files[0]
        kept = get_vault().keep(taken.incoming)
        stored = stored_row(kept, media_type=taken.media.media_type)
    lasting = ArchivalForm(level=Reply.ArchivalLevel.TEXT)
    if not isinstance(file, DrawnHere):
        lasting = to_pdfa(stored, way="text", language=language)
    name = one_line(file.name, 255) or "reply"
    return {"file": stored, "file_name": name, **lasting.columns()}
