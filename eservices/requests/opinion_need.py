"""When the opinions on a request are there: requested from several at once, all given.

An opinion that is not in favour may be requested again from the same department; the latest counts.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from eservices.requests.needs import PendingAction
from routing.models.opinions import Opinion
from routing.models.states import PENDING_OPINION, OpinionState


def opinion_need(given: PendingAction) -> Any:
    """Return why the opinions are not there yet: one is waited for, or none was given."""
    rows = Opinion.objects.filter(letter=given.request.letter_id)
    states = set(rows.values_list("state", flat=True))
    if states & set(PENDING_OPINION):
        return _("An opinion is still waited for.")
    if OpinionState.GIVEN not in states:
        return _("Ask for an opinion first: none was given yet.")
    return None
