"""Several visas given at once, with the outcome of each. A signature is never one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from correspondence.acting.waiting_steps import asked_of
from correspondence.models.steps import Act, ReplyStep
from correspondence.replies.circuit import approve_reply
from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class VisaOutcome:
    """The result for one step; `reason` is empty where the visa is given."""

    step: ReplyStep
    reason: str = ""


def give_visas(step_ids: Collection[UUID], *, actor: User) -> list[VisaOutcome]:
    """Give the visas of these steps, each in its own savepoint: a refusal stops no other one.

    Steps that never fell to the actor are left out. Raise NotAllowedError for none, or for more
    than 100.
    """
    if not 1 <= len(step_ids) <= MOST:
        raise NotAllowedError(_("Choose from one to 100 letters."))
    return [_one(step, actor=actor) for step in asked_of(actor, step_ids)]


def _one(step: ReplyStep, *, actor: User) -> VisaOutcome:
    if step.act != Act.VISA:
        return VisaOutcome(step, _("A signature is given one by one, on the letter itself."))
    try:
        with transaction.atomic():
            approve_reply(step.reply, actor=actor, step_id=step.pk)
    except NotAllowedError as error:
        return VisaOutcome(step, str(error))
    except ConflictError:
        return VisaOutcome(step, _("Someone was faster: the letter has moved on."))
    return VisaOutcome(step)
