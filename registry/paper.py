"""PDFs that the office makes: templates in Arabic and French on one page, drawn by WeasyPrint."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


class NothingFromOutsideError(Exception):
    """A template asked for a file or an address: our papers hold everything in themselves."""


def _only_inside(url: str, *args: Any, **kwargs: Any) -> Any:
    """A picture that stands in the page itself; nothing else."""
    if url.startswith("data:image/png;base64,"):
        from weasyprint import default_url_fetcher

        return default_url_fetcher(url, *args, **kwargs)
    raise NothingFromOutsideError(urlsplit(url).scheme)


def bilingual_pdf(template: str, context: dict[str, Any], *, archive: bool = False) -> bytes:
    """Render a template (French and Arabic stand side by side in it) as PDF bytes; PDF/A-3b where
    it is to be kept as an `archive` copy."""
    from weasyprint import HTML

    with translation.override("fr"):
        page = render_to_string(template, {"organisation": settings.ORGANISATION_NAME, **context})
    paper = HTML(string=page, url_fetcher=_only_inside)
    return bytes(paper.write_pdf(pdf_variant="pdf/a-3b" if archive else None))
