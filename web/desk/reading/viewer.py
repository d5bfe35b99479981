"""A page of a document on screen: its picture, its text beside it, and the words to check."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from registry.files.renditions import renditions_of
from registry.kinds import RegistryJob
from registry.models.documents import Document, Rendition
from registry.models.letters import Letter
from registry.models.marks import warning_of
from registry.reading.readings import current_reading, page_of, problems_of_readings
from registry.refusals import problem_words
from routing.kinds import RoutingJob
from search.answers.marks import Marker
from web.desk.find.hits import Hits, boxes_of, first_place, hits_of, marker_of

WEAK: Final = 0.6  # below this confidence a person should look at the word
_AIR: Final = 3  # thousandths of the page around a hit
_LOOK_AHEAD: Final = 400  # characters: words whose spelling differs from the text are passed over
SOURCES: Final = {
    "text": _("Text layer"),
    "ocr": _("Read from the picture"),
    "person": _("Corrected by a person"),
    "none": _("No text"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the page's text.

    `weak` words were read with little confidence, a `hit` matches the search that led here.
    """

    text: str
    weak: bool
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a word stands on the picture: strings for SVG, in thousandths of the page."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page in the viewer; `percent` is the confidence, None where nothing was read."""

    number: int
    language: str
    source: Any
    percent: int | None
    problem: str
    pieces: list[Piece]
    spots: list[Spot]
    hits: list[Spot]

    @property
    def count(self) -> int:
        """The number of hits on the page, in its text or on its picture."""
        return max(len(self.hits), sum(piece.hit for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class Viewer:
    """One page of one document, and the ways to the others."""

    document: Document
    page: ShownPage | None
    number: int
    total: int
    has_picture: bool
    has_searchable: bool
    problem: str
    hits: Hits | None

    @property
    def warning(self) -> str:
        """What would run where the original is opened, "" for the most."""
        return warning_of(self.document.file)

    @property
    def previous(self) -> int | None:
        """The page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, None on the last."""
        return self.number + 1 if self.number < self.total else None


def viewer_of(
    documents: list[Document], *, wanted: str, number: int | None, words: str = ""
) -> Viewer | None:
    """Return the viewer on page `number` of the wanted document, else of the first; or None.

    The `words` of a search are marked; where no page is named, or the first of no document in
    particular, it opens on the first page with one, of the wanted document before all others.
    """
    if not documents:
        return None
    document = next((d for d in documents if str(d.pk) == wanted), documents[0])
    marker = marker_of(words)
    if marker and (number is None or (number == 1 and not wanted)):
        place = first_place([document], marker) if wanted else None
        document, number = place or first_place(documents, marker) or (document, 1)
    reading = current_reading(document.pk)
    made = renditions_of(document)
    rendered = made.get(Rendition.Kind.PDF)
    read = len(reading.pages) if reading else 0
    total = max(read, rendered.pages if rendered else 0, 1)
    number = min(max(number or 1, 1), total)
    # The text of an office document is one page, whatever its printed pages are.
    page = page_of(reading, min(number, read)) if reading else None
    code = document.problem or (reading.problem if reading else "")
    shown = shown_page(page, marker) if page else None
    count = shown.count if shown else 0
    return Viewer(
        document=document,
        page=shown,
        number=number,
        total=total,
        has_picture=has_picture(document) or rendered is not None,
        has_searchable=Rendition.Kind.SEARCHABLE in made,
        problem=problem_words(code) if code else "",
        hits=hits_of(words, marker, document, number, count) if marker else None,
    )


def shown_number(text: str) -> int:
    """Return a page's number as an address names it; 1 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def has_picture(document: Document) -> bool:
    """Return whether the document has pages that can be drawn."""
    kind = document.media_type
    return not document.problem and (kind == "application/pdf" or kind.startswith("image/"))


def shown_page(page: dict[str, Any], marker: Marker | None = None) -> ShownPage:
    """Return a page of a reading (ocr.reading's JSON) as the viewer shows it.

    Words of a text layer are doubted as well: numbers that its picture shows otherwise.
    """
    read = page.get("source") in {"ocr", "person"}
    words = page.get("words") or []
    return ShownPage(
        number=int(page["number"]),
        language=page.get("language", ""),
        source=SOURCES.get(page.get("source", "none"), SOURCES["none"]),
        percent=round(100 * float(page.get("confidence", 0))) if read else None,
        problem=problem_words(page["problem"]) if page.get("problem") else "",
        pieces=list(pieces_of(page.get("text", ""), words, marker)),
        spots=[_spot(word) for word in words if _is_weak(word)],
        hits=[_spot(word, air=_AIR) for word in boxes_of(words, marker)],
    )


def pieces_of(text: str, words: list[list[Any]], marker: Marker | None = None) -> Iterator[Piece]:
    """Yield the text, cut where weak words and hits begin and end; joined they are the text.

    `words` are [text, x0, y0, x1, y1, confidence, line] in the order of reading; one that is not
    found ahead (another spelling in the text) marks nothing.
    """
    weak = list(_weak_spans(text, words))
    hits = list(marker.spans(text)) if marker else []
    edges = sorted({0, len(text), *(edge for span in (*weak, *hits) for edge in span)})
    for start, end in pairwise(edges):
        yield Piece(text[start:end], weak=_inside(weak, start), hit=_inside(hits, start))


def _is_weak(word: list[Any]) -> bool:
    """Return whether a word is a guess; readings of a first version have no confidence."""
    return len(word) > 5 and word[5] < WEAK


def _weak_spans(text: str, words: list[list[Any]]) -> Iterator[tuple[int, int]]:
    at = 0
    for word in words:
        found = text.find(str(word[0]), at, at + _LOOK_AHEAD)
        if found < 0:
            continue
        at = found + len(word[0])
        if _is_weak(word) and at > found:
            yield found, at


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    """Return whether one of these spans, sorted and disjoint, contains the position."""
    index = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return index >= 0 and at < spans[index][1]


def _spot(word: list[Any], *, air: float = 0) -> Spot:
    x0, y0, x1, y1 = (float(edge) * 1000 for edge in word[1:5])
    sizes = (x0 - air, y0 - air, max(x1 - x0, 1) + 2 * air, max(y1 - y0, 1) + 2 * air)
    x, y, width, height = (f"{size:.1f}" for size in sizes)
    return Spot(x, y, width, height)


@dataclass(frozen=True, slots=True)
class ReadingState:
    """The progress of a letter's reading; `busy` while further results will follow."""

    busy: bool
    parked: Job | None
    done: int
    total: int


def reading_state(letter: Letter) -> ReadingState:
    """Return the state of the letter's newest reading and understanding jobs."""
    jobs = Job.objects.filter(
        subject=str(letter.pk),
        kind__in=[RegistryJob.LETTER_READ, RegistryJob.LETTER_UNDERSTAND, RoutingJob.LETTER_ROUTE],
    ).exclude(state__in=["done", "superseded"])
    rows = list(jobs.order_by("-id")[:6])
    read = next((job for job in rows if job.kind == RegistryJob.LETTER_READ), None)
    return ReadingState(
        busy=any(job.state in {"ready", "running"} for job in rows),
        parked=next((job for job in rows if job.state == "parked"), None),
        done=read.done_steps if read else 0,
        total=read.total_steps if read else 0,
    )


def problems_of(
    letter: Letter, documents: list[Document], shown: Viewer | None
) -> list[tuple[Document, str]]:
    """Return (document, words) for each document that could not be read, from any source."""
    found: dict[Any, str] = {d.pk: d.problem for d in documents if d.problem}
    if shown and documents == [shown.document]:  # read already
        return [(shown.document, shown.problem)] if shown.problem else []
    for document_id, problem in problems_of_readings(letter.pk):
        found.setdefault(document_id, problem)
    return [(d, problem_words(found[d.pk])) for d in documents if d.pk in found]
