"""The front door for the office: reading a letter as a job, and pictures of its pages."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from jobs.errors import Permanent, Transient, Unavailable
from ocr import spool
from ocr.errors import ReaderFailed, Unreadable
from ocr.problems import explain
from ocr.reading import PageReading, Reading
from ocr.sandbox import read_in_child, render_in_child
from registry import readings, vault
from registry.changes import record_change
from registry.models import Document, Letter

Progress = Callable[[int, int], None]
WIDTHS = (200, 900, 1400, 2000)  # pixels: thumbnail, phone, desk, looking closely
_MOST_DEATHS = 2
_rendering = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class LetterReading:
    """New readings of a letter's documents, and the originals they are of (SHA-256)."""

    readings: tuple[readings.NewReading, ...]
    originals: tuple[str, ...]


def read_letter_work(letter_id: str, progress: Progress) -> LetterReading:
    """Read every document of the letter that has no reading; `progress(done, total)` in pages.

    A document that can't be read gives a reading with its problem, the others are read. Pages read
    survive a crash. Raises Transient (crash, missing engine), Unavailable (vault away) and
    Permanent (an original is missing).
    """
    documents = readings.unread_documents(letter_id)
    done, new = 0, []
    for position, document in enumerate(documents):
        behind = len(documents) - position - 1

        def tell(number: int, total: int, before: int = done, behind: int = behind) -> None:
            progress(before + number, before + total + behind)

        reading = _read_document(document, tell)
        done += max(len(reading.pages), 1)
        progress(done, done + behind)
        new.append(_as_new(document, reading))
    return LetterReading(tuple(new), tuple(document.file.sha256 for document in documents))


def save_letter_reading(letter_id: str, result: LetterReading) -> None:
    """Record what was read, in the caller's transaction."""
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    readings.record_readings(letter, result.readings)
    for original in result.originals:
        spool.forget(_spool_folder(), original)


def tell_unread(letter_id: str, code: str) -> None:
    """Reading was given up for now: the letter's history says so, in the caller's transaction."""
    record_change(Letter.objects.get(pk=letter_id), "unread", actor=None, data={"problem": code})


def page_image(document: Document, number: int, width: int, *, turn: int | None = None) -> Path:
    """A WebP picture of page `number` (from 1), upright as it was read, in the nearest of `WIDTHS`.

    Made once and kept. Raises Unreadable (code `unsupported` where a file has no pages to show)
    and ReaderFailed.
    """
    width = min(WIDTHS, key=lambda known: abs(known - width))
    turn = _turn_of(document, number) if turn is None else turn
    sha256 = document.file.sha256
    folder = settings.DATA_DIR / "cache" / "pages" / sha256[:2] / sha256
    target: Path = folder / f"{int(number)}-{width}-{turn}.webp"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the second who asks waits for the first one's picture
        if not target.is_file():
            with _rendering, vault.open_path(sha256) as path:
                picture = render_in_child(
                    path, document.media_type or None, number, width, turn=turn
                )
            _put(target, picture)
    return target


def _read_document(document: Document, tell: Progress) -> Reading:
    with spool.open_spool(_spool_folder(), document.file.sha256) as kept:

        def on_page(page: PageReading, total: int) -> None:
            if page.problem == "engine":
                raise Transient("engine", str(explain("engine")))
            kept.keep(page, total)
            tell(page.number, total)

        try:
            with vault.open_path(document.file.sha256) as path:
                return read_in_child(
                    path,
                    media_type=document.media_type or None,
                    on_page=on_page,
                    page_seconds=settings.OCR_PAGE_SECONDS,
                    languages=settings.OCR_LANGUAGES,
                    speed="as_needed",
                    known=tuple(kept.pages),
                    known_total=kept.total,
                )
        except Unreadable as error:
            return Reading("", (), "none", problem=error.code)
        except ReaderFailed as error:
            if kept.note_death() < _MOST_DEATHS:
                raise Transient("crashed", str(error)) from None
            return Reading("", (), "none", problem="crashed")
        except vault.VaultError as error:
            if error.code == "missing":
                raise Permanent("original_missing", "An original is not in the vault.") from None
            raise Unavailable("vault", "The vault cannot be reached.") from None


def _as_new(document: Document, reading: Reading) -> readings.NewReading:
    problem = reading.problem
    if not problem and reading.pages and all(page.problem for page in reading.pages):
        problem = reading.pages[0].problem
    return readings.NewReading(
        document_id=document.pk,
        engine=reading.engine,
        language=reading.language,
        text=reading.text.replace("\f", "\n\n").strip(),
        pages=[page.to_dict() for page in reading.pages],
        problem=problem,
    )


def _turn_of(document: Document, number: int) -> int:
    """The turn with which the page was read; 0 while it is unread."""
    row = document.readings.filter(current=True).values_list("pages", flat=True).first()
    for page in row or ():
        if page.get("number") == number:
            return int(page.get("turn", 0))
    return 0


def _spool_folder() -> Path:
    folder: Path = settings.DATA_DIR / "cache" / "reading"
    return folder


def _put(target: Path, data: bytes) -> None:
    """Write beside, then rename: nobody ever sees half a picture."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    os.chmod(name, 0o644)
    os.replace(name, target)
