"""Lists of replies for pages."""

from django.db.models import F, Prefetch, QuerySet

from correspondence.acting.rights import step_rows
from correspondence.models.replies import Reply
from registry.models.letters import Letter


def replies_of(letter: Letter) -> QuerySet[Reply]:
    """Return the replies to a letter with their steps, in their order."""
    return drafts_of(letter).exclude(outgoing=F("letter"))  # the letter itself, as it was drafted


def drafts_of(letter: Letter) -> QuerySet[Reply]:
    """Return the same with the draft that became the letter itself."""
    rows = Reply.objects.filter(letter=letter).prefetch_related(Prefetch("steps", step_rows()))
    return rows.select_related("author", "approved_by", "department", "file", "outgoing").order_by(
        "created_at", "pk"
    )
