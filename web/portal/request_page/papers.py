"""What the office gave the citizen of a request to read or to keep: a contract, a consent."""

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent
from eservices.requests.models import Request
from registry.chain import row_key
from registry.models.documents import Document
from registry.models.events import LetterEvent


def given_papers(row: Request) -> list[Document]:
    """Return the documents that came with an action that needs one, in their order.

    What came with any other action is the office's own.
    """
    stages = definition_of(row.version).stages
    names = {one.name for stage in stages for one in stage.actions if "document" in one.needs}
    if not names:
        return []
    moved = LetterEvent.objects.filter(
        letter=row.letter_id, kind=EserviceEvent.REQUEST_MOVED, actor__isnull=False
    ).values_list("data", "seals")
    sealed = {key for data, seals in moved if data.get("action") in names for key in seals}
    if not sealed:
        return []
    rows = Document.objects.filter(letter=row.letter_id).select_related("file")
    return [one for one in rows.order_by("position") if row_key(one) in sealed]
