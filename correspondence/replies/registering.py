"""The outgoing letter that a reply becomes, and who reads it and the letter that is answered.

People to whom a step of a circuit falls read the letter: the person, the heads of a department, or
the directors, and nobody else of it; while the step is theirs, and after they have acted.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.acting.rights import signature_is_due
from correspondence.answers.addressees import answered_by, parties_of
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.steps import OPEN_STEPS, ReplyStep, StepState, Who
from correspondence.replies.archival_form import archival_name
from language.detect import detect_language
from org.institution import name_on
from org.models import Level, User
from registry.files.vault import get_vault
from registry.intake import IncomingFile, LetterData, PartyData, receive_letter
from registry.models.files import StoredFile
from registry.models.letters import Channel, Letter
from registry.models.readers import DepartmentReader

OUTGOING, INTERNAL = "OUT", "INT"
# Who was asked and has acted may look up what they did; whose turn never came may not.
READING = (*OPEN_STEPS, StepState.DONE, StepState.RETURNED)
_CHANNELS = {
    Dispatch.Method.EMAIL: Channel.EMAIL,
    Dispatch.Method.HANDED_OVER: Channel.COUNTER,
    Dispatch.Method.PORTAL: Channel.PORTAL,
    Dispatch.Method.POST: Channel.POST,
    Dispatch.Method.REGISTERED: Channel.POST,
    Dispatch.Method.SMS: Channel.PORTAL,
}


def register_outgoing(
    reply: Reply,
    *,
    actor: User | None,
    then: Callable[[Letter], None],
    method: str = "",
    address: str = "",
) -> Letter:
    """Take a number in the outgoing register for the reply; `then` is done in the transaction.

    Without a method (a reply that is signed now and sent later) the delivery is not known yet.
    Raise what `receive_letter` and `then` raise; then no number was taken.
    """
    with ExitStack() as opened:
        files = [
            IncomingFile(name, opened.enter_context(get_vault().open(file.sha256)))
            for name, file in files_of(reply)
        ]
        received = receive_letter(
            outgoing_data(reply, method=method, address=address),
            actor=actor,
            files=files,
            message=reply.body,
            then=then,
        )
    return received.letter


def files_of(reply: Reply) -> list[tuple[str, StoredFile]]:
    """Return the files under which a reply is registered, by name.

    They are the archival form of an upload, then the upload. A reply that is signed now has only
    its upload: the signed paper is added later.
    """
    if reply.file is None:
        return []
    if reply.archive_file is None:
        return [(reply.file_name, reply.file)]
    answered = reply.answers
    with override(reply.language or (answered and answered.language) or "fr"):
        original = _("original")
    named = f"{original} - {reply.file_name}"
    if signature_is_due(reply):
        return [(named, reply.file)]
    return [(archival_name(reply), reply.archive_file), (named, reply.file)]


def channel_of(method: str) -> str:
    """Return the register's channel for a delivery method; the counter while none is known."""
    return _CHANNELS.get(Dispatch.Method(method), Channel.POST) if method else Channel.COUNTER


def outgoing_data(reply: Reply, *, method: str, address: str) -> LetterData:
    internal = reply.direction == Reply.Direction.INTERNAL
    channel = Channel.INTERNAL if internal else channel_of(method)
    letter = reply.answers
    language = reply.language or detect_language(reply.body) or (letter and letter.language) or "fr"
    level = letter.confidentiality if letter else Level.ORDINARY
    numbers = ", ".join(one.number for one in answered_by(reply))
    to = parties_of(reply, language=language, email=address if method == "email" else "")
    unit = str(getattr(reply.department, f"name_{language}"))
    sender = PartyData("sender", name=unit, organisation=name_on(language=language))
    return LetterData(
        channel=channel,
        register=INTERNAL if internal else OUTGOING,
        subject=reply.subject,
        parties=[sender, *to],
        document_date=timezone.localdate(),
        external_reference=numbers[:120],
        confidentiality=max(level, reply.confidentiality),
        language=language,
        department=reply.department,
        notes={"answers": numbers} if numbers else {},
    )


def same_readers(reply: Reply, outgoing: Letter) -> list[Model]:
    """Give read access to the outgoing letter; return the rows written.

    Its readers are the departments that read the letters answered, the author's own, and those who
    gave a visa or signed.
    """
    whole = DepartmentReader.objects.filter(department__isnull=False, heads=False)
    readers = whole.filter(letter__in=answered_by(reply), active=True)
    ids = {*readers.values_list("department_id", flat=True)} or {reply.department_id}
    present = whole.filter(letter=outgoing).values_list("department", flat=True)
    rows: list[Model] = [
        DepartmentReader.objects.create(letter=outgoing, department_id=department_id)
        for department_id in sorted(ids.difference(present))
    ]
    return rows + keep_reader_access(reply, outgoing)


def grant_reader_access(letter: Letter, step: ReplyStep) -> list[Model]:
    """Address the letter to those to whom the step falls outside the reply's department.

    Return the rows that were written.
    """
    rows: list[Model] = []
    for to in _addressed(step):
        reader, created = DepartmentReader.objects.get_or_create(letter=letter, **to)
        if not created and not reader.active:
            reader.active = True
            reader.save(update_fields=["active"])
        rows.append(reader)
    return rows


def revoke_reader_access(letter: Letter, steps: Iterable[ReplyStep]) -> list[Model]:
    """End the read access of people to whom these steps fell and who have not acted.

    They keep it where another step of a reply to the letter falls or fell to them. Return the rows
    that were written.
    """
    answers = ReplyStep.objects.filter(reply__letter=letter, state__in=READING)
    kept = [to for step in answers for to in _addressed(step)]
    rows: list[Model] = []
    for to in (to for step in steps for to in _addressed(step) if to not in kept):
        for reader in DepartmentReader.objects.filter(letter=letter, active=True, **to):
            reader.active = False
            reader.save(update_fields=["active"])
            rows.append(reader)
    return rows


def keep_reader_access(reply: Reply, outgoing: Letter) -> list[Model]:
    """Keep read access for those who released it in its last round; return the rows written."""
    done = ReplyStep.objects.filter(reply=reply, state=StepState.DONE)
    done = done.filter(round=done.aggregate(last=Max("round"))["last"])
    return [row for step in done for row in grant_reader_access(outgoing, step)]


def _addressed(step: ReplyStep) -> list[dict[str, Any]]:
    if step.who == Who.PERSON:
        return [{"person_id": step.person_id}]
    if step.who == Who.HEAD_OF:
        return [{"department_id": step.department_id, "heads": True}]
    if step.who == Who.HEAD:
        return []
    # A director reads every letter; who stands in for them, only what they are asked.
    return [{"directors": True}]
