"""Rights on a reply's dispatch: of the office, and of the department that wrote it."""

from django.utils.translation import gettext_lazy as _

from correspondence.acting.rights import ReplySituation, reply_situation_of
from correspondence.models.dispatch import Dispatch, PostingList
from correspondence.models.states import DispatchState
from org.people import Permissions
from registry.models.letters import Letter
from registry.states import ConflictError, Stage
from routing.acting.errors import NotAllowedError
from routing.acting.situations import Viewer


def dispatch_verbs_on(now: ReplySituation, dispatch: Dispatch) -> set[str]:
    """Return which dispatch verbs the person may use.

    These are hand_over, take_back, acknowledge, return_post, settle.
    """
    if not (now.permissions.is_office or now.belongs_to(dispatch.reply)):
        return set()
    state = dispatch.state
    if state == DispatchState.FAILED:
        return set() if dispatch.settled_at else {"settle"}
    if dispatch.method in PostingList.WAYS and state == DispatchState.SENT:
        return {"acknowledge", "return_post"}
    if state != DispatchState.WAITING or dispatch.letter.stage == Stage.VOIDED:
        return set()
    if dispatch.method in PostingList.WAYS:
        return {"take_back"}
    return {"hand_over", "take_back"} if dispatch.method == Dispatch.Method.HANDED_OVER else set()


def dispatch_verbs(permissions: Permissions, dispatch: Dispatch) -> set[str]:
    """Return the same without the letter's other rows, for lists; the person reads the letter."""
    situation = ReplySituation(permissions, dispatch.reply.home, (), (), hands=tuple)
    return dispatch_verbs_on(situation, dispatch)


def need_on_dispatch(viewer: Viewer, dispatch: Dispatch, verb: str) -> ReplySituation:
    """Return the situation for a person who may use the verb on this dispatch.

    Raise NotAllowedError otherwise; ConflictError where they would have had the right, but the
    dispatch has moved on already.
    """
    now = reply_situation_of(viewer, dispatch.reply.home)
    if now is None or not Letter.objects.visible_to(viewer).filter(pk=dispatch.letter_id).exists():
        raise NotAllowedError(_("You may not do this with this letter at this moment."))
    if verb in dispatch_verbs_on(now, dispatch):
        return now
    if now.permissions.is_office or now.belongs_to(dispatch.reply):
        raise ConflictError
    raise NotAllowedError(_("You may not do this with this letter at this moment."))
