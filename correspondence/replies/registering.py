"""The outgoing letter that a reply becomes: its entry in the register, and its readers."""

from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.acting.turns import signature_is_due
from correspondence.answers.addressees import parties_of
from correspondence.answers.several import answered_by
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies.lasting import lasting_name
from correspondence.replies.readers import keep_reader_access
from language.detect import detect_language
from org.models import Level, User
from registry.files.vault import get_vault
from registry.intake import IncomingFile, LetterData, PartyData, receive_letter
from registry.models.files import StoredFile
from registry.models.letters import Channel, Letter
from registry.models.readers import DepartmentReader

OUTGOING, INTERNAL = "OUT", "INT"
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
    actor: User,
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
        named = f"{_('original')} - {reply.file_name}"
    if signature_is_due(reply):
        return [(named, reply.file)]
    return [(lasting_name(reply), reply.archive_file), (named, reply.file)]


def channel_of(method: str) -> str:
    """Return the register's channel for a delivery method; the counter while none is known."""
    return _CHANNELS.get(Dispatch.Method(method), Channel.POST) if method else Channel.COUNTER


def outgoing_data(reply: Reply, *, method: str, address: str) -> LetterData:
    letter, internal = reply.answers, reply.direction == Reply.Direction.INTERNAL
    language = reply.language or detect_language(reply.body) or (letter and letter.language) or "fr"
    level = letter.confidentiality if letter else Level.ORDINARY
    numbers = [one.number for one in answered_by(reply)]
    return LetterData(
        channel=Channel.INTERNAL if internal else channel_of(method),
        register=INTERNAL if internal else OUTGOING,
        subject=reply.subject,
        parties=_parties(reply, language=language, email=address if method == "email" else ""),
        document_date=timezone.localdate(),
        external_reference=", ".join(numbers)[:120],
        confidentiality=max(level, reply.confidentiality),
        language=language,
        department=reply.department,
        notes={"answers": ", ".join(numbers)} if numbers else {},
    )


def _parties(reply: Reply, *, language: str, email: str) -> list[PartyData]:
    unit = str(getattr(reply.department, f"name_{language}"))
    sender = PartyData("sender", name=unit, organisation=settings.ORGANISATION_NAME)
    return [sender, *parties_of(reply, language=language, email=email)]


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
