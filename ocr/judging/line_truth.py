"""Lines that a person corrected or confirmed, as pictures with their text: training data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q
from PIL import Image

from ocr.errors import ReaderFailed, Unreadable
from ocr.services import WIDTHS, page_image
from org.models import Level
from registry.chain import digest
from registry.files.receiving import VaultError
from registry.kinds import RegistryEvent
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.readings import DocumentReading
from registry.reading.page_edits import PageWord, is_checked, line_text, lines_of, words_of
from registry.reading.readings import current_reading, page_of
from registry.states import Stage

_KINDS = (RegistryEvent.READING_CORRECTED, RegistryEvent.READING_CONFIRMED)
_MARGIN = 0.15  # of the line's height, on each side: accents and descenders leave their box


@dataclass(slots=True)
class Exported:
    """The result of an export: new lines, lines already there, pages without a picture."""

    lines: int = 0
    known: int = 0
    no_picture: int = 0


def export_lines(folder: Path, *, since: datetime | None = None) -> Exported:
    """Write `NAME.png` and `NAME.gt.txt` (UTF-8, one line) for each checked line into `folder`.

    The format is that of Tesseract's training tools. Only lines of which a person saw every word,
    on pages corrected or confirmed from `since` on, as they read now; none of confidential or
    voided letters. Names say nothing of the letter; the same place on the same page gets the same
    name. Raise OSError.
    """
    done = Exported()
    for document, page in _checked_pages(since):
        lines = [line for line in lines_of(words_of(page)) if is_checked(line)]
        if not lines:
            continue
        try:
            picture = page_image(document, page["number"], WIDTHS[-1])
        except (Unreadable, ReaderFailed, VaultError):
            done.no_picture += 1
            continue
        with Image.open(picture) as image:
            grey = image.convert("L")
        for line in lines:
            name = digest([str(document.pk), page["number"], [word.box for word in line]])[:24]
            _write(folder / name, grey, line, done)
    return done


def _checked_pages(since: datetime | None) -> Iterator[tuple[Document, dict[str, Any]]]:
    """Yield (document, page as it now reads) of each page a person corrected or confirmed."""
    events = LetterEvent.objects.filter(
        ~Q(letter__stage=Stage.VOIDED),
        kind__in=_KINDS,
        letter__confidentiality=Level.ORDINARY,
    )
    if since:
        events = events.filter(at__gte=since)
    seen: set[tuple[str, int]] = set()
    for data in events.order_by("at", "pk").values_list("data", flat=True).iterator():
        place = (str(data["document"]), int(data["page"]))
        if place not in seen:
            seen.add(place)
            yield from _page_now(*place)


def _page_now(document_id: str, number: int) -> Iterator[tuple[Document, dict[str, Any]]]:
    reading: DocumentReading | None = current_reading(document_id)
    page = page_of(reading, number) if reading else None
    if page and page.get("source") == "person":
        yield Document.objects.select_related("file").get(pk=document_id), page


def _write(target: Path, image: Image.Image, line: list[PageWord], done: Exported) -> None:
    truth = target.with_suffix(".gt.txt")
    text = line_text(line) + "\n"
    if truth.exists() and truth.read_text("utf-8") == text:
        done.known += 1
        return
    image.crop(_crop(line, image.size)).save(target.with_suffix(".png"))
    truth.write_text(text, "utf-8")
    done.lines += 1


def _crop(line: list[PageWord], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the line's box in pixels of the picture, with a margin, inside the picture."""
    width, height = size
    top, bottom = min(word.y0 for word in line) * height, max(word.y1 for word in line) * height
    left, right = min(word.x0 for word in line) * width, max(word.x1 for word in line) * width
    margin = _MARGIN * (bottom - top)
    return (
        max(0, round(left - margin)),
        max(0, round(top - margin)),
        min(width, max(round(right + margin), round(left) + 1)),
        min(height, max(round(bottom + margin), round(top) + 1)),
    )
