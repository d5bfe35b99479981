"""Conversion of database rows to the plain values of web.api.answers."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from correspondence.acting.rights import actions_for
from correspondence.acting.turns import step_rows
from correspondence.answers.reading import replies_of
from correspondence.models.replies import Reply
from correspondence.replies.lasting import ways_on
from org.models import User
from registry.access import readable_among
from registry.doubles.same_mail import Near, near_to
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.models.voiding import VoidRequest
from routing.closing.outcomes import outcome_of
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from routing.models.suggestions import Suggestion
from web.api.reply_shapes import step

Plain = dict[str, Any]


def letter_row(letter: Letter) -> Plain:
    """Return a letter of a list (`for_lists`)."""
    sender = letter.sender
    return {
        "id": letter.pk,
        "number": letter.number,
        "register": letter.register.code,
        "subject": letter.subject,
        "sender": sender.shown_name if sender else "",
        "kind": letter.kind.code if letter.kind else None,
        "department": letter.department.code if letter.department else None,
        "channel": letter.channel,
        "stage": letter.stage,
        "language": letter.language,
        "confidentiality": letter.confidentiality,
        "received_at": letter.received_at,
        "registered_at": letter.registered_at,
        "due_on": letter.due_on,
    }


def letter_whole(letter: Letter, *, viewer: User) -> Plain:
    """Return a letter with everything that belongs to it, in a fixed number of queries."""
    assignments = letter.assignments.select_related("department", "person").order_by("assigned_at")
    replies = replies_of(letter)
    requests = letter.void_requests.select_related("asked_by", "decided_by").order_by("asked_at")
    return {
        **letter_row(letter),
        "document_date": letter.document_date,
        "external_reference": letter.external_reference,
        "due_explained": letter.due_explained,
        "version": letter.version,
        "parties": [_party(party) for party in letter.parties.all()],
        "documents": [document(row) for row in letter.documents.select_related("file")],
        "assignments": [assignment(row) for row in assignments],
        "suggestions": [suggestion(row) for row in letter.suggestions.filter(current=True)],
        "replies": _replies(list(replies.order_by("created_at")), viewer),
        "void_requests": [void_request(row) for row in requests],
        "same": [same(one) for one in near_to(letter, viewer)],
        "receipt": _receipt(letter.receipts.filter(kind=Receipt.Kind.REGISTRATION).first()),
        "outcome": outcome(outcome_of(letter)),
        "actions": sorted(actions_for(viewer, letter)),
    }


def _replies(rows: list[Reply], viewer: User) -> list[Plain]:
    """Return replies to a letter; their registered letters only for those who may read them."""
    opens = readable_among([row.outgoing_id for row in rows if row.outgoing_id], viewer)
    hidden: Plain = {"number": None, "outgoing": None}
    return [reply(row) | ({} if row.outgoing_id in opens else hidden) for row in rows]


def outcome(row: Outcome | None) -> Plain | None:
    """Return the outcome that stands."""
    if row is None:
        return None
    return {
        "outcome": row.value,
        "department": row.department.code if row.department else None,
        "reason": row.reason,
        "recorded_by": row.recorded_by.username,
        "recorded_at": row.recorded_at,
    }


def same(near: Near) -> Plain:
    """Return a letter related to another, as that other's reader sees it."""
    link = near.link
    return {
        "letter": near.other.pk,
        "number": near.other.number,
        "kind": near.kind,
        "later": near.later,
        "score": near.score,
        "reasons": list(near.reasons),
        "link": link.pk if link else None,
        "decided_by": link.made_by.username if link else None,
        "decided_at": link.made_at if link else None,
    }


def _party(party: Any) -> Plain:
    names = ("role", "name", "organisation", "address", "email", "phone")
    return {name: getattr(party, name) for name in names}


def _receipt(receipt: Receipt | None) -> Plain | None:
    if receipt is None:
        return None
    return {"issued_at": receipt.issued_at, "drawn": receipt.office_file_id is not None}


def document(row: Document) -> Plain:
    """Return a document with its file."""
    return {
        "id": row.pk,
        "position": row.position,
        "role": row.role,
        "title": row.title,
        "media_type": row.media_type,
        "size": row.file.size,
        "sha256": row.file.sha256,
        "problem": row.problem,
    }


def assignment(row: Assignment) -> Plain:
    """Return an assignment with its department and person."""
    return {
        "id": row.pk,
        "letter": row.letter_id,
        "department": row.department.code,
        "role": row.role,
        "state": row.state,
        "person": row.person.username if row.person else None,
        "due_on": row.due_on,
        "reason": row.reason,
        "method": row.method,
        "assigned_at": row.assigned_at,
        "decided_at": row.decided_at,
        "signed_off_at": row.signed_off_at,
    }


def suggestion(row: Suggestion) -> Plain:
    """Return a suggestion with its reasons."""
    names = ("field", "value", "score", "sure", "reasons", "source", "model_version", "decision")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def with_steps(rows: "QuerySet[Reply]") -> "QuerySet[Reply]":
    """Return replies with their steps, in one query more."""
    return rows.prefetch_related(Prefetch("steps", step_rows()))


def reply(row: Reply) -> Plain:
    """Return a reply (`with_steps`) with its author and, once it has one, its number."""
    return {
        "id": row.pk,
        "letter": row.letter_id,
        "state": row.state,
        "author": row.author.username,
        "subject": row.subject,
        "body": row.body,
        "file_name": row.file_name,
        "remark": row.remark,
        "number": row.outgoing.number if row.outgoing else None,
        "outgoing": row.outgoing_id,
        "signed_level": row.signed_level,
        "signed": row.signed_file_id is not None,
        "archive_level": row.archive_level,
        "archive_problem": row.archive_problem,
        "archive_ways": list(ways_on(row)),
        "steps": [step(one) for one in row.steps.all()],
    }


def void_request(row: VoidRequest) -> Plain:
    """Return a request to void, with both people."""
    return {
        "id": row.pk,
        "letter": row.letter_id,
        "reason": row.reason,
        "asked_by": row.asked_by.username,
        "asked_at": row.asked_at,
        "decision": row.decision,
        "decided_by": row.decided_by.username if row.decided_by else None,
        "decided_at": row.decided_at,
        "minute_number": row.minute_number,
    }


def event(row: LetterEvent) -> Plain:
    """Return an event with its actor's user name; None where the system acted."""
    names = ("seq", "at", "kind", "visibility", "data", "previous_hash", "hash")
    actor = row.actor.username if row.actor else None
    return {"actor": actor, **{name: getattr(row, name) for name in names}}
