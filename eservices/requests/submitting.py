"""Requesting a service: answers, papers and requester checked together, then the request opened.

The way of the command, the API and the pages: `ask_service`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import chosen
from eservices.catalogue.answers import check_answers
from eservices.catalogue.conditions import shown_pieces
from eservices.catalogue.definition import Definition
from eservices.catalogue.publishing import Published, definition_of
from eservices.people.models import Mandate, Person
from eservices.phone_words import phone_problem
from eservices.requests.draft_files import judged
from eservices.requests.models import Request
from eservices.requests.opening import Opened, OpeningData, PieceFile, open_request
from language.lines import one_line
from language.reach import email_key
from org.models import User
from registry.intake import IncomingFile, PartyData
from registry.models.letters import Channel

CONTACT: Final = "contact"
ASKER: Final[tuple[str, ...]] = ("name", "organisation", "phone", "email", "address")
_LENGTHS: Final = {"name": 200, "organisation": 200, "phone": 40, "email": 254, "address": 400}


class AnswersRefusedError(Exception):
    """What is wrong with the answers, by field or piece, in words; nothing was registered."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Asker:
    """The requester, and what is wrong with what they gave of themselves, by field."""

    party: PartyData
    errors: dict[str, str]


def take_asker(
    definition: Definition, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers, and the requester's data, which may stand among them.

    As an object `contact`, or as name, e-mail and so on where the form has no such field.
    """
    fields = {one.code for one in definition.fields()}
    answers: dict[str, Any] = dict(given)
    asker: dict[str, Any] = {}
    inner = answers.pop(CONTACT, None) if CONTACT not in fields else None
    for name in ASKER:
        if name not in fields and name in answers:
            asker[name] = answers.pop(name)
    if isinstance(inner, Mapping):
        asker |= inner
    elif isinstance(inner, str):
        asker["email" if "@" in inner else "phone"] = inner
    elif inner is not None:
        asker[CONTACT] = inner
    return answers, asker


def check_asker(given: Mapping[str, Any], *, language: str, named: bool = False) -> Asker:
    """Return the requester, checked; `named`: a name must be given."""
    errors, texts = {}, {}
    with override(language):
        for name, value in given.items():
            if name not in ASKER or not isinstance(value, str | int):
                errors[str(name)[:40] or "-"] = _("There is no such field.")
                continue
            texts[name] = one_line(str(value).encode("utf-8", "replace").decode(), 1000)
            if len(texts[name]) > _LENGTHS[name]:
                errors[name] = _("This is too long.")
        if texts.get("email") and email_key(texts["email"]) != texts["email"].lower():
            errors["email"] = _("Give an e-mail address, such as name@example.ma.")
        if texts.get("phone") and (problem := phone_problem(texts["phone"])):
            errors["phone"] = problem
        if named and not texts.get("name"):
            errors["name"] = _("Give your name.")
    return Asker(PartyData("sender", **texts), errors)


@dataclass(frozen=True, slots=True)
class SubmissionData:
    """The data of a request for a service; `notify_by`: ways of notification, None the usual."""

    language: str
    channel: str = Channel.PORTAL
    actor: User | None = None
    person: Person | None = None
    mandate: Mandate | None = None
    deposit_key: str = ""
    notify_by: Sequence[str] | None = None


def ask_service(
    service: Published,
    given: Mapping[str, Any],
    *,
    asker: Asker,
    files: Sequence[PieceFile],
    how: SubmissionData,
) -> Opened:
    """Check everything and open the request.

    Raise AnswersRefusedError with all that is wrong, DepositRefusedError and OtherContentError as
    the registry does; then nothing was registered.
    """
    codes = {file.piece for file in files}
    checked = check_answers(service.definition, given, language=how.language, piece_codes=codes)
    errors = {**checked.errors, **asker.errors}
    errors = {**_file_errors(service.definition, files, how.language), **errors}
    if errors:
        raise AnswersRefusedError(errors)
    shown = {piece.code for piece in shown_pieces(service.definition, checked.values)}
    mandate = how.mandate
    return open_request(
        OpeningData(
            service.version,
            answers=checked.values,
            language=how.language,
            channel=how.channel,
            contact=asker.party,
            actor=how.actor,
            person=how.person,
            mandate=mandate,
            on_behalf_of=mandate.principal if mandate else None,
        ),
        files=[file for file in files if file.piece in shown],
        deposit_key=how.deposit_key,
        notes=_notes(asker.party, how),
    )


def _notes(party: PartyData, how: SubmissionData) -> dict[str, Any] | None:
    if how.notify_by is None:
        return None
    email = party.email if "email" in how.notify_by else ""
    phone = party.phone if "sms" in how.notify_by else ""
    return chosen(email=email, phone=phone, language=how.language)


def _file_errors(
    definition: Definition, files: Sequence[PieceFile], language: str
) -> dict[str, str]:
    pieces = {piece.code: piece for piece in definition.pieces}
    errors: dict[str, str] = {}
    counted: dict[str, int] = {}
    with override(language):
        for file in files:
            piece = pieces.get(file.piece)
            if piece is None:
                continue
            counted[piece.code] = counted.get(piece.code, 0) + 1
            refusal = judged(IncomingFile(file.name, file.stream), piece.accept)
            file.stream.seek(0)
            if refusal:
                errors[piece.code] = refusal.words()
            elif counted[piece.code] > 1 and not piece.several:
                errors[piece.code] = _("Send one file for this paper.")
    return errors


def key_for(name: str, service: Published, asker: Asker) -> str:
    """Return the key of a deposit that an unknown person names; two of them never share one."""
    party = asker.party
    text = "\0".join((service.definition.code, party.email, party.phone, party.name, name))
    return f"api:{hashlib.sha256(text.encode()).hexdigest()}"


def summary_of(opened: Opened) -> dict[str, Any]:
    """Return the summary of a request that was opened just now, as programs read it."""
    request = Request.objects.select_related("letter", "version").get(pk=opened.request.pk)
    due = request.letter.due_on or request.stage_due_on
    return {
        "number": request.letter.number,
        "tracking_code": opened.tracking_code,
        "stage": request.stage,
        "due_on": due.isoformat() if due else None,
        "waiting_for": waited_for(request) or None,
    }


def waited_for(request: Request, *, language: str = "") -> str:
    """Return what the office waits for from the citizen now, "" where it waits for nothing.

    In the request's language unless another is given.
    """
    stage = definition_of(request.version).stage(request.stage)
    wanted = language or request.language
    return stage.waits_for.in_(wanted) if stage.kind == "waiting_citizen" else ""


def remaining(request: Request, *, language: str = "") -> list[dict[str, str]]:
    """Return what remains to be done by the citizen: (kind, words) of payment, awaited, papers.

    In the request's language unless another is given.
    """
    definition, language = definition_of(request.version), language or request.language
    found = []
    if words := waited_for(request, language=language):
        found.append({"kind": "awaited", "words": words})
    if definition.fee and definition.fee.amount != 0:
        found.append({"kind": "payment", "words": definition.fee.words.in_(language)})
    return found
