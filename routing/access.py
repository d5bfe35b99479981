"""Who may do what with a letter now. Pages ask it for their buttons, verbs ask it for the right."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from org.models import User
from org.people import Standing, standing_of
from registry.models import Letter, Register, VoidRequest
from registry.piece_models import PiecesRequest
from registry.states import Stage
from routing.errors import NotAllowedError, SomeoneWasFasterError
from routing.models import Assignment, Reply
from routing.states import LIVE, AssignmentState, ReplyState

ROUTED = (Register.Direction.INCOMING, Register.Direction.INTERNAL)
Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Situation:
    """A person before a letter: what was read once to answer every question about rights."""

    standing: Standing
    letter: Letter
    assignments: tuple[Assignment, ...]
    replies: tuple[Reply, ...]

    @property
    def mine(self) -> tuple[Assignment, ...]:
        """Live assignments of the person's departments."""
        codes = self.standing.departments
        return tuple(a for a in self.assignments if a.state in LIVE and a.department.code in codes)

    @property
    def routed(self) -> bool:
        """Whether this is a letter that departments answer (not one that goes out)."""
        return self.letter.register.direction in ROUTED and self.letter.stage != Stage.VOIDED

    @property
    def may_route(self) -> bool:
        """The office, and the director."""
        return self.standing.is_office or self.standing.duty == User.Duty.DIRECTOR

    def belongs_to(self, reply: Reply) -> bool:
        """Whether the reply was drafted in one of the person's departments."""
        return reply.department.code in self.standing.departments

    def may_approve(self, reply: Reply) -> bool:
        """The head of the reply's department, or the director. A head may approve their own."""
        head = self.standing.departments.get(reply.department.code) == "head"
        return head or self.standing.duty == User.Duty.DIRECTOR


def situation_of(viewer: Viewer, letter: Letter) -> Situation | None:
    """What the rights of this person hang on; None where they may not even read the letter."""
    if not Letter.objects.visible_to(viewer).filter(pk=letter.pk).exists():
        return None
    if not isinstance(viewer, User):
        return None
    return Situation(
        standing=standing_of(viewer),
        letter=letter,
        assignments=tuple(Assignment.objects.filter(letter=letter).select_related("department")),
        replies=tuple(Reply.objects.filter(letter=letter).select_related("department")),
    )


def actions_for(viewer: Viewer, letter: Letter) -> set[str]:
    """The verbs that this person may do with this letter now; empty where it is not theirs.

    Of: assign, accept, refuse, transfer, sign_off, draft_reply, edit_reply, submit_reply,
    approve_reply, return_reply, send_reply, send_also, correct, link, ask_void,
    approve_void, stop_clock, restart_clock, extend_clock, ask_pieces, add_pieces, reopen,
    issue_receipt.
    """
    now = situation_of(viewer, letter)
    if now is None:
        return set()
    return _verbs(now)


def _verbs(now: Situation) -> set[str]:
    verbs = _office_verbs(now) | _assignment_verbs(now) | _reply_verbs(now) | _clock_verbs(now)
    return verbs | _closing_verbs(now)


def _office_verbs(now: Situation) -> set[str]:
    verbs: set[str] = set()
    if now.letter.stage == Stage.VOIDED:
        return verbs
    if now.routed and now.may_route:
        verbs |= {"assign", "link"}
    if now.standing.is_office:
        verbs.add("correct")
    if not now.may_route:
        return verbs
    pending = VoidRequest.objects.filter(letter=now.letter, decision="pending").first()
    if pending is None:
        verbs.add("ask_void")
    elif pending.asked_by_id != now.standing.user_id:
        verbs.add("approve_void")
    return verbs


def _assignment_verbs(now: Situation) -> set[str]:
    if not now.routed:
        return set()
    verbs: set[str] = set()
    for assignment in now.assignments:
        verbs |= verbs_on(now, assignment)
    if any(a.state == AssignmentState.ACCEPTED and a.role == "action" for a in now.mine):
        verbs.add("draft_reply")
    return verbs


def _clock_verbs(now: Situation) -> set[str]:
    """For the office, the director, and the department that has the letter in hand; an extension
    is its head's. Pieces may lack of any incoming letter, also of one without a term."""
    letter = now.letter
    incoming = letter.register.direction == Register.Direction.INCOMING
    if letter.stage not in (Stage.REGISTERED, Stage.IN_HAND) or not incoming:
        return set()
    in_hand = [a for a in now.mine if a.role == "action" and a.state == AssignmentState.ACCEPTED]
    if not (now.may_route or in_hand):
        return set()
    asked = PiecesRequest.objects.filter(letter=letter).first()
    standing = "stands_since" in letter.due_explained
    verbs: set[str] = {"issue_receipt"} if letter.due_on else set()
    if asked is None and not standing:
        verbs.add("ask_pieces")
    if asked and asked.answered_at is None:
        verbs.add("add_pieces")
    if not letter.due_explained:
        return verbs
    verbs.add("restart_clock" if standing else "stop_clock")
    heads = any(now.standing.departments[a.department.code] == "head" for a in in_hand)
    over = letter.due_on is not None and letter.due_on < timezone.localdate()
    once = letter.due_explained.get("extended") or letter.due_explained.get("begins") == "reopened"
    if (now.may_route or heads) and not (over or once):
        verbs.add("extend_clock")
    return verbs


