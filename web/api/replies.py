"""Replies to letters over the API: draft, edit, submit, give a visa or return, sign, send."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from correspondence.acting.rights import step_rows
from correspondence.answers import several
from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.archival_form import choose_archival_form
from correspondence.replies.choosing import circuits_for
from correspondence.replies.drafting import department_of
from org.models import User
from registry.intake import IncomingFile
from registry.models.letters import Letter
from routing.acting import errors
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.api.templates import begun_from
from web.api.view import get_or_404


def draft(
    letter: Letter, *, actor: User, template: int | None, pk: UUID | None, **given: Any
) -> Reply:
    """Begin a reply; a template gives text or file where no text is sent."""
    words = _written(given)
    if template is not None:
        unit = department_of(need(actor, letter, LetterVerb.DRAFT_REPLY).mine)
        words = begun_from(template, words, actor=actor, department=unit, letter=letter)
    row = drafting.draft_reply(letter, actor=actor, pk=pk, **words)
    rows = with_steps(Reply.objects.select_related("author", "outgoing"))
    return get_or_404(rows.filter(pk=row.pk))


def with_steps(rows: "QuerySet[Reply]") -> "QuerySet[Reply]":
    """Return replies with their steps, in one query more."""
    return rows.prefetch_related(Prefetch("steps", step_rows()))


def edit(row: Reply, *, actor: User, **given: Any) -> Reply:
    """Change a draft, and its file where one is sent."""
    return drafting.edit_reply(row, actor=actor, **_written(given))


def _written(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "file": sent_file(given["file"])}


def sent_file(file: Any) -> IncomingFile | None:
    """Return a file of a form as the register takes it."""
    return IncomingFile(file.name or "", file.file or file) if file else None


def choose(row: Reply, *, actor: User, lasting: str) -> Reply:
    """Choose how the draft goes on."""
    return choose_archival_form(row, actor=actor, way=lasting)


def submit(row: Reply, *, actor: User, circuit: int | None) -> Reply:
    """Submit a draft by the circuit of this id. Raise NotAllowedError where it does not fit."""
    fitting = circuits_for(row.department, row.letter) if circuit else []
    found = next((one for one in fitting if one.pk == circuit), None)
    if circuit and found is None:
        raise errors.NotAllowedError(_("This circuit is not for replies of this kind."))
    return replies_circuit.submit_reply(row, actor=actor, circuit=found)


def visa(row: Reply, *, actor: User, step: UUID | None) -> Reply:
    """Give a visa at the step, or at the first that is the actor's."""
    return replies_circuit.approve_reply(row, actor=actor, step_id=step)


def sign(row: Reply, *, actor: User, step: UUID | None) -> Letter:
    """Sign at the step, or at the first that is the actor's."""
    return replies_circuit.sign_reply(row, actor=actor, step_id=step)


def send_back(row: Reply, *, actor: User, remark: str, step: UUID | None) -> Reply:
    """Return the draft to its author."""
    return replies_circuit.return_reply(row, actor=actor, remark=remark, step_id=step)


def answer_too(row: Reply, *, actor: User, letters: list[UUID]) -> Reply:
    """Set the further letters. Raise ValidationError for one that the actor may not read."""
    wanted = set(letters)
    found = list(Letter.objects.visible_to(actor).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise ValidationError({"letters": [_("There is no such letter.")]})
    several.answer_too(row, letters=found, actor=actor)
    return row
