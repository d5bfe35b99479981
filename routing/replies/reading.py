"""Lists of replies for pages."""

from django.db.models import F, Prefetch, QuerySet

from registry.models import Letter
from routing.circuits.turns import step_rows
from routing.replies.models import Reply


def replies_of(letter: Letter) -> QuerySet[Reply]:
    """The replies to a letter with their dispatches and steps, in their order."""
    steps = Prefetch("steps", step_rows())
    rows = Reply.objects.filter(letter=letter).prefetch_related("dispatches", steps)
    rows = rows.exclude(outgoing=F("letter"))  # the letter itself, as it was drafted
    return rows.select_related("author", "approved_by", "department", "file", "outgoing").order_by(
        "created_at", "pk"
    )
