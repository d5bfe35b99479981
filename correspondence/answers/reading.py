"""Lists of replies for pages."""

from django.db.models import F, Prefetch, Q, QuerySet

from correspondence.acting.rights import step_rows
from correspondence.models.drafts import AlsoAnswered
from correspondence.models.replies import Reply
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.states import Stage


def replies_of(letter: Letter) -> QuerySet[Reply]:
    """Return the replies to a letter with their steps, in their order."""
    return drafts_of(letter).exclude(outgoing=F("letter"))  # the letter itself, as it was drafted


def drafts_of(letter: Letter) -> QuerySet[Reply]:
    """Return the same with the draft that became the letter itself."""
    rows = Reply.objects.filter(letter=letter).prefetch_related(Prefetch("steps", step_rows()))
    return rows.select_related("author", "approved_by", "department", "file", "outgoing").order_by(
        "created_at", "pk"
    )


def sent_replies(letter: Letter) -> QuerySet[Reply]:
    """Return replies that have left, oldest first.

    Replies to others than the sender of the letter are theirs, unless published here; voided ones
    are left out.
    """
    too = AlsoAnswered.objects.filter(letter=letter, active=True).values("reply")
    rows = Reply.objects.filter(Q(letter=letter) | Q(pk__in=too), outgoing__isnull=False)
    rows = rows.exclude(state="signed").exclude(outgoing__stage=Stage.VOIDED)
    rows = rows.filter(Q(addressees__isnull=True) | Q(dispatches__method="portal")).distinct()
    return (
        rows.select_related("outgoing")
        .prefetch_related("outgoing__documents__file", "dispatches")
        .order_by("outgoing__registered_at")
    )


def shown_documents(row: Reply) -> list[Document]:
    """Return the pieces of a reply, without its text as typed where it was drawn as a letter."""
    documents = list(row.outgoing.documents.all()) if row.outgoing else []
    if final := row.signed_file_id or row.archive_file_id:
        return [d for d in documents if d.file_id == final]
    drawn = [d for d in documents if d.media_type == "application/pdf"]
    return drawn or documents
