"""The pages of a letter's current readings: their text, and the places of facts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any
from uuid import UUID

from language.lines import one_line
from registry.models.readings import DocumentReading
from registry.reading.readings import current_readings, page_of, page_texts
from understanding.facts.places import PAGE_BREAK, Place, PlacedWord, box_of, words_at
from understanding.letters.understanding import Suggested, Understanding

_GUESSED = 0.3  # the most that a suggestion out of guessed words is believed
DOUBT = 0.3  # the confidence of a number that two readers read differently (ocr.pdf.layer_numbers)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page: its reading, its number in that document, its text without page breaks.

    `guessed` where the reader itself doubts what it read (handwriting, very poor print).
    """

    reading: DocumentReading
    number: int
    text: str
    guessed: bool = False


def read_pages(letter_id: UUID | str) -> list[ReadPage]:
    """Return all pages that were read of a letter, in order, without their words.

    A document that was read without pages (an older reading) counts as one.
    """
    return [page for reading in current_readings(letter_id) for page in _pages(reading)]


def _pages(reading: DocumentReading) -> Iterator[ReadPage]:
    texts = page_texts(reading) if reading.pages else iter([(1, reading.text)])
    guessed = {int(page["number"]) for page in reading.pages if page.get("problem")}
    for number, text in texts:
        yield ReadPage(reading, number, text.replace(PAGE_BREAK, "\n"), number in guessed)


def text_of_pages(pages: Sequence[ReadPage]) -> str:
    """Return the letter's text, pages separated by form feeds; "" where nothing was read."""
    return PAGE_BREAK.join(page.text for page in pages) if any(p.text for p in pages) else ""


def placed(understood: Understanding, pages: Sequence[ReadPage]) -> Understanding:
    """Return the understanding of the pages' text with each fact's document, page and box.

    The text is `text_of_pages(pages)`. A fact on a guessed page is not sure, nor is a fact of the
    whole letter if most of it is guessed, nor one with a number that its readers read differently.
    """
    if not pages:
        return understood
    starts = [0, *accumulate(len(page.text) + 1 for page in pages)]
    rows: dict[int, list[Any]] = {}
    found = [_placed(one, pages, starts, rows) for one in understood.suggestions]
    guessed = [
        one
        for one in found
        if _is_guessed(one, pages, starts) or _is_doubted(one, rows, pages, starts)
    ]
    doubted = [replace(one, sure=False, score=min(one.score, _GUESSED)) for one in guessed]
    others = [one for one in found if one not in guessed]
    return replace(understood, suggestions=(*others, *doubted))


def _is_guessed(one: Suggested, pages: Sequence[ReadPage], starts: list[int]) -> bool:
    if one.place is not None:
        return pages[bisect_right(starts, one.place.start) - 1].guessed
    guessed = sum(len(page.text) for page in pages if page.guessed)
    return 2 * guessed > sum(len(page.text) for page in pages)


def _is_doubted(
    one: Suggested, rows: dict[int, list[Any]], pages: Sequence[ReadPage], starts: list[int]
) -> bool:
    """Return whether a figure of a fact stands in a word that its readers read differently."""
    if one.place is None or not any(map(str.isdigit, one.place.words)):
        return False
    index = bisect_right(starts, one.place.start) - 1
    if not any(map(_is_doubted_number, rows[index])):
        return False
    start, end = one.place.start - starts[index], one.place.end - starts[index]
    inside = words_at(pages[index].text, _words(rows[index]), start, end)
    return any(_is_doubted_number(rows[index][n]) for n in inside)


def _is_doubted_number(row: Sequence[Any]) -> bool:
    return float(row[5]) <= DOUBT and any(map(str.isdigit, str(row[0])))


def _placed(
    one: Suggested, pages: Sequence[ReadPage], starts: list[int], rows: dict[int, list[Any]]
) -> Suggested:
    """Return a suggestion with its place on its page; keep the pages' words in `rows`."""
    if one.place is None:
        return one
    index = one.place.page - 1
    page, before = pages[index], starts[index]
    if index not in rows:
        rows[index] = (page_of(page.reading, page.number) or {}).get("words") or []
    start, end = one.place.start - before, one.place.end - before
    place = Place(
        start=one.place.start,
        end=one.place.end,
        page=page.number,
        box=box_of(page.text, _words(rows[index]), start, end),
        document=str(page.reading.document_id),
        words=one_line(page.text[start:end]),
    )
    return replace(one, place=place)


def _words(rows: Sequence[Any]) -> list[PlacedWord]:
    return [(str(w[0]), (float(w[1]), float(w[2]), float(w[3]), float(w[4]))) for w in rows]
