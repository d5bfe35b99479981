"""The job `letter.read`: reads a letter's documents page by page, yielding to other letters."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from jobs.errors import Permanent, Transient, Unavailable, Yield
from jobs.kinds import JobKind
from jobs.runner import others_wait
from ocr import spool
from ocr.caches import spool_folder
from ocr.children.cores import Cores
from ocr.children.sandbox import read_pages
from ocr.errors import ReaderFailed, Unreadable
from ocr.kinds import OcrEvent
from ocr.problems import explain
from ocr.reading import PageReading, Speed
from registry.changes import record_change
from registry.files import vault
from registry.files.receiving import VaultError
from registry.kinds import RegistryJob
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.reading import readings

Progress = Callable[[int, int], None]
SLICE_SECONDS = 15.0  # a letter reads for so long; then waiting letters come first
_MOST_DEATHS = 2


@dataclass(frozen=True, slots=True)
class LetterReading:
    """New readings of a letter's documents, and the originals they are of (SHA-256)."""

    readings: tuple[readings.NewReading, ...]
    originals: tuple[str, ...]


def read_letter_work(letter_id: str, progress: Progress) -> LetterReading:
    """Read every document of the letter without a reading; call `progress(done, total)` in pages.

    A document that can't be read gives a reading with its problem, the others are read. Pages read
    survive a crash. Raise Yield (other letters wait, and pages are left), Transient (crash, missing
    engine), Unavailable (the vault can't be reached) and Permanent (an original is missing).
    """
    go_on = a_slice(RegistryJob.LETTER_READ)
    documents = readings.unread_documents(letter_id)
    done, new = 0, []
    for position, document in enumerate(documents):
        behind = len(documents) - position - 1

        def report(number: int, total: int, before: int = done, behind: int = behind) -> None:
            progress(before + number, before + total + behind)

        reading = _read_document(document, report, go_on)
        done += max(len(list(reading.pages)), 1)
        progress(done, done + behind)
        new.append(reading)
    return LetterReading(tuple(new), tuple(document.file.sha256 for document in documents))


def save_letter_reading(letter_id: str, result: LetterReading) -> None:
    """Record what was read, in the caller's transaction."""
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    readings.record_readings(letter, result.readings)
    for original in result.originals:
        spool.forget(spool_folder(), original)


def reading_parked(letter_id: str, code: str) -> None:
    """Record in the letter's history, in the caller's transaction, that reading was given up."""
    record_change(
        Letter.objects.get(pk=letter_id), OcrEvent.UNREAD, actor=None, data={"problem": code}
    )


def a_slice(kind: JobKind) -> Callable[[], bool]:
    """Return a check whether a job of this kind, begun now, may begin another page."""
    end = time.monotonic() + SLICE_SECONDS
    return lambda: time.monotonic() < end or not others_wait(kind)


def read_missing(
    document: Document,
    kept: spool.Spool,
    numbers: Sequence[int] | None,
    *,
    speed: Speed,
    report: Progress,
    go_on: Callable[[], bool],
) -> None:
    """Read these pages (all where None) of the document into its spool.

    A page on which the engine failed is kept as such where the engine read others. Raise Yield,
    Transient (the engine reads nothing), Unreadable, ReaderFailed, Unavailable and Permanent.
    """
    failed: list[PageReading] = []

    def on_page(page: PageReading, total: int) -> None:
        failed.append(page) if page.problem == "engine" else kept.keep(page, total)
        report(len(kept.numbers) + len(failed), total)

    with _original(document) as path:
        outcome = read_pages(
            path,
            on_page=on_page,
            numbers=numbers,
            media_type=document.media_type or None,
            page_seconds=settings.OCR_PAGE_SECONDS,
            languages=settings.OCR_LANGUAGES,
            speed=speed,
            cores=_cores(settings.OCR_PROCESSES),
            go_on=go_on,
            deaths=kept.lost,
        )
    kept.note(engine=outcome.engine, lost=outcome.deaths)
    if not outcome.finished:
        raise Yield
    if failed and not any(page["source"] == "ocr" for page in kept.pages()):
        raise Transient("engine", str(explain("engine")))
    for page in failed:
        kept.keep(page, outcome.total)


@contextmanager
def _original(document: Document) -> Iterator[Path]:
    """Yield the document's original as a file. Raise Permanent and Unavailable."""
    try:
        with vault.open_path(document.file.sha256) as path:
            yield path
    except VaultError as error:
        if error.code == "missing":
            raise Permanent("original_missing", "An original is not in the vault.") from None
        raise Unavailable("vault", "The vault cannot be reached.") from None


@cache
def _cores(count: int) -> Cores:
    """Return the one count for all letters that this process reads."""
    return Cores(count)


def _read_document(
    document: Document, report: Progress, go_on: Callable[[], bool]
) -> readings.NewReading:
    with spool.open_spool(spool_folder(), document.file.sha256) as kept:
        try:
            if kept.missing != []:
                read_missing(
                    document, kept, kept.missing, speed="quick", report=report, go_on=go_on
                )
        except Unreadable as error:
            if not kept.total:
                return _without_pages(document, error.code)
            for number in kept.missing or ():
                kept.keep(PageReading(number, "none", problem=error.code), kept.total)
        except ReaderFailed as error:
            kept.note(deaths=kept.deaths + 1)
            if kept.deaths < _MOST_DEATHS:
                raise Transient("crashed", str(error)) from None
            return _without_pages(document, "crashed")
        return as_new(document.pk, kept.pages(), engine=kept.engine)


def _without_pages(document: Document, problem: str) -> readings.NewReading:
    return readings.NewReading(document.pk, "none", "", "", [], problem=problem)


def as_new(
    document_id: UUID, pages: Iterable[dict[str, Any]], *, engine: str
) -> readings.NewReading:
    """Return the reading of these pages, which are iterated once.

    Only their rows hold their words. Its language is that of most of the text; its problem that of
    its pages where all have one, "doubtful" where any of them says something.
    """
    texts: list[str] = []
    weight: Counter[str] = Counter()

    def seen() -> Iterator[dict[str, Any]]:
        for page in pages:
            texts.append(page["text"])
            if page["language"]:
                weight[page["language"]] += len(page["text"])
            yield page

    kept = readings.keep_pages(document_id, seen())
    problems = sorted((page["problem"] for page in kept), key=lambda code: code != "doubtful")
    return readings.NewReading(
        document_id=document_id,
        engine=engine or "none",
        language=weight.most_common(1)[0][0] if weight else "",
        text="\n\n".join(filter(None, texts)).strip(),
        pages=kept,
        problem=problems[0] if problems and all(problems) else "",
    )
