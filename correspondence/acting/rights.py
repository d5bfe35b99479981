"""Whose turn a reply is, and who may do what with it now, and with a letter and its replies."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial

from django.conf import settings
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from correspondence.acting.verbs import GIVEN_BY_OTHERS, UNTIL, VERBS_OF, WAY, ReplyVerb
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.models.steps import OPEN_STEPS, Act, ReplyStep, StepState, Who
from org.models import User
from org.people import Permissions, acting_identities, permissions_of
from registry.models.letters import Letter
from registry.states import ConflictError, Stage
from routing.acting.access import letter_verbs, refusal
from routing.acting.errors import NotAllowedError
from routing.acting.situations import ROUTED, Situation, Viewer, situation_of
from routing.acting.verbs import LetterVerb
from routing.models.assignments import Assignment

DIRECTOR = User.Duty.DIRECTOR
# From here on a step of the round may be due.
UNDER_WAY = (ReplyState.SUBMITTED, ReplyState.APPROVED)


def falls_to(step: ReplyStep, permissions: Permissions, *, code: str) -> bool:
    """Return whether the step falls to this person; `code` is that of the step's department."""
    if step.who == Who.PERSON:
        return step.person_id == permissions.user_id
    if permissions.duty == DIRECTOR and step.who in (Who.DIRECTOR, Who.HEAD_OR_DIRECTOR):
        return True
    return step.who != Who.DIRECTOR and permissions.departments.get(code) == "head"


def first_steps(reply: Reply) -> list[ReplyStep]:
    """Return the steps of an office without circuits: one visa, of the head or the director.

    They are not saved: for a submission, and for a reply submitted before there were circuits.
    """
    step = ReplyStep(reply=reply, round=1, position=1, rank=1, department=reply.department)
    step.act, step.who, step.state = Act.VISA, Who.HEAD_OR_DIRECTOR, StepState.DUE
    return [step]


def step_rows() -> "QuerySet[ReplyStep]":
    """Return steps with what is shown of each."""
    people = ("person", "done_by", "for_person", "department")
    return ReplyStep.objects.select_related(*people).order_by("round", "position")


def steps_of(reply: Reply) -> list[ReplyStep]:
    """Return all steps of a reply with their people, round by round, read from the database now."""
    return list(step_rows().filter(reply=reply))


def round_of(reply: Reply) -> list[ReplyStep]:
    """Return the steps of the present round, in their order (prefetched ones are used)."""
    known = "steps" in getattr(reply, "_prefetched_objects_cache", {})
    return _newest(reply, list(reply.steps.all()) if known else steps_of(reply))


def round_now(reply: Reply) -> list[ReplyStep]:
    """Return the steps of the present round, read from the database now."""
    return _newest(reply, steps_of(reply))


def _newest(reply: Reply, steps: list[ReplyStep]) -> list[ReplyStep]:
    if not steps:
        return first_steps(reply) if reply.state == ReplyState.SUBMITTED else []
    return [step for step in steps if step.round == steps[-1].round]


def signature_is_due(reply: Reply) -> bool:
    """Return whether a signature is still due in the present round."""
    return any(s.act == Act.SIGNATURE and s.state in OPEN_STEPS for s in round_of(reply))


def steps_falling_to(
    steps: Iterable[ReplyStep], hands: Iterable[Permissions]
) -> list[tuple[ReplyStep, Permissions]]:
    """Return the steps that fall to these identities, each with the first that may do it."""
    hands = tuple(hands)
    found = []
    for step in steps:
        code = step.department.code if step.department else ""
        hand = next((one for one in hands if falls_to(step, one, code=code)), None)
        if hand:
            found.append((step, hand))
    return found


def turns(reply: Reply, hands: Iterable[Permissions]) -> list[tuple[ReplyStep, Permissions]]:
    """Return the steps of the reply that are due and fall to these identities now."""
    if reply.state not in UNDER_WAY:
        return []
    return steps_falling_to((s for s in round_of(reply) if s.state == StepState.DUE), hands)


