"""The outgoing letter that a reply becomes: what the register is told of it, and who reads it."""

from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from language.detect import detect_language
from org.models import User
from registry.intake import IncomingFile, LetterData, PartyData, receive_letter
from registry.models import Channel, DepartmentReader, Letter, Party
from registry.vault import get_vault
from routing.models import Dispatch, Reply

OUTGOING = "OUT"
_CHANNELS = {
    Dispatch.Method.EMAIL: Channel.EMAIL,
    Dispatch.Method.HANDED_OVER: Channel.COUNTER,
    Dispatch.Method.PORTAL: Channel.PORTAL,
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

    Without a method (a reply that is signed now and leaves later) the way out is not known yet.
    Raises what `receive_letter` and `then` raise; then no number was taken.
    """
    with ExitStack() as opened:
        files = []
        if reply.file:
            stream = opened.enter_context(get_vault().open(reply.file.sha256))
            files.append(IncomingFile(reply.file_name, stream))
        received = receive_letter(
            outgoing_data(reply, method=method, address=address),
            actor=actor,
            files=files,
            message=reply.body,
            then=then,
        )
    return received.letter


def channel_of(method: str) -> str:
    """The channel of the register for a way out; the counter while none is known."""
    return _CHANNELS.get(Dispatch.Method(method), Channel.POST) if method else Channel.COUNTER


def outgoing_data(reply: Reply, *, method: str, address: str) -> LetterData:
    letter = reply.letter
    language = detect_language(reply.body) or letter.language or "fr"
    return LetterData(
        channel=channel_of(method),
        register=OUTGOING,
        subject=reply.subject,
        parties=_parties(reply, language=language, email=address if method == "email" else ""),
        document_date=timezone.localdate(),
        external_reference=letter.number,
        confidentiality=letter.confidentiality,
        language=language,
        department=reply.department,
        notes={"answers": letter.number},
    )


def _parties(reply: Reply, *, language: str, email: str) -> list[PartyData]:
    unit = str(getattr(reply.department, f"name_{language}"))
    parties = [PartyData("sender", name=unit, organisation=settings.ORGANISATION_NAME)]
    if asked := reply.letter.sender:
        parties.append(
            PartyData(
                Party.Role.RECIPIENT,
                name=asked.name,
                organisation=asked.organisation,
                address=asked.address,
                email=email or asked.email,
                phone=asked.phone,
            )
        )
    return parties


def same_readers(letter: Letter, outgoing: Letter) -> list[Model]:
    """The departments that read the incoming letter read its answer; the rows written."""
    readers = DepartmentReader.objects.filter(letter=letter, active=True)
    present = DepartmentReader.objects.filter(letter=outgoing).values("department")
    return [
        DepartmentReader.objects.create(letter=outgoing, department_id=reader.department_id)
        for reader in readers.exclude(department__in=present)
    ]
