"""The pages of a letter on the check page: their pictures, and the boxes of its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry.models.documents import Document, Rendition
from registry.models.letters import Letter
from registry.reading.readings import current_readings
from routing.models.suggestions import Suggestion
from understanding.letters.read_pages import read_pages
from web.desk.reading.viewer import has_picture

MOST_TEXTS: Final = 10  # pages of documents without pictures
MOST_SIGNS: Final = 20_000  # of each of them
_AIR: Final = 4  # thousandths of the page between words and their frame


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """A document as the page shows it: its pages, and whether they have pictures."""

    document: Document
    total: int
    pictured: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter's documents, and the texts (key of the page, text) of those without pictures.

    `shown` and `number` say which page is seen first.
    """

    documents: list[PaperDocument]
    texts: list[tuple[str, str]]
    shown: PaperDocument | None
    number: int

    @property
    def key(self) -> str:
        """The key of the page that is seen first."""
        return page_key(self.shown.document.pk, self.number) if self.shown else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A fact's box on a page: strings for SVG, in thousandths of the page."""

    fact: str
    key: str
    x: str
    y: str
    width: str
    height: str


def page_key(document_id: object, number: int) -> str:
    """Return the name of a page as template and script share it."""
    return f"{document_id}/{number}"


def paper_of(letter: Letter, *, wanted: str, number: int) -> Paper:
    """Return the letter's pages in three queries, opened at `wanted` or at the first document."""
    documents = list(letter.documents.order_by("position"))
    read = {r.document_id: len(r.pages) for r in current_readings(letter.pk)}
    rows = Rendition.objects.filter(document__letter=letter, kind=Rendition.Kind.PDF, problem="")
    rendered = dict(rows.values_list("document_id", "pages"))
    shown = [
        PaperDocument(
            document=d,
            total=max(read.get(d.pk, 0), rendered.get(d.pk, 0), 1),
            pictured=has_picture(d) or d.pk in rendered,
        )
        for d in documents
    ]
    first = next((p for p in shown if str(p.document.pk) == wanted), shown[0] if shown else None)
    plain = {p.document.pk for p in shown if not p.pictured}
    texts = [
        (page_key(page.reading.document_id, page.number), page.text[:MOST_SIGNS])
        for page in (read_pages(letter.pk) if plain else ())
        if page.reading.document_id in plain
    ][:MOST_TEXTS]
    return Paper(shown, texts, first, min(max(number, 1), first.total) if first else 1)


def frames_of(rows: Iterable[tuple[str, Suggestion]]) -> list[Frame]:
    """Return the boxes of (name of a fact on the page, its suggestion), where one is known."""
    return [_frame(name, row) for name, row in rows if row.document_id and len(row.box) == 4]


def _frame(name: str, row: Suggestion) -> Frame:
    x0, y0, x1, y1 = (1000 * float(edge) for edge in row.box)
    sizes = (x0 - _AIR, y0 - _AIR, max(x1 - x0, 1) + 2 * _AIR, max(y1 - y0, 1) + 2 * _AIR)
    x, y, width, height = (f"{size:.1f}" for size in sizes)
    return Frame(name, page_key(row.document_id, row.page), x, y, width, height)
