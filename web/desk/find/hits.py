"""Where the words of a search occur in a letter: on which pages, and where on a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from registry.models.documents import Document
from registry.reading.readings import current_reading, page_texts
from search.answers.marks import Marker

MOST_PAGES: Final = 200  # of one document that are looked at
MOST_DOCUMENTS: Final = 5
_LONGEST: Final = 400  # characters of a search kept in an address


@dataclass(frozen=True, slots=True)
class Hits:
    """The search that led here, and the neighbouring pages with matches."""

    words: str
    count: int
    pages: int
    previous: int | None
    next: int | None


def marker_of(words: str) -> Marker | None:
    """Return the marker that finds the words of a search; None without a search."""
    marker = Marker(words.replace("\0", "")[:_LONGEST]) if words else None
    return marker or None


def pages_with(document: Document, marker: Marker) -> Iterator[int]:
    """Return the pages of a document with a match, in order, among the first 200."""
    reading = current_reading(document.pk)
    texts = page_texts(reading) if reading else iter(())
    return (number for number, text in islice(texts, MOST_PAGES) if marker.found_in(text))


def first_place(documents: Iterable[Document], marker: Marker) -> tuple[Document, int] | None:
    """Return the first document, and its page, with a match; None where there is none."""
    for document in islice(documents, MOST_DOCUMENTS):
        number = next(pages_with(document, marker), None)
        if number is not None:
            return document, number
    return None


def hits_of(words: str, marker: Marker, document: Document, number: int, count: int) -> Hits:
    """Return the links to the other pages with hits; `count` is the number on this one."""
    pages = list(pages_with(document, marker))
    before = [page for page in pages if page < number]
    after = [page for page in pages if page > number]
    return Hits(
        words=words[:_LONGEST],
        count=count,
        pages=len(pages),
        previous=before[-1] if before else None,
        next=after[0] if after else None,
    )


def boxes_of(words: list[list[Any]], marker: Marker | None) -> list[list[Any]]:
    """Return those of a page's words ([text, x0, y0, x1, y1, …]) that match."""
    if marker is None:
        return []
    return [words[index] for index in marker.places(str(word[0]) for word in words)]
