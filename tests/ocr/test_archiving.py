"""The job that makes searchable PDFs: after the reading, again after another, never in the way."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.db import transaction
from PIL import Image

from jobs.errors import Yield
from jobs.models import Job
from jobs.outbox import enqueue
from ocr import services
from ocr.archive import archiving
from ocr.archive import sandbox as archive_sandbox
from ocr.archive.sandbox import part_in_child
from ocr.errors import Unreadable
from org.models import User
from registry.files.vault import get_vault
from registry.kinds import RegistryJob
from registry.models.documents import Rendition
from registry.models.letters import Letter
from registry.reading import readings
from registry.verification import verify_register
from tests import factories
from tests.ocr.conftest import FRENCH, html_pdf, paragraph, picture_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_data_dir")]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def word(text: str, line: int = 0) -> list[object]:
    return [text, 0.1, 0.1 + 0.05 * line, 0.5, 0.13 + 0.05 * line, 0.9, line]


def page(
    number: int, text: str, *, source: str = "ocr", care: str = "careful"
) -> dict[str, object]:
    return {
        "number": number, "source": source, "language": "fr", "confidence": 0.9, "text": text,
        "words": [word(text)], "seconds": 0.1, "problem": "", "turn": 0, "care": care,
        "width": 600, "height": 800,
    }  # fmt: skip


def record(letter: Letter, pages: list[dict[str, object]]) -> None:
    document = letter.documents.get()
    new = readings.NewReading(document.pk, "test", "fr", "text", pages)
    with transaction.atomic():
        letter.refresh_from_db()
        readings.record_readings(letter, [new])


def archive(letter: Letter) -> Rendition:
    result = services.archive_letter_work(str(letter.pk), silent)
    with transaction.atomic():
        services.save_archive(str(letter.pk), result)
    return Rendition.objects.get(document__letter=letter)


def text_of(rendition: Rendition) -> str:
    assert rendition.file is not None
    with get_vault().open(rendition.file.sha256) as stream:
        document = pypdfium2.PdfDocument(stream.read())
    text: str = document[0].get_textpage().get_text_range()
    document.close()
    return text


def scanned_letter(amina: User, pages: int = 1) -> Letter:
    frames = [Image.new("L", (600, 800), 255 - number) for number in range(pages)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    file = factories.file("scan.tif", out.getvalue())
    letter = factories.deposit(actor=amina, files=[file]).letter
    Job.objects.all().delete()  # nothing more urgent waits
    return letter


def test_a_scan_gets_a_pdf_of_its_reading_and_another_after_a_correction(amina: User) -> None:
    letter = scanned_letter(amina)
    record(letter, [page(1, "Réclamation")])
    assert services.is_archive_due(str(letter.pk))
    first = archive(letter)
    assert text_of(first) == "Réclamation"
    assert not services.is_archive_due(str(letter.pk))
    record(letter, [page(1, "Réclamations", source="person")])
    assert services.is_archive_due(str(letter.pk))
    assert text_of(archive(letter)) == "Réclamations"
    assert list(verify_register()) == []


def test_a_quick_reading_waits_for_the_careful_one(amina: User) -> None:
    letter = scanned_letter(amina)
    record(letter, [page(1, "Quick", care="quick")])
    assert not services.is_archive_due(str(letter.pk))


def test_a_pdf_with_its_own_text_needs_none(amina: User) -> None:
    file = factories.file("lettre.pdf", html_pdf(paragraph(FRENCH)))
    letter = factories.deposit(actor=amina, files=[file]).letter
    record(letter, [page(1, "Own", source="text", care="")])
    assert not services.is_archive_due(str(letter.pk))
    assert services.archive_letter_work(str(letter.pk), silent) == []


def test_a_long_letter_lets_others_pass_and_goes_on_where_it_was(
    amina: User, monkeypatch: pytest.MonkeyPatch, own_data_dir: Path
) -> None:
    monkeypatch.setattr(archiving, "PART", 2)
    letter = scanned_letter(amina, pages=5)
    record(letter, [page(number, f"Page{number}") for number in range(1, 6)])
    steps: list[int] = []

    def another_arrives(done: int, total: int) -> None:
        steps.append(done)
        if len(steps) == 1:
            with transaction.atomic():
                enqueue(RegistryJob.LETTER_READ, letter.pk)

    with pytest.raises(Yield):
        services.archive_letter_work(str(letter.pk), another_arrives)
    assert steps == [2]
    Job.objects.all().delete()
    rendition = archive(letter)
    assert rendition.file is not None
    with get_vault().open(rendition.file.sha256) as stream, pikepdf.open(stream) as pdf:
        assert len(pdf.pages) == 5
    assert list((own_data_dir / "cache" / "archive").glob("*")) == []


def test_a_document_that_cannot_be_drawn_says_why_and_is_not_tried_for_ever(amina: User) -> None:
    file = factories.file("scan.pdf", picture_pdf(Image.new("L", (300, 400), 250)))
    letter = factories.deposit(actor=amina, files=[file]).letter
    Job.objects.all().delete()
    record(letter, [page(1, "One"), page(9, "A page that the file does not have")])
    rendition = archive(letter)
    assert (rendition.file, rendition.problem) == (None, "damaged")
    assert not services.is_archive_due(str(letter.pk))


def test_a_page_that_takes_too_long_ends_with_its_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_sandbox, "OPENING_SECONDS", 0.0)
    scan = tmp_path / "scan.png"
    Image.new("L", (600, 800), 255).save(scan)
    with pytest.raises(Unreadable, match="timeout"):
        part_in_child(scan, [page(1, "One")], tmp_path / "out.pdf", page_seconds=0.01)
