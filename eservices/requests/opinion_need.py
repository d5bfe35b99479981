"""When the opinions on a request are there: requested from several at once, all given.

An opinion that is not in favour may be requested again from the same department; the latest counts.
Who stays silent until the day has passed holds nothing up: the opinion is asked for no more, which
is on record, and the request goes on without it.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.requests.needs import PendingAction
from routing.models.opinions import Opinion
from routing.models.states import PENDING_OPINION, OpinionState


def opinion_need(given: PendingAction) -> Any:
    """Return why the opinions are not there yet: one is waited for, or none was given."""
    rows = list(Opinion.objects.filter(letter=given.request.letter_id))
    today = timezone.localdate()
    pending = [row for row in rows if row.state in PENDING_OPINION]
    if pending and all(row.due_on and row.due_on < today for row in pending):
        return _("The day of an opinion has passed: ask for it no more to go on without it.")
    if pending:
        return _("An opinion is still waited for.")
    if not any(row.state == OpinionState.GIVEN or _was_silent(row) for row in rows):
        return _("Ask for an opinion first: none was given yet.")
    return None


def _was_silent(row: Opinion) -> bool:
    """Return whether an opinion was asked for no more because its day had passed."""
    closed = timezone.localdate(row.closed_at) if row.closed_at else None
    return bool(row.due_on and closed and closed > row.due_on)
