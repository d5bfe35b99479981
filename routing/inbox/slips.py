"""The routing slip (bordereau d'envoi): a letter's facts, addressees and due date, on paper."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from hijridate import Gregorian

from registry.models.documents import Document
from registry.models.letters import Letter
from registry.paper import bilingual_pdf
from registry.receipts import qr_svg
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from routing.models.states import LIVE, AssignmentState

MOST_SLIPS: Final = 50
_PIECES: Final = 12  # named on a slip; what is beyond is counted


def draw_slips(letters: Sequence[Letter]) -> bytes:
    """Draw one page for each letter, as one PDF; five queries, however many letters.

    The QR code holds the letter's number. Raise NotAllowedError for none or more than 50.
    """
    if not 1 <= len(letters) <= MOST_SLIPS:
        raise NotAllowedError(_("Choose from one to 50 letters to print."))
    ids = [letter.pk for letter in letters]
    going: dict[Any, list[Assignment]] = {pk: [] for pk in ids}
    rows = Assignment.objects.filter(
        letter__in=ids, state__in=[*LIVE, AssignmentState.SIGNED_OFF]
    ).select_related("department", "person")
    for row in rows.order_by("assigned_at", "pk"):
        going[row.letter_id].append(row)
    pieces: dict[Any, list[Document]] = {pk: [] for pk in ids}
    for document in Document.objects.filter(letter__in=ids).order_by("position"):
        pieces[document.letter_id].append(document)
    slips = [_slip(letter, going[letter.pk], pieces[letter.pk]) for letter in letters]
    return bilingual_pdf("routing/slips.html", {"slips": slips, "printed": timezone.localtime()})


def _slip(letter: Letter, going: list[Assignment], pieces: list[Document]) -> dict[str, Any]:
    received = timezone.localtime(letter.received_at)
    return {
        "letter": letter,
        "received": received,
        "hijri": Gregorian.fromdate(received.date()).to_hijri(),
        "registered": timezone.localtime(letter.registered_at),
        "sender": letter.sender,
        "pieces": pieces[:_PIECES],
        "count": len(pieces),
        "action": [row for row in going if row.role == Assignment.Role.ACTION],
        "copies": [row for row in going if row.role == Assignment.Role.COPY],
        "qr": qr_svg(letter.number),
    }
