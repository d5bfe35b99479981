"""Pages read quickly are read carefully in spare time; nothing a person wrote is touched."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from PIL import Image

from jobs import runner
from jobs.errors import Yield
from jobs.models import Job
from jobs.outbox import enqueue
from ocr import services, spool
from ocr.caches import spool_folder
from ocr.kinds import OcrEvent, OcrJob
from ocr.reading import PageReading, Word
from org.models import User
from registry.kinds import RegistryEvent, RegistryJob
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.readings import DocumentReading, ReadingPage
from registry.reading.readings import NewReading, current_reading, record_readings, whole_pages
from registry.verification import verify_register
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_data_dir")]
WORDS = (Word("mot", (0.1, 0.1, 0.2, 0.2), 0.9),)


def page(number: int, text: str, **more: Any) -> PageReading:
    """A page as it was read by OCR, quickly."""
    made = PageReading(number, "ocr", "fr", 0.9, text, WORDS, care="quick")
    return replace(made, **more)


@pytest.fixture
def letter(amina: User) -> Letter:
    """A scan of four pages: two read quickly, a text layer between them, one typed by a person."""
    scan = io.BytesIO()
    Image.new("L", (40, 40), 255).save(scan, "PNG")
    made = factories.deposit(actor=amina, files=[factories.file("a.png", scan.getvalue())]).letter
    typed = page(4, "écrit par elle").to_dict() | {"source": "person"}
    record(
        made,
        page(1, "facture nurnéro 12").to_dict(),
        page(2, "couche", source="text", care="").to_dict(),
        page(3, "le reste").to_dict(),
        typed,
    )
    Job.objects.all().delete()
    return made


def record(letter: Letter, *pages: dict[str, Any]) -> None:
    text = "\n\n".join(one["text"] for one in pages)
    with transaction.atomic():
        record_readings(
            letter, [NewReading(letter.documents.get().pk, "e 1", "fr", text, list(pages))]
        )


def read_carefully(letter: Letter, *pages: PageReading) -> None:
    """As if an earlier attempt at the careful reading had read these pages."""
    name = f"{letter.documents.get().file.sha256}.careful"
    with spool.open_spool(spool_folder(), name) as kept:
        for one in pages:
            kept.keep(replace(one, care="careful"), 4)
        kept.note(engine="e 2")


def read_again(letter: Letter) -> list[dict[str, Any]]:
    result = services.read_again_work(str(letter.pk), lambda *_: None)
    with transaction.atomic():
        services.save_second_reading(str(letter.pk), result)
    return pages_of(letter)


def pages_of(letter: Letter) -> list[dict[str, Any]]:
    reading = current_reading(letter.documents.get().pk)
    assert reading is not None
    return list(whole_pages(reading))


def test_the_better_text_replaces_the_quick_one_and_nothing_else(letter: Letter) -> None:
    read_carefully(letter, page(1, "facture numéro 12"), page(3, "le reste"))
    first, layer, rest, typed = read_again(letter)
    assert (first["text"], first["care"]) == ("facture numéro 12", "careful")
    assert (layer["source"], layer["care"]) == ("text", "")
    assert (rest["text"], rest["care"]) == ("le reste", "careful")
    assert (typed["text"], typed["source"]) == ("écrit par elle", "person")
    assert ReadingPage.objects.count() == 5  # one page has new words, the others share their rows
    assert DocumentReading.objects.get(current=True).engine == "e 2"
    assert not services.has_quick_pages(str(letter.pk))
    assert list(verify_register()) == []


def test_a_careful_reading_that_says_nothing_leaves_the_quick_one(letter: Letter) -> None:
    failed = PageReading(3, "none", problem="timeout")
    read_carefully(letter, page(1, "  "), failed)
    first, _, rest, _ = read_again(letter)
    assert (first["text"], first["care"]) == ("facture nurnéro 12", "careful")
    assert (rest["text"], rest["problem"]) == ("le reste", "")


def test_only_new_words_are_understood_again(letter: Letter) -> None:
    for text, again in (("facture nurnéro 12", False), ("facture numéro 12", True)):
        Job.objects.all().delete()
        record(letter, page(1, "facture nurnéro 12").to_dict())
        read_carefully(letter, page(1, text))
        run_job(letter)
        assert Job.objects.filter(kind=RegistryJob.LETTER_UNDERSTAND).exists() == again
        assert Job.objects.get(kind=OcrJob.LETTER_READ_AGAIN).state == "done"


def run_job(letter: Letter) -> None:
    with transaction.atomic():
        job_id = enqueue(OcrJob.LETTER_READ_AGAIN, letter.pk)
    assert runner.run_job(job_id)


def test_a_person_who_was_faster_is_not_overwritten(letter: Letter) -> None:
    read_carefully(letter, page(1, "facture numéro 12"), page(3, "le reste!"))
    result = services.read_again_work(str(letter.pk), lambda *_: None)
    corrected = page(1, "facture n° 12").to_dict() | {"source": "person"}
    record(letter, corrected, page(3, "le reste").to_dict())
    with transaction.atomic():
        services.save_second_reading(str(letter.pk), result)
    assert [one["text"] for one in pages_of(letter)] == ["facture n° 12", "le reste"]
    assert services.has_quick_pages(str(letter.pk))  # so the job comes again
    assert [one["text"] for one in read_again(letter)] == ["facture n° 12", "le reste!"]


def test_a_letter_that_waits_to_be_read_comes_first(letter: Letter, amina: User) -> None:
    factories.deposit(actor=amina)
    with pytest.raises(Yield):
        services.read_again_work(str(letter.pk), lambda *_: None)


def test_a_scan_is_read_quickly_then_carefully_and_told_once(
    amina: User, french_scan: Image.Image
) -> None:
    out = io.BytesIO()
    french_scan.save(out, "PNG")
    letter = factories.deposit(actor=amina, files=[factories.file("a.png", out.getvalue())]).letter
    factories.drain(RegistryJob.LETTER_READ)
    (first,) = pages_of(letter)
    assert first["care"] == "quick"
    factories.drain(OcrJob.LETTER_READ_AGAIN)
    (second,) = pages_of(letter)
    assert second["care"] == "careful"
    assert "réclamation" in second["text"]
    events = LetterEvent.objects.filter(
        letter=letter, kind__in=[RegistryEvent.READ, OcrEvent.READ_AGAIN]
    )
    assert [event.visibility for event in events] == ["staff", "staff"]
    assert list(spool_folder().glob("*")) == []


def test_a_letter_of_text_is_not_read_again(amina: User) -> None:
    factories.deposit(actor=amina)
    factories.drain(RegistryJob.LETTER_READ)
    assert not Job.objects.filter(kind=OcrJob.LETTER_READ_AGAIN).exists()
