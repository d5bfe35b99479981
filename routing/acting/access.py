"""Who may do what with a letter now.

Pages use it to choose their buttons; verbs use it to check the right.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.models.registers import Register
from registry.models.voiding import VoidRequest
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError
from routing.acting.situations import Situation, Viewer, situation_of
from routing.acting.verbs import LetterVerb
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState


def letter_verbs(now: Situation) -> set[LetterVerb]:
    """Return the verbs that this person may do with this letter now, those on replies apart."""
    if now.letter.disposal_id is not None:  # only its stub is left
        return set()
    verbs = _office_verbs(now) | _assignment_verbs(now)
    return verbs | _clock_verbs(now) | _closing_verbs(now)


def _office_verbs(now: Situation) -> set[LetterVerb]:
    verbs: set[LetterVerb] = set()
    if now.letter.stage == Stage.VOIDED:
        return verbs
    if now.routed and now.may_route:
        verbs |= {LetterVerb.ASSIGN, LetterVerb.LINK}
    if now.permissions.is_office:
        verbs.add(LetterVerb.CORRECT)
    if not now.may_route:
        return verbs
    pending = VoidRequest.objects.filter(letter=now.letter, decision="pending").first()
    if pending is None:
        verbs.add(LetterVerb.ASK_VOID)
    elif pending.asked_by_id != now.permissions.user_id:
        verbs.add(LetterVerb.APPROVE_VOID)
    return verbs


def _assignment_verbs(now: Situation) -> set[LetterVerb]:
    if not now.routed:
        return set()
    verbs: set[LetterVerb] = set()
    for assignment in now.assignments:
        verbs |= verbs_on(now, assignment)
    if now.in_hand:
        verbs.add(LetterVerb.DRAFT_REPLY)
    if (now.in_hand or now.may_route) and now.letter.stage != Stage.VOIDED:
        verbs.add(LetterVerb.ASK_OPINION)
    return verbs


def _clock_verbs(now: Situation) -> set[LetterVerb]:
    """Return the clock verbs that this person may use.

    They are for the office, the director, and the department that has accepted the letter; an
    extension is granted by its head. Pieces may be missing from any incoming letter, also from one
    without a term.
    """
    letter = now.letter
    incoming = letter.register.direction == Register.Direction.INCOMING
    if letter.stage not in (Stage.REGISTERED, Stage.IN_HAND) or not incoming:
        return set()
    if not (now.may_route or now.in_hand):
        return set()
    asked = PiecesRequest.objects.filter(letter=letter).first()
    permissions = "stands_since" in letter.due_explained
    verbs: set[LetterVerb] = {LetterVerb.ISSUE_RECEIPT} if letter.due_on else set()
    if asked is None and not permissions:
        verbs.add(LetterVerb.ASK_PIECES)
    if asked and asked.answered_at is None:
        verbs.add(LetterVerb.ADD_PIECES)
    if not letter.due_explained:
        return verbs
    verbs.add(LetterVerb.RESTART_CLOCK if permissions else LetterVerb.STOP_CLOCK)
    heads = any(now.permissions.departments[a.department.code] == "head" for a in now.in_hand)
    over = letter.due_on is not None and letter.due_on < timezone.localdate()
    once = letter.due_explained.get("extended") or letter.due_explained.get("begins") == "reopened"
    if (now.may_route or heads) and not (over or once):
        verbs.add(LetterVerb.EXTEND_CLOCK)
    return verbs


def _closing_verbs(now: Situation) -> set[LetterVerb]:
    """Return the verbs on an answered letter that this person may use.

    Reopening an answered letter, and recording or correcting the outcome of a closed one, are for
    the office, the director, and whoever dealt with it.
    """
    if not now.routed or now.letter.stage not in (Stage.ANSWERED, Stage.CLOSED):
        return set()
    dealt = {AssignmentState.ACCEPTED, AssignmentState.SIGNED_OFF}
    theirs = any(
        a.state in dealt and a.role == "action" and a.department.code in now.permissions.departments
        for a in now.assignments
    )
    if not (now.may_route or theirs):
        return set()
    came_in = now.letter.register.direction == Register.Direction.INCOMING
    said = came_in and now.letter.stage == Stage.CLOSED
    return {LetterVerb.REOPEN, LetterVerb.RECORD_OUTCOME} if said else {LetterVerb.REOPEN}


def verbs_on(now: Situation, assignment: Assignment) -> set[LetterVerb]:
    """Return which verbs on one assignment the person may use.

    The verbs are accept, refuse, transfer, sign_off, put_in_charge.
    """
    if assignment.state not in LIVE or now.letter.stage == Stage.VOIDED:
        return set()
    verbs: set[LetterVerb] = set()
    if assignment.department.code in now.permissions.departments:
        if assignment.role == Assignment.Role.COPY:
            return {LetterVerb.SIGN_OFF}
        if assignment.state == AssignmentState.OPEN:
            verbs |= {LetterVerb.ACCEPT, LetterVerb.REFUSE, LetterVerb.TRANSFER}
        else:
            verbs |= {LetterVerb.TRANSFER, LetterVerb.SIGN_OFF}
        if now.permissions.departments[assignment.department.code] == "head":
            verbs.add(LetterVerb.PUT_IN_CHARGE)
    if now.may_route and assignment.role == Assignment.Role.ACTION:
        verbs.add(LetterVerb.TRANSFER)
    return verbs


def need(viewer: Viewer, letter: Letter, verb: LetterVerb) -> Situation:
    """Return the situation for a person who may use the verb; raise NotAllowedError otherwise."""
    now = situation_of(viewer, letter)
    if now is None or verb not in letter_verbs(now):
        raise NotAllowedError(refusal(now))
    return now


def need_on(viewer: Viewer, assignment: Assignment, verb: LetterVerb) -> dict[str, int]:
    """Raise NotAllowedError unless the person may use the verb on this very assignment.

    Return what the event records about whom they act for (`Situation.behalf`). Raise ConflictError
    where they would have had the right, but somebody else has decided before.
    """
    now = situation_of(viewer, assignment.letter)
    if now is not None and now.routed:
        if verb in verbs_on(now, assignment):
            code = assignment.department.code
            return now.behalf(lambda own: verb in verbs_on(own, assignment), code)
        theirs = assignment.department.code in now.permissions.departments
        decided = assignment.state != AssignmentState.OPEN and verb in {
            LetterVerb.ACCEPT,
            LetterVerb.REFUSE,
        }
        if theirs and (decided or assignment.state not in LIVE):
            raise ConflictError
    raise NotAllowedError(refusal(now))


def refusal(now: Situation | None) -> object:
    """Return why something is not allowed, translated when it is shown."""
    if now is not None and now.letter.stage == Stage.VOIDED:
        return _("This letter is voided.")
    return _("You may not do this with this letter at this moment.")
