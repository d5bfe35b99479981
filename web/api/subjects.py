"""What the verbs of the API act on: found for those who may read it, and shown afterwards."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from correspondence.drafts.reading import drafts_read_by, mailings_of
from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from identity.events import record_reading
from org.models import User
from registry.access import get_letter, reads_letter
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from routing.models.assignments import Assignment
from routing.models.notes import Note
from routing.models.opinions import Opinion
from routing.notes.seeing import notes_seen_by
from web.api import answers
from web.api import letter_parts as parts
from web.api.agency import dues_of, found_charge
from web.api.agency_shapes import DuesOut
from web.api.clocks import ClockOut
from web.api.custody import CustodyOut, custody_of
from web.api.draft_shapes import MailingOut
from web.api.eservice_requests import found_request
from web.api.giving import GivenOut
from web.api.notes import NoteOut
from web.api.opinions import OpinionOut, OpinionsOut, opinions_on
from web.api.outgoing_shapes import DispatchOut
from web.api.reading_shapes import WholeReadingOut
from web.api.readings import found_reading, reading_anew
from web.api.replies import with_steps
from web.api.reply_shapes import ReplyOut
from web.api.same import related
from web.api.shape import Shape
from web.api.table import Subject
from web.api.view import get_or_404
from web.shared.reading import note_reading

LETTER_ADDRESS: Final = "v1/letters/<uuid:letter_id>"
_OF_DISPATCH: Final = ("letter", "reply__letter", "reply__department", "posting_line__posting_list")


def _letter(shape: type[Shape], again: Any = None) -> Subject:
    return Subject(LETTER_ADDRESS, get_letter, shape, again)


def _letter_anew(viewer: User, letter: Letter) -> Letter:
    return get_letter(viewer, letter.pk)


def _assignment(actor: User, assignment_id: UUID) -> Assignment:
    rows = Assignment.objects.select_related("letter__register", "department", "person")
    return get_or_404(rows.filter(reads_letter(actor), pk=assignment_id))


def _opinion(actor: User, opinion_id: UUID) -> Opinion:
    rows = Opinion.objects.select_related("letter__register", "department", "person", "asked_for")
    return get_or_404(rows.filter(reads_letter(actor), pk=opinion_id))


def _void(actor: User, void_id: UUID) -> VoidRequest:
    rows = VoidRequest.objects.select_related("letter__register", "asked_by", "decided_by")
    return get_or_404(rows.filter(reads_letter(actor), pk=void_id))


def _note(actor: User, note_id: UUID) -> Note:
    return get_or_404(notes_seen_by(actor).select_related("letter").filter(pk=note_id))


def _opinion_read(viewer: User, opinion_id: UUID) -> Opinion:
    opinion = _opinion(viewer, opinion_id)
    record_reading(person=viewer, letter_id=opinion.letter_id)
    return opinion


def _note_read(viewer: User, note_id: UUID) -> Note:
    note = _note(viewer, note_id)
    record_reading(person=viewer, letter_id=note.letter_id)
    return note


def _mailing(actor: User, mailing_id: UUID) -> Mailing:
    return get_or_404(mailings_of(actor).filter(pk=mailing_id))


def _itself(_viewer: User, row: Mailing) -> Mailing:
    return row


def _reply(actor: User, reply_id: UUID) -> Reply:
    rows = Reply.objects.select_related("letter__register", "department", "author", "outgoing")
    return get_or_404(rows.filter(pk__in=drafts_read_by(actor).filter(pk=reply_id)))


def _reply_read(viewer: User, reply_id: UUID) -> Reply:
    return note_reading(viewer, _reply(viewer, reply_id))


def _reply_anew(_viewer: User, reply: Reply) -> Reply:
    rows = Reply.objects.select_related("letter__register", "department", "author", "outgoing")
    return get_or_404(with_steps(rows).filter(pk=reply.pk))


def _dispatch(actor: User, dispatch_id: UUID) -> Dispatch:
    rows = Dispatch.objects.filter(reads_letter(actor))
    return get_or_404(rows.select_related(*_OF_DISPATCH).filter(pk=dispatch_id))


def _dispatch_anew(viewer: User, dispatch: Dispatch) -> Dispatch:
    return _dispatch(viewer, dispatch.pk)


LETTER: Final = _letter(answers.LetterOut, _letter_anew)
CLOCK: Final = _letter(ClockOut, _letter_anew)
TO_ASSIGN: Final = _letter(parts.AssignmentOut)
TO_SEVERAL: Final = _letter(GivenOut)
TO_VOID: Final = _letter(parts.VoidRequestOut)
OUTCOME: Final = _letter(parts.OutcomeOut)
RELATED: Final = _letter(parts.SameListOut, related)
PAPER: Final = _letter(CustodyOut, custody_of)
OPINIONS: Final = _letter(OpinionsOut, opinions_on)
NOTES: Final = _letter(NoteOut)
REPLIES: Final = _letter(ReplyOut)
ASSIGNMENT: Final = Subject("v1/assignments/<uuid:assignment_id>", _assignment, parts.AssignmentOut)
OPINION: Final = Subject("v1/opinions/<uuid:opinion_id>", _opinion, OpinionOut)
OPINION_READ: Final = replace(OPINION, find=_opinion_read)
VOID: Final = Subject("v1/void-requests/<uuid:void_id>", _void, parts.VoidRequestOut)
NOTE: Final = Subject("v1/notes/<uuid:note_id>", _note, NoteOut)
NOTE_READ: Final = replace(NOTE, find=_note_read)
NO_NOTE: Final = replace(NOTE, shape=None)
MAILING: Final = Subject("v1/mailings/<uuid:mailing_id>", _mailing, MailingOut, _itself)
REPLY: Final = Subject("v1/replies/<uuid:reply_id>", _reply, ReplyOut, _reply_anew)
REPLY_READ: Final = replace(REPLY, find=_reply_read)
DRAFT: Final = replace(REPLY, again=None)
DISPATCH: Final = Subject("v1/outgoing/<uuid:dispatch_id>", _dispatch, DispatchOut, _dispatch_anew)
READING: Final = Subject(
    "v1/readings/<uuid:reading_id>", found_reading, WholeReadingOut, reading_anew
)
REQUEST_DUES: Final = Subject("v1/requests/<uuid:request_id>", found_request, DuesOut, dues_of)
CHARGE: Final = Subject("v1/requests/<uuid:request_id>/charges/<int:charge_id>", found_charge, None)
