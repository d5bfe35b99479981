"""The outgoing letter that a reply becomes: what the register is told of it, and who reads it."""

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from language.detect import detect_language
from org.models import User
from registry.intake import LetterData, PartyData
from registry.models import Channel, DepartmentReader, Letter, Party
from routing.models import Dispatch, Reply

OUTGOING = "OUT"
_CHANNELS = {
    Dispatch.Method.EMAIL: Channel.EMAIL,
    Dispatch.Method.HANDED_OVER: Channel.COUNTER,
    Dispatch.Method.PORTAL: Channel.PORTAL,
    Dispatch.Method.POST: Channel.POST,
    Dispatch.Method.REGISTERED: Channel.POST,
    Dispatch.Method.SMS: Channel.PORTAL,
}


def outgoing_data(reply: Reply, *, actor: User, method: str, address: str) -> LetterData:
    letter = reply.letter
    language = detect_language(reply.body) or letter.language or "fr"
    return LetterData(
        channel=_CHANNELS[Dispatch.Method(method)],
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
    """The departments that read the incoming letter read its answer."""
    readers = DepartmentReader.objects.filter(letter=letter, active=True)
    return [
        DepartmentReader.objects.create(letter=outgoing, department_id=reader.department_id)
        for reader in readers
    ]
