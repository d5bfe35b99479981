"""Internal letters: from department to department, in the inboxes as soon as they are sent."""

import io
from typing import Any

from django.db.models import Model

from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.drafts import Addressee
from correspondence.models.replies import Reply
from correspondence.replies.paper import draw_reply, file_paper, paper_of
from jobs.outbox import enqueue
from org.models import Department, User
from registry.changes import lock, move_stage, record_change
from registry.files.receiving import Stored
from registry.files.vault import store
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from registry.states import Stage
from routing.assigning.giving import give
from routing.models.assignments import Assignment
from routing.rules.deciding import Route, route_letter_work


def deliver_internally(reply: Reply, letter: Letter, *, actor: User | None) -> None:
    """Give a sent internal letter to its departments, in the transaction of its sending.

    Recipients get it for action, others as a copy; an answer is a copy for all, as it needs no
    action. A letter on which nobody acts is closed. Its author's department reads it too.
    """
    lock(letter)
    reader, _new = DepartmentReader.objects.get_or_create(
        letter=letter, department=reply.department, heads=False
    )
    rows: list[Model] = [reader]
    record_change(
        letter,
        OutgoingEvent.ADDRESSED,
        actor=actor,
        data={"department": reply.department.code},
        rows=rows,
        changes={"due_on": reply.answer_by} if reply.answer_by else {},
    )
    acts = False
    for to in reply.addressees.select_related("department"):
        action = to.role == Addressee.Role.RECIPIENT and reply.answers is None
        role = Assignment.Role.ACTION if action else Assignment.Role.COPY
        if to.department:
            give(letter, department=to.department, actor=actor, role=role)
            acts |= action
    if not acts:
        move_stage(letter, Stage.CLOSED, actor=actor, kind=RegistryEvent.CLOSED)
    if reply.file_id is None and not reply.signed_level:
        enqueue(OutgoingJob.REPLY_DRAW, letter.pk)


def asking_department(letter: Letter) -> Department | None:
    """Return the department that wrote an internal letter; None where the office registered it."""
    rows = Reply.objects.filter(outgoing=letter, direction=Reply.Direction.INTERNAL)
    reply = rows.select_related("department").first()
    return reply.department if reply else None


def route_work(letter_id: str, progress: Any) -> Route | None:
    """Decide where a letter goes (work of the job `letter.route`); None for one of our own.

    A signed internal letter has its number before it is sent; who gets it, its author has said.
    """
    letter = Letter.objects.get(pk=letter_id)
    return None if asking_department(letter) else route_letter_work(letter_id, progress)


def draw_work(letter_id: str, _progress: Any) -> Stored | None:
    """Draw the internal letter on paper, with its number (work of the job `reply.draw`)."""
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if paper_of(letter):
        return None
    reply = Reply.objects.select_related("department", "approved_by", "letter").get(outgoing=letter)
    return store(io.BytesIO(draw_reply(reply, letter)))


def save_drawn(letter_id: str, stored: Stored | None) -> None:
    """Save the paper as a document of the letter, once (save of the job `reply.draw`)."""
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    if stored is not None:
        file_paper(letter, stored)