def turn_of(
    reply: Reply, seen: ReplyStep | None, actor: User
) -> tuple[ReplyStep, Permissions] | None:
    """Return the step that was seen as it is now, with the identity to which it falls, if any.

    Raise ConflictError where it is done already.
    """
    wanted = [s for s in round_now(reply) if seen and (s.pk == seen.pk or seen._state.adding)]
    mine = steps_falling_to(wanted, acting_identities(actor))
    if (mine and mine[0][0].state != StepState.DUE) or (seen and not wanted):
        raise ConflictError
    return mine[0] if mine else None


@dataclass(frozen=True, slots=True)
class ReplySituation(Situation):
    """A person and a letter with its replies; `alone`: a draft that answers no letter."""

    replies: tuple[Reply, ...]
    hands: Callable[[], tuple[Permissions, ...]]  # their acting identities, read only where needed
    alone: bool = False

    @property
    def routed(self) -> bool:
        """Whether departments answer this letter, or write this draft."""
        if self.letter.stage == Stage.VOIDED:
            return False
        return self.alone or self.letter.register.direction in ROUTED

    def belongs_to(self, reply: Reply) -> bool:
        """Return whether the reply was drafted in one of the person's departments."""
        return reply.department.code in self.permissions.departments

    def sends(self, reply: Reply) -> bool:
        """Return whether the person sends it when it is ready: its department, or the office."""
        return self.belongs_to(reply) or self.permissions.is_office

    def turns(self, reply: Reply) -> list[ReplyStep]:
        """Return the steps of the reply that the person may do now, in their name or another's."""
        if reply.state not in UNDER_WAY:
            return []
        return [step for step, _hand in turns(reply, self.hands())]

    def is_asked(self, reply: Reply) -> bool:
        """Return whether a step of the reply's present round falls to the person, done or not."""
        return bool(steps_falling_to(round_of(reply), self.hands()))

    def has_passed(self, reply: Reply, verb: ReplyVerb) -> bool:
        """Return whether a step to which the verb belongs fell to the person, and is done."""
        done = [s for s in round_of(reply) if s.state not in OPEN_STEPS]
        return bool(steps_falling_to((s for s in done if VERBS_OF[s.act] & {verb}), self.hands()))


def reply_situation_of(viewer: Viewer, letter: Letter) -> ReplySituation | None:
    """Return what this person's rights on the letter and its replies depend on.

    Return None where they may not even read the letter.
    """
    now = situation_of(viewer, letter)
    if now is None or not isinstance(viewer, User):
        return None
    replies = Reply.objects.filter(letter=letter).select_related("department")
    return situation_read(viewer, letter, assignments=now.assignments, replies=replies)


def situation_read(
    viewer: User, letter: Letter, *, assignments: Iterable[Assignment], replies: Iterable[Reply]
) -> ReplySituation:
    """Return the same of a letter that was fetched for this person, with all that belongs to it."""
    replies = tuple(replies)
    under_way = [reply for reply in replies if reply.state in UNDER_WAY]
    prefetch_related_objects(under_way, Prefetch("steps", step_rows()))
    permissions = permissions_of(viewer)
    return ReplySituation(
        permissions,
        letter,
        tuple(assignments),
        replies=replies,
        hands=cache(partial(acting_identities, viewer, permissions)),
    )


def situation_before(viewer: Viewer, reply: Reply) -> ReplySituation | None:
    """Return what the rights on a reply depend on.

    These are the rights on the letter that it answers; where it answers none, whether its
    department is the person's, or they read every letter of its level, or a step of it is theirs.
    """
    if (letter := reply.answers) is not None:
        return reply_situation_of(viewer, letter)
    if not isinstance(viewer, User):
        return None
    permissions = permissions_of(viewer)
    level = permissions.department_level(reply.department.code)
    hands = cache(partial(acting_identities, viewer, permissions))
    if permissions.reads_all:
        level = max(level, permissions.clearance)
    elif steps_falling_to(round_of(reply), hands()):
        level = max(level, permissions.highest_level)
    if level < reply.confidentiality:
        return None
    own = reply.letter or Letter(confidentiality=reply.confidentiality)
    return ReplySituation(
        permissions, own, assignments=(), replies=(reply,), hands=hands, alone=True
    )


