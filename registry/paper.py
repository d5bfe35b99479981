"""PDFs that the office makes: templates in Arabic and French on one page, drawn by WeasyPrint."""

import contextlib
import re
import threading
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from org.institution import institution_on, logo_as_data, names_on

_of_thread = threading.local()
_STYLE: Final = re.compile(r"<style>([^<]*)</style>")


def letterhead(day: date | None, *, language: str = "") -> dict[str, Any]:
    """Return what a paper of a day says of the institution, by the names of the templates."""
    institution = institution_on(day)
    name, name_fr, name_ar = names_on(institution, language or "fr", "fr", "ar")
    return {
        "organisation": name,
        "organisation_fr": name_fr,
        "organisation_ar": name_ar,
        "institution": institution,
        "institution_address": institution.translated("address", language or "fr")
        if institution
        else "",
        "logo": logo_as_data(institution),
    }


def bilingual_pdf(
    template: str,
    context: dict[str, Any],
    *,
    day: date | None = None,
    archive: bool = False,
    tagged: bool = False,
) -> bytes:
    """Render a template (French and Arabic stand side by side in it) as PDF bytes.

    The paper is under the institution's name of the `day` (today). PDF/A-3b where it is to be kept
    as an `archive` copy. A `tagged` one has headings, tables and reading order for screen readers,
    and is PDF/A-3a.
    """
    head = letterhead(day, language=str(context.get("language", "")))
    with translation.override("fr"):
        page = render_to_string(template, {**head, **context})
    return drawn(page, f"pdf/a-3{'a' if tagged else 'b'}" if archive else None, tagged)


class PaperInPieces:
    """A tagged paper of many pages, laid out piece by piece, each from a new page on.

    The template gets `first_page`, the number of its piece's first page.
    """

    def __init__(self, template: str) -> None:
        self._template = template
        self._laid: list[Any] = []
        self.pages = 0

    def add(self, context: dict[str, Any]) -> None:
        """Lay out a piece."""
        head = letterhead(None, language=str(context.get("language", "")))
        with translation.override("fr"):
            told = {**head, **context, "first_page": self.pages + 1}
            page = render_to_string(self._template, told)
        bare, style = _style_of(page)
        with _fonts() as fonts:
            laid = _paper(bare).render(font_config=fonts, stylesheets=style)
        self.pages += len(laid.pages)
        self._laid.append(laid)

    def as_pdf(self) -> bytes:
        """Return all pieces as one PDF."""
        pages = [page for laid in self._laid for page in laid.pages]
        return bytes(self._laid[0].copy(pages).write_pdf(pdf_tags=True))


def drawn(page: str, variant: str | None, tagged: bool) -> bytes:
    """Draw a page of HTML as PDF bytes; equal pages come out equal."""
    page, style = _style_of(page)
    with _fonts() as fonts:
        told = {"pdf_variant": variant, "pdf_tags": tagged, "font_config": fonts}
        return bytes(_paper(page).write_pdf(stylesheets=style, **told))


def _style_of(page: str) -> tuple[str, list[Any]]:
    """Return the page without its style, and its style as read before.

    A page with several keeps them: of two that are read apart the one in the page wins, however
    exact the other is.
    """
    if page.count("<style") != 1 or not (found := _STYLE.search(page)):
        return page, []
    return page[: found.start()] + page[found.end() :], [_read(found[1])]


@lru_cache(maxsize=32)
def _read(style: str) -> Any:
    """Return a style sheet ready for any page of that style.

    Drawing only looks things up in it: threads share it, as they share WeasyPrint's own.
    """
    from weasyprint import CSS

    return CSS(string=style, url_fetcher=_inside())


def _paper(page: str) -> Any:
    from weasyprint import HTML

    return HTML(string=page, url_fetcher=_inside())


def _inside() -> Any:
    """Our papers hold everything in themselves: what asks for a file or an address fails loudly."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


@contextlib.contextmanager
def _fonts() -> Iterator[Any]:
    """Give the fonts of this thread, gathered once.

    WeasyPrint would gather them anew for each paper, and libraries below it keep a quarter of a
    megabyte each time. Our papers bring no fonts, so that nothing of one is seen by the next.
    """
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(_of_thread, "fonts"):
        _of_thread.fonts = FontConfiguration()
    try:
        yield _of_thread.fonts
    finally:
        _of_thread.fonts.strut_layouts.clear()
        _of_thread.fonts.font_features.clear()
