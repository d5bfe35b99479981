"""The record of processing as a paper, for the commission and for anybody who requests it."""

from django.utils import timezone
from django.utils.translation import override

from eservices.privacy.file import processing_in_words
from org.models import Processing
from registry.paper import bilingual_pdf


def record_pdf(*, language: str) -> bytes:
    """Return the rows in use as a tagged PDF in a language."""
    with override(language):
        rows = [
            {
                **processing_in_words(row),
                "people": row.translated("people"),
                "data": row.translated("data"),
                "measures": row.translated("measures"),
                "cndp": row.cndp,
                "cndp_on": row.cndp_on,
            }
            for row in Processing.objects.filter(active=True)
        ]
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "rows": rows,
        "today": timezone.localdate(),
    }
    return bilingual_pdf("privacy/record.html", context, tagged=True)
