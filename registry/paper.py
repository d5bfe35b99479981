"""PDFs that the office makes: templates in Arabic and French on one page, drawn by WeasyPrint."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def bilingual_pdf(template: str, context: dict[str, Any], *, archive: bool = False) -> bytes:
    """Render a template (French and Arabic stand side by side in it) as PDF bytes.

    PDF/A-3b where it is to be kept as an `archive` copy.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    with translation.override("fr"):
        page = render_to_string(template, {"organisation": settings.ORGANISATION_NAME, **context})
    # Our papers hold everything in themselves: what asks for a file or an address fails loudly.
    inside = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    paper = HTML(string=page, url_fetcher=inside)
    return bytes(paper.write_pdf(pdf_variant="pdf/a-3b" if archive else None))
