"""Opening of a request: the letter is registered first, and the request with it or not at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

from django.db.models import Model
from django.utils import timezone

from correspondence.dispatch.sender_messages import chosen, notify_sender
from correspondence.dispatch.sender_words import About
from eservices.catalogue.conditions import holds, shown_fields
from eservices.catalogue.definition import Definition, Field
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.people.mandates import note_used
from eservices.people.models import Mandate, Person
from eservices.requests import clocks, drawing
from eservices.requests.access import centre
from eservices.requests.destination import department_for, kind_for
from eservices.requests.family import join
from eservices.requests.models import Request
from eservices.requests.opened import Opening, run_after_opening
from jobs.outbox import enqueue
from language.lines import one_line
from language.reach import email_key, phone_key
from org.models import User
from registry import tracking
from registry.changes import record_change
from registry.deposit_keys import stored_key
from registry.intake import IncomingFile, LetterData, PartyData, receive_letter
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.refusals import OtherContentError
from routing.acting.errors import NotAllowedError
from routing.assigning.giving import give
from routing.assigning.readers import grant_read_access

_LONGEST_DETAIL: Final = 80


@dataclass(frozen=True, slots=True)
class PieceFile:
    """A file that belongs to a piece of the type ("" for one that belongs to none)."""

    piece: str
    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Opened:
    """The request, the citizen's code of its letter, and whether this call opened it."""

    request: Request
    tracking_code: str
    created: bool


@dataclass(frozen=True, slots=True)
class OpeningData:
    """The data of a new request: the service's version, the checked answers, and the requester."""

    version: ServiceTypeVersion
    answers: Mapping[str, Any]
    language: str
    channel: str
    contact: PartyData
    actor: User | None = None
    person: Person | None = None
    mandate: Mandate | None = None
    on_behalf_of: Person | None = None
    parent: Request | None = None
    trade: str = ""

    @property
    def definition(self) -> Definition:
        """What the version says."""
        return definition_of(self.version)


def open_request(
    given: OpeningData,
    *,
    files: Sequence[PieceFile] = (),
    deposit_key: str = "",
    notes: Mapping[str, Any] | None = None,
) -> Opened:
    """Register the letter and open the request in the same transaction; answers are checked before.

    `notes` go into the event of the registration; without them the contact's mail address, else
    their telephone, is notified of what happens. The same `deposit_key` of an actor gives the first
    request. Raise DepositRefusedError with every reason, and OtherContentError where the key came
    with other answers; then nothing was registered.
    """
    asked = replace(
        given,
        answers=dict(given.answers),
        language=given.language[:2],
        contact=replace(given.contact, role="sender"),
    )
    key = f"request:{deposit_key}" if deposit_key else ""
    return _registered(asked, files, key=key, notes=notes)


def _registered(
    asked: OpeningData, files: Sequence[PieceFile], *, key: str, notes: Mapping[str, Any] | None
) -> Opened:
    if key and (earlier := _earlier(asked, key)):
        return earlier
    made: list[Request] = []
    received = receive_letter(
        _letter_data(asked, notes),
        actor=asked.actor,
        files=[*_papers(asked, files), *_pieces(asked, files)],
        deposit_key=key,
        key_says_all=True,  # the papers are drawn anew each time: the answers are compared above
        then=lambda letter: made.append(_open(asked, letter)),
    )
    if not received.created:  # another process was faster with the same key
        return _again(asked, received.letter)
    return Opened(made[0], received.tracking_code, created=True)


def _earlier(asked: OpeningData, key: str) -> Opened | None:
    """Return what was opened with this key. Raise OtherContentError for other answers."""
    letter = Letter.objects.filter(deposit_key=stored_key(asked.actor, key)).first()
    return _again(asked, letter) if letter else None


def _again(asked: OpeningData, letter: Letter) -> Opened:
    request = Request.objects.select_related("letter", "version", "service").get(letter=letter)
    same = request.version.service_id == asked.version.service_id
    if not same or request.answers != json.loads(json.dumps(dict(asked.answers))):
        raise OtherContentError(letter.number)
    return Opened(request, tracking.code_of(letter.pk), created=False)


def _letter_data(asked: OpeningData, notes: Mapping[str, Any] | None) -> LetterData:
    contact = asked.contact
    if notes is None:
        phone = "" if contact.email else contact.phone
        notes = chosen(email=contact.email, phone=phone, language=asked.language)
    parties = [contact]
    if asked.on_behalf_of:
        parties.append(PartyData("behalf", name=asked.on_behalf_of.name))
    return LetterData(
        channel=asked.channel,
        register=asked.definition.register,
        subject=_subject(asked),
        kind=kind_for(asked.definition),
        parties=parties,
        language=asked.language,
        department=department_for(asked.definition, asked.answers, trade=asked.trade),
        notes={**notes, "service": asked.definition.code},
    )