def _closing_verbs(now: Situation) -> set[str]:
    """An answered letter is taken up again by the office, the director, or who dealt with it."""
    if not now.routed or now.letter.stage not in (Stage.ANSWERED, Stage.CLOSED):
        return set()
    dealt = {AssignmentState.ACCEPTED, AssignmentState.SIGNED_OFF}
    theirs = any(
        a.state in dealt and a.role == "action" and a.department.code in now.standing.departments
        for a in now.assignments
    )
    return {"reopen"} if now.may_route or theirs else set()


def verbs_on(now: Situation, assignment: Assignment) -> set[str]:
    """Of accept, refuse, transfer, sign_off: what the person may do with one assignment."""
    if assignment.state not in LIVE or now.letter.stage == Stage.VOIDED:
        return set()
    verbs: set[str] = set()
    if assignment.department.code in now.standing.departments:
        if assignment.role == Assignment.Role.COPY:
            return {"sign_off"}
        if assignment.state == AssignmentState.OPEN:
            verbs |= {"accept", "refuse", "transfer"}
        else:
            verbs |= {"transfer", "sign_off"}
    if now.may_route and assignment.role == Assignment.Role.ACTION:
        verbs.add("transfer")
    return verbs


def _reply_verbs(now: Situation) -> set[str]:
    if not now.routed:
        return set()
    verbs: set[str] = set()
    for reply in now.replies:
        verbs |= reply_verbs_on(now, reply)
    return verbs


def reply_verbs_on(now: Situation, reply: Reply) -> set[str]:
    """Of edit_reply, submit_reply, approve_reply, return_reply, send_reply: what may be done."""
    if now.letter.stage == Stage.VOIDED:
        return set()
    if reply.state == ReplyState.DRAFT:
        return {"edit_reply", "submit_reply"} if now.belongs_to(reply) else set()
    if reply.state == ReplyState.SUBMITTED:
        return {"approve_reply", "return_reply"} if now.may_approve(reply) else set()
    if now.belongs_to(reply) or now.standing.is_office:
        if reply.state in (ReplyState.APPROVED, ReplyState.BOUNCED):
            return {"send_reply"}
        if reply.state in (ReplyState.SENT, ReplyState.DELIVERED):
            return {"send_also"}
    return set()


def need(viewer: Viewer, letter: Letter, verb: str) -> Situation:
    """The situation, when the person may do the verb with the letter; else NotAllowedError."""
    now = situation_of(viewer, letter)
    if now is None or verb not in _verbs(now):
        raise NotAllowedError(_refusal(now))
    return now


def need_on(viewer: Viewer, assignment: Assignment, verb: str) -> None:
    """NotAllowedError unless the person may do the verb with this very assignment.

    SomeoneWasFasterError where it would be theirs, had nobody decided before.
    """
    now = situation_of(viewer, assignment.letter)
    if now is not None and now.routed:
        if verb in verbs_on(now, assignment):
            return
        theirs = assignment.department.code in now.standing.departments
        decided = assignment.state != AssignmentState.OPEN and verb in {"accept", "refuse"}
        if theirs and (decided or assignment.state not in LIVE):
            raise SomeoneWasFasterError
    raise NotAllowedError(_refusal(now))


# The state from which each verb moves a reply on, as a place in its way.
_WAY = (ReplyState.DRAFT, ReplyState.SUBMITTED, ReplyState.APPROVED, ReplyState.SENT)
_FROM = {"edit_reply": 0, "submit_reply": 0, "approve_reply": 1, "return_reply": 1}
_FROM |= {"send_reply": 2, "send_also": 3}


def need_on_reply(viewer: Viewer, reply: Reply, verb: str) -> None:
    """NotAllowedError unless the person may do the verb with this very reply.

    SomeoneWasFasterError where it would be theirs, had the reply not gone further already.
    """
    now = situation_of(viewer, reply.letter)
    if now is not None and now.routed:
        if verb in reply_verbs_on(now, reply):
            return
        further = reply.state not in _WAY[: _FROM[verb] + 1]
        if further and (now.belongs_to(reply) or now.may_approve(reply)):
            raise SomeoneWasFasterError
    raise NotAllowedError(_refusal(now))


def _refusal(now: Situation | None) -> object:
    if now is not None and now.letter.stage == Stage.VOIDED:
        return _("This letter is voided.")
    return _("You may not do this with this letter at this moment.")
