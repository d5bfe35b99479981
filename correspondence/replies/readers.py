"""Read access through a circuit: whoever is asked in a circuit reads the letter.

That is the person, the heads of a department, or the directors, and nobody else of it; while they
are asked, and after they have acted.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Model

from correspondence.models.replies import Reply
from correspondence.models.steps import OPEN_STEPS, ReplyStep, StepState, Who
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader

# Who was asked and has acted may look up what they did; whose turn never came may not.
READING = (*OPEN_STEPS, StepState.DONE, StepState.RETURNED)


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
    """End the read access of those who were asked by these steps and have not acted.

    They keep it where another step of a reply to the letter asks them or was theirs. Return the
    rows that were written.
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
