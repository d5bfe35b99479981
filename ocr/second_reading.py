"""The job `letter.read_again`: at low priority, reads quickly read pages carefully.

What a person corrected stays. Where the careful reading says nothing, the quick one stays.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jobs.errors import Yield
from jobs.runner import others_wait
from ocr import spool
from ocr.caches import spool_folder
from ocr.errors import ReaderFailed, Unreadable
from ocr.kinds import OcrEvent, OcrJob
from ocr.letter_reading import Progress, a_slice, as_new, read_missing
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading import readings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A document's new reading, the reading it improves, and whether its text differs."""

    improved: UUID
    new: readings.NewReading
    changed: bool
    spooled: str


def has_quick_pages(letter_id: str, _result: object = None) -> bool:
    """Return whether a page of the letter was read by OCR, and only quickly."""
    return any(_quick_pages(reading) for reading in readings.current_readings(letter_id))


def read_again_work(letter_id: str, progress: Progress) -> list[SecondReading]:
    """Read the letter's quickly read pages carefully; call `progress(done, total)` in pages.

    Raise Yield as soon as more urgent work waits, Transient, Unavailable and Permanent.
    """
    in_slice = a_slice(OcrJob.LETTER_READ_AGAIN)

    def go_on() -> bool:
        return not others_wait(OcrJob.LETTER_READ_AGAIN, more_urgent=True) and in_slice()

    wanted = [(one, _quick_pages(one)) for one in readings.current_readings(letter_id)]
    total = sum(len(numbers) for _, numbers in wanted)
    done, new = 0, []
    for reading, numbers in wanted:
        if not numbers:
            continue
        if not go_on():
            raise Yield

        def report(number: int, _total: int, before: int = done) -> None:
            progress(min(before + number, total), total)

        new.append(_read_again(reading, numbers, report, go_on))
        done += len(numbers)
    return new


def save_second_reading(letter_id: str, result: list[SecondReading]) -> None:
    """Record what was improved, in the caller's transaction.

    Where a person (or another reading) was faster, theirs stays: the job runs again and finds the
    pages it read.
    """
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    present = {reading.pk for reading in readings.current_readings(letter_id)}
    fresh = [one for one in result if one.improved in present]
    readings.record_readings(letter, [one.new for one in fresh], kind=OcrEvent.READ_AGAIN)
    for one in fresh:
        spool.forget(spool_folder(), one.spooled)


def text_changed(_letter_id: str, result: list[SecondReading]) -> bool:
    """Return whether there is anything new to understand."""
    return any(one.changed for one in result)


def _quick_pages(reading: DocumentReading) -> list[int]:
    return [
        page["number"]
        for page in readings.pages_of(reading)
        if page.get("source") == "ocr" and page.get("care") == "quick"
    ]


def _read_again(
    reading: DocumentReading, numbers: list[int], report: Progress, go_on: Any
) -> SecondReading:
    document = Document.objects.select_related("file").get(pk=reading.document_id)
    name = f"{document.file.sha256}.careful"
    with spool.open_spool(spool_folder(), name) as kept:
        left = [number for number in numbers if number not in kept.numbers]
        try:
            if left:
                read_missing(document, kept, left, speed="careful", report=report, go_on=go_on)
        except (Unreadable, ReaderFailed) as error:  # what was read quickly has to do
            logger.warning("document %s: not read again: %s", document.pk, type(error).__name__)
        engine = kept.engine if kept.numbers else reading.engine
        new = as_new(document.pk, _better(reading, numbers, kept), engine=engine)
    return SecondReading(reading.pk, new, new.text != reading.text, name)


def _is_better(careful: dict[str, Any], quick: dict[str, Any]) -> bool:
    """Return whether the careful reading has text, and is no guess where the quick one is none."""
    return bool(careful["text"].strip()) and (not careful["problem"] or bool(quick.get("problem")))


def _better(
    reading: DocumentReading, numbers: list[int], kept: spool.Spool
) -> Iterator[dict[str, Any]]:
    """Yield all pages of the reading, each in its better form, noting those tried carefully."""
    again, tried = set(kept.numbers), set(numbers)
    for page in readings.whole_pages(reading):
        number = page["number"]
        careful = kept.page(number) if number in tried & again else None
        if careful and _is_better(careful, page):
            yield careful
        elif number in tried:
            yield page | {"care": "careful"}
        else:
            yield page
