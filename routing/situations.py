"""A person before a letter: what is read once, on which every right about it hangs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, prefetch_related_objects

from org.models import User
from org.people import Standing, standing_of
from registry.models import Letter, Register
from registry.states import Stage
from routing.circuits.models import OPEN_STEPS, Act, ReplyStep
from routing.circuits.turns import (
    UNDER_WAY,
    hands_of,
    round_of,
    step_rows,
    theirs,
    turns,
)
from routing.models import Assignment, Reply
from routing.states import LIVE, AssignmentState

ROUTED = (Register.Direction.INCOMING, Register.Direction.INTERNAL)
Viewer = User | AnonymousUser
VERBS_OF: dict[str, set[str]] = {
    Act.VISA: {"approve_reply", "return_reply"},
    Act.SIGNATURE: {"sign_reply", "return_reply"},
}


@dataclass(frozen=True, slots=True)
class Situation:
    """A person before a letter: what was read once to answer every question about rights."""

    standing: Standing
    letter: Letter
    assignments: tuple[Assignment, ...]
    replies: tuple[Reply, ...]
    hands: Callable[[], tuple[Standing, ...]]  # in which they act: asked only where it matters
    alone: bool = False

    @property
    def mine(self) -> tuple[Assignment, ...]:
        """Live assignments of the person's departments."""
        codes = self.standing.departments
        return tuple(a for a in self.assignments if a.state in LIVE and a.department.code in codes)

    @property
    def in_hand(self) -> tuple[Assignment, ...]:
        """Those of them that are for action and were accepted."""
        accepted = AssignmentState.ACCEPTED
        return tuple(a for a in self.mine if a.role == "action" and a.state == accepted)

    @property
    def routed(self) -> bool:
        """Whether this is a letter that departments answer (not one that goes out), or `alone`: a
        draft that answers none."""
        if self.letter.stage == Stage.VOIDED:
            return False
        return self.alone or self.letter.register.direction in ROUTED

    @property
    def may_route(self) -> bool:
        """The office, and the director."""
        return self.standing.is_office or self.standing.duty == User.Duty.DIRECTOR

    def belongs_to(self, reply: Reply) -> bool:
        """Whether the reply was drafted in one of the person's departments."""
        return reply.department.code in self.standing.departments

    def turns(self, reply: Reply) -> list[ReplyStep]:
        """The steps of the reply that are the person's to do now, in their name or another's."""
        if reply.state not in UNDER_WAY:
            return []
        return [step for step, _hand in turns(reply, self.hands())]

    def is_asked(self, reply: Reply) -> bool:
        """Whether a step of the reply's present round falls to the person, done or not."""
        return bool(theirs(round_of(reply), self.hands()))

    def has_passed(self, reply: Reply, verb: str) -> bool:
        """Whether a step to which the verb belongs fell to the person, and is done."""
        done = [s for s in round_of(reply) if s.state not in OPEN_STEPS]
        return bool(theirs((s for s in done if VERBS_OF[s.act] & {verb}), self.hands()))

    def behalf(self, allowed: "Callable[[Situation], bool]", code: str = "") -> dict[str, int]:
        """What an event says of whom the person acts for: {} by a right of their own, else
        {"for": user id} of the absent person by whose role it is, in the department `code` where
        one is named."""
        if allowed(replace(self, standing=self.standing.own)):
            return {}
        codes = [code] if code else [a.department.code for a in self.mine]
        return next(
            ({"for": lent.person_id} for c in codes if (lent := self.standing.lent.get(c))), {}
        )


def situation_of(viewer: Viewer, letter: Letter) -> Situation | None:
    """What the rights of this person hang on; None where they may not even read the letter."""
    if not Letter.objects.visible_to(viewer).filter(pk=letter.pk).exists():
        return None
    if not isinstance(viewer, User):
        return None
    standing = standing_of(viewer)
    replies = tuple(Reply.objects.filter(letter=letter).select_related("department"))
    under_way = [reply for reply in replies if reply.state in UNDER_WAY]
    prefetch_related_objects(under_way, Prefetch("steps", step_rows()))
    return Situation(
        standing=standing,
        letter=letter,
        assignments=tuple(Assignment.objects.filter(letter=letter).select_related("department")),
        replies=replies,
        hands=cache(partial(hands_of, viewer, standing)),
    )


def situation_before(viewer: Viewer, reply: Reply) -> Situation | None:
    """What the rights on a reply hang on: those on the letter that it answers; where it answers
    none, whether its department is theirs, or every letter of its level, or a step of its."""
    if (letter := reply.answers) is not None:
        return situation_of(viewer, letter)
    if not isinstance(viewer, User):
        return None
    standing = standing_of(viewer)
    level = standing.department_level(reply.department.code)
    hands = cache(partial(hands_of, viewer, standing))
    if standing.reads_all:
        level = max(level, standing.clearance)
    elif theirs(round_of(reply), hands()):
        level = max(level, standing.highest_level)
    if level < reply.confidentiality:
        return None
    own = reply.letter or Letter(confidentiality=reply.confidentiality)
    return Situation(standing, own, assignments=(), replies=(reply,), hands=hands, alone=True)