def _subject(asked: OpeningData) -> str:
    """Return the service's title and the request's most distinctive answer, in its language."""
    title = asked.definition.title.in_(asked.language)
    if asked.parent:
        return one_line(f"{title} – {asked.parent.letter.number}", 500)
    for field in shown_fields(asked.definition, asked.answers):
        if field.type == "choice" and (words := _chosen_words(field, asked)):
            return one_line(f"{title} – {words}", 500)
    return one_line(title, 500)


def _chosen_words(field: Field, asked: OpeningData) -> str:
    given = asked.answers.get(field.code)
    labels = (o.label.in_(asked.language) for o in field.options if o.value == given)
    return next(labels, "")[:_LONGEST_DETAIL]


def _papers(asked: OpeningData, files: Sequence[PieceFile]) -> list[IncomingFile]:
    """Return the answers as a paper that people read, and as one that machines read."""
    pieces = [(one.piece, one.name) for one in files if one.piece]
    return drawing.papers(
        asked.version,
        asked.definition,
        asked.answers,
        language=asked.language,
        contact=asked.contact,
        pieces=pieces,
    )


def _pieces(asked: OpeningData, files: Sequence[PieceFile]) -> list[IncomingFile]:
    """Return the files, each under the name of the piece that it is."""
    titles = {piece.code: piece.title.in_(asked.language) for piece in asked.definition.pieces}
    return [
        IncomingFile(f"{titles[one.piece]} – {one.name}", one.stream)
        if one.piece in titles
        else IncomingFile(one.name, one.stream)
        for one in files
    ]


def _open(asked: OpeningData, letter: Letter) -> Request:
    """Write the request, its event, its term and its assignment, with the registration."""
    request = _row(asked, letter)
    request.save(force_insert=True)
    stage = asked.definition.first
    record_change(
        letter,
        EserviceEvent.REQUEST_OPENED,
        actor=asked.actor,
        data={
            "service": asked.definition.code,
            "version": asked.version.version,
            "to": stage.code,
            "parent": asked.parent.letter.number if asked.parent else "",
        },
        rows=_let_centre_read(asked, letter),
        changes=clocks.legal_due(letter, asked.definition),
        visibility=LetterEvent.Visibility.CITIZEN,
    )
    join(request, actor=asked.actor)
    _route(asked, letter)
    drawing.queue_missing_paper(request)
    if request.dangerous:
        enqueue(EserviceJob.DANGER_ALARM, f"request:{request.pk}")
    if asked.parent is None:
        notify_sender(letter, About.DEPOSIT)
    if asked.mandate is not None:
        note_used(asked.mandate, service=asked.definition.code, letter=letter.number)
    contact = asked.contact.email or asked.contact.phone
    run_after_opening(Opening(request, asked.definition.code, asked.channel, contact))
    return request


def _let_centre_read(asked: OpeningData, letter: Letter) -> list[Model]:
    """Let the customer-relations centre read a request about which somebody may call it."""
    unit = centre() if "phone" in asked.definition.channels else None
    return grant_read_access(letter, unit) if unit else []


def _row(asked: OpeningData, letter: Letter) -> Request:
    stage, now = asked.definition.first, timezone.now()
    danger = asked.definition.danger
    return Request(
        letter=letter,
        service_id=asked.version.service_id,
        version=asked.version,
        answers=asked.answers,
        language=asked.language,
        person=asked.person,
        on_behalf_of=asked.on_behalf_of,
        mandate=asked.mandate,
        contract_number=_contract(asked),
        phone_key=phone_key(asked.contact.phone)[:40],
        email_key=email_key(asked.contact.email)[:254],
        stage=stage.code,
        stage_kind=stage.kind,
        stage_since=now,
        stage_due_on=clocks.stage_due(stage),
        parent=asked.parent,
        trade=asked.trade,
        opened_by=asked.actor,
        dangerous=danger is not None and holds(danger, asked.answers),
        opened_at=now,
    )


def _contract(asked: OpeningData) -> str:
    return contract_in(asked.definition, asked.answers)


def contract_in(definition: Definition, answers: Mapping[str, Any]) -> str:
    """Return the number of the contract that answers name, "" for none."""
    fields = shown_fields(definition, answers)
    given = (str(answers.get(one.code) or "") for one in fields if one.type == "contract")
    return one_line(next(filter(None, given), ""), 40)


def _route(asked: OpeningData, letter: Letter) -> None:
    """Give the letter at once to the department that the type names; else rules and tray decide."""
    department = department_for(asked.definition, asked.answers, trade=asked.trade)
    if department is None:
        return
    data = {"service": asked.definition.code, "automatic": True}
    try:
        give(letter, department=department, actor=asked.actor, data=data)
    except NotAllowedError:  # closed meanwhile: the letter waits in the tray
        return