def actions_for(viewer: Viewer, letter: Letter) -> set[LetterVerb | ReplyVerb]:
    """Return the verbs that this person may use on this letter and its replies now.

    Empty where the person may not read the letter.
    """
    return verbs_of(reply_situation_of(viewer, letter))


def verbs_of(now: ReplySituation | None) -> set[LetterVerb | ReplyVerb]:
    """Return the same for a situation that was read already."""
    if now is None:
        return set()
    verbs: set[LetterVerb | ReplyVerb] = {*letter_verbs(now)}
    if now.routed:
        for reply in now.replies:
            verbs |= reply_verbs_on(now, reply)
    return verbs


def reply_verbs_on(now: ReplySituation, reply: Reply) -> set[ReplyVerb]:
    """Return the verbs on one reply that the person may use.

    A signed reply can be sent once its signed file is there.
    """
    if now.letter.stage == Stage.VOIDED:
        return set()
    if reply.state == ReplyState.DRAFT:
        return {ReplyVerb.EDIT, ReplyVerb.SUBMIT} if now.belongs_to(reply) else set()
    if reply.state == ReplyState.SIGNED:
        return {ReplyVerb.SEND} if reply.signed_file_id and now.sends(reply) else set()
    if reply.state == ReplyState.BOUNCED:
        return {ReplyVerb.SEND} if now.sends(reply) else set()
    if reply.state in (ReplyState.SENT, ReplyState.DELIVERED):
        return {ReplyVerb.SEND_ALSO} if now.sends(reply) else set()
    verbs: set[ReplyVerb] = set()
    for step in now.turns(reply):
        verbs |= VERBS_OF[step.act]
    if settings.FOUR_EYES and reply.submitted_by_id == now.permissions.user_id:
        verbs -= GIVEN_BY_OTHERS
    waits = reply.state == ReplyState.SUBMITTED or signature_is_due(reply)
    if waits and now.belongs_to(reply):
        verbs.add(ReplyVerb.WITHDRAW)
    if not waits and now.sends(reply):
        verbs.add(ReplyVerb.SEND)
    return verbs


def need_on_reply(viewer: Viewer, reply: Reply, verb: ReplyVerb) -> dict[str, int]:
    """Raise NotAllowedError unless the person may use the verb on this very reply.

    Return what the event records about whom they act for. Raise ConflictError where they would
    have had the right, but the reply has moved on already.
    """
    now = situation_before(viewer, reply)
    if now is not None and now.routed:
        if verb in reply_verbs_on(now, reply):
            code = reply.department.code
            return now.behalf(lambda own: verb in reply_verbs_on(own, reply), code)
        further = reply.state not in WAY[: UNTIL[verb] + 1]
        if further and (now.belongs_to(reply) or now.is_asked(reply)):
            raise ConflictError
        if now.has_passed(reply, verb):
            raise ConflictError
        if any(verb in VERBS_OF[step.act] for step in now.turns(reply)):
            raise NotAllowedError(_("You submitted this: visa and signature are another person’s."))
    raise NotAllowedError(refusal(now))


def need_as_known(
    actor: User | None, reply: Reply, verb: ReplyVerb | None, *, known: str
) -> dict[str, int]:
    """Do the same for a reloaded reply that the actor knew in the state `known`.

    Raise ConflictError where they would have had the right then. Without an actor no right is
    checked.
    """
    if actor is None or verb is None:
        return {}
    try:
        return need_on_reply(actor, reply, verb)
    except NotAllowedError:
        if (present := reply.state) == known:
            raise
        reply.state = known
        try:
            need_on_reply(actor, reply, verb)
        finally:
            reply.state = present
        raise ConflictError from None
