"""PDFs that the office makes: templates in Arabic and French on one page, drawn by WeasyPrint."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


class NothingFromOutsideError(Exception):
    """A template asked for a file or an address: our papers hold everything in themselves."""


def _refuse(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise NothingFromOutsideError(urlsplit(url).scheme)


def bilingual_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a template (French and Arabic stand side by side in it) as PDF bytes."""
    from weasyprint import HTML

    with translation.override("fr"):
        page = render_to_string(template, {"organisation": settings.ORGANISATION_NAME, **context})
    return bytes(HTML(string=page, url_fetcher=_refuse).write_pdf())
