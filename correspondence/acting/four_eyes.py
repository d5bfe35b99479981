"""FOUR_EYES: visa and signature are another person's than who submitted."""

from typing import Final

from django.conf import settings

from correspondence.acting.verbs import ReplyVerb
from correspondence.models.replies import Reply

GIVEN_BY_OTHERS: Final = {ReplyVerb.APPROVE, ReplyVerb.SIGN}


def left_to_others(reply: Reply, person_id: int) -> set[ReplyVerb]:
    """Return the verbs that are not for this person, because they submitted the reply."""
    own = bool(settings.FOUR_EYES) and reply.submitted_by_id == person_id
    return GIVEN_BY_OTHERS if own else set()
