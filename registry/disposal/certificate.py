"""The certificate of a list: what was destroyed or handed over, by which decision, PDF/A."""

from typing import Any, Final

from django.utils import timezone

from registry.disposal.obstacles import WORDS
from registry.disposal.proving import digest_of
from registry.models.disposal import DisposalEntry, DisposalList, GoneFile
from registry.paper import bilingual_pdf

LEFT: Final = (GoneFile.State.LOCKED, GoneFile.State.REFUSED)


def draw_certificate(disposal: DisposalList) -> bytes:
    """Draw the certificate: numbers, dates and hashes, what stays and why, what is still locked."""
    rows = disposal.entries.select_related("letter__kind", "letter__register")
    done = list(rows.filter(state=DisposalEntry.State.DONE).order_by("letter__number"))
    stays = rows.exclude(state=DisposalEntry.State.DONE).order_by("letter__number")
    context: dict[str, Any] = {
        "disposal": disposal,
        "transfer": disposal.fate == "transfer",
        "done": done,
        "files": sum(len(entry.files) for entry in done),
        "stays": [(entry, WORDS.get(entry.why, entry.why)) for entry in stays],
        "locked": list(disposal.files.filter(state__in=LEFT).order_by("sha256")),
        "digest": digest_of(disposal),
        "at": timezone.now(),
    }
    return bilingual_pdf("registry/disposal_certificate.html", context, archive=True)
