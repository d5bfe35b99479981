"""The certificate of a list: what was destroyed or transferred, by which decision, PDF/A."""

from typing import Any, Final

from django.utils import timezone, translation

from registry.disposal.obstacles import WORDS
from registry.disposal.proving import digest_of
from registry.models.disposal import DisposalEntry, DisposalList, GoneFile
from registry.paper import bilingual_pdf

LEFT: Final = (GoneFile.State.LOCKED, GoneFile.State.REFUSED)


def draw_certificate(disposal: DisposalList) -> bytes:
    """Draw the certificate: numbers, dates and hashes, what stays and why, what is still locked."""
    template = "registry/disposal_certificate.html"
    return bilingual_pdf(template, context_of(disposal), archive=True)


def context_of(disposal: DisposalList) -> dict[str, Any]:
    """Return the contents of the certificate."""
    rows = disposal.entries.select_related("letter__kind", "letter__register")
    done = list(rows.filter(state=DisposalEntry.State.DONE).order_by("letter__number"))
    stays = rows.exclude(state=DisposalEntry.State.DONE).order_by("letter__number")
    return {
        "disposal": disposal,
        "transfer": disposal.fate == "transfer",
        "done": done,
        "files": sum(len(entry.files) for entry in done),
        "stays": [(entry, *_in_both(entry.why)) for entry in stays],
        "locked": list(disposal.files.filter(state__in=LEFT).order_by("sha256")),
        "digest": digest_of(disposal),
        "at": timezone.now(),
    }


def _in_both(why: str) -> tuple[str, str]:
    """Return why a letter stays in French and Arabic; a person's own words as they are, once."""
    if why not in WORDS:
        return why, ""
    with translation.override("fr"):
        french = str(WORDS[why])
    with translation.override("ar"):
        return french, str(WORDS[why])
