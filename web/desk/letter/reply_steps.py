"""A reply's steps in words: what is done, by whom, for whom, when, and what comes next."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from routing.circuits.models import Act, ReplyStep, SignatureLevel, Who
from routing.circuits.turns import round_of
from routing.models import Reply
from routing.states import ReplyState

MARKS = {"done": "done", "due": "now", "returned": "bad"}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as pages show it; `mine` where it is this person's to do now."""

    row: ReplyStep
    who: str
    mark: str
    level: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The present round of a reply, the rounds before it, and the step that is the viewer's now."""

    steps: list[ShownStep]
    earlier: list[ShownStep]
    signed: bool
    waits_for_paper: bool
    turn: ReplyStep | None


def walk_of(reply: Reply, turns: list[ReplyStep]) -> Walk:
    """The walk of a reply whose steps are prefetched; `turns` are the viewer's own now."""
    now = round_of(reply)
    rows = [row for row in reply.steps.all() if now and row.round < now[0].round]
    own = {step.pk for step in turns} if turns else set()
    return Walk(
        steps=[_shown(step, mine=step.pk in own) for step in now],
        earlier=[_shown(step) for step in rows],
        signed=any(step.act == Act.SIGNATURE for step in now),
        turn=turns[0] if turns else None,
        waits_for_paper=reply.state == ReplyState.SIGNED and not reply.signed_file_id,
    )


def _shown(step: ReplyStep, *, mine: bool = False) -> ShownStep:
    return ShownStep(
        row=step,
        who=who_words(step),
        mark=MARKS.get(step.state, ""),
        level=str(SignatureLevel(step.level).label) if step.level else "",
        mine=mine and not step._state.adding,
    )


def who_words(step: Any) -> str:
    """To whom a step (of a circuit or a reply) falls, in the language of the moment."""
    code = step.department.code if step.department else ""
    if step.who == Who.PERSON:
        return str(step.person.shown_name)
    if step.who == Who.DIRECTOR:
        return _("Director")
    if not code:
        return str(Who(step.who).label)
    if step.who == Who.HEAD_OR_DIRECTOR:
        return _("Head of %(department)s, or director") % {"department": code}
    return _("Head of %(department)s") % {"department": code}
