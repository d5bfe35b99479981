"""A letter is read as a job: every document, once, whatever some of them do."""

from __future__ import annotations

import fcntl
import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from PIL import Image

from jobs.errors import Permanent, Transient
from jobs.models import Job
from ocr import drawing, services
from ocr.children import sandbox
from ocr.errors import PictureDelayed, Unreadable
from org.models import User
from registry.files.vault import get_vault
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from tests import factories
from tests.ocr.conftest import ARABIC, FRENCH, html_pdf, joined_pdf, paragraph, picture_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_data_dir")]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def read(letter: Letter) -> list[DocumentReading]:
    """Work outside, save inside, as the runner does it."""
    result = services.read_letter_work(str(letter.pk), silent)
    with transaction.atomic():
        services.save_letter_reading(str(letter.pk), result)
    return list(DocumentReading.objects.filter(current=True).order_by("document__position"))


def arabic_pdf() -> bytes:
    return html_pdf(paragraph(ARABIC, rtl=True))


def spooled(folder: Path) -> list[str]:
    return [path.name for path in (folder / "cache" / "reading").glob("*")]


def test_every_document_is_read_and_progress_counts_pages(
    amina: User, french_scan: Image.Image, own_data_dir: Path
) -> None:
    mixed = joined_pdf(arabic_pdf(), picture_pdf(french_scan))
    files = [factories.file("a.pdf", mixed), factories.text_file(FRENCH)]
    letter = factories.deposit(actor=amina, files=files).letter
    steps: list[tuple[int, int]] = []
    result = services.read_letter_work(str(letter.pk), lambda *step: steps.append(step))
    assert steps[0] == (1, 3)
    assert steps[-1] == (3, 3)
    with transaction.atomic():
        services.save_letter_reading(str(letter.pk), result)
    first, second = DocumentReading.objects.order_by("document__position")
    assert [page["source"] for page in first.pages] == ["text", "ocr"]
    assert "réclamation" in first.text
    assert ARABIC[:20] in first.text
    assert second.text == FRENCH
    letter.refresh_from_db()
    assert letter.language == "fr"  # of most of the text of its first document
    assert spooled(own_data_dir) == []


def test_what_has_a_reading_is_not_read_again(amina: User) -> None:
    letter = factories.deposit(actor=amina, files=[factories.text_file(FRENCH)]).letter
    read(letter)
    assert services.read_letter_work(str(letter.pk), silent).readings == ()


def test_an_unreadable_document_does_not_keep_the_others_from_being_read(amina: User) -> None:
    letter = factories.deposit(
        actor=amina, files=[factories.pdf("Premier"), factories.text_file(FRENCH)]
    ).letter
    broken = Document.objects.get(letter=letter, position=1).file
    _overwrite(broken.sha256, b"%PDF-1.4 what a disk fault leaves")
    first, second = read(letter)
    assert (first.problem, first.text, first.pages) == ("damaged", "", [])
    assert second.text == FRENCH


def _overwrite(sha256: str, data: bytes) -> None:
    path = get_vault().path_of(sha256)  # type: ignore[attr-defined]
    path.chmod(0o644)
    path.write_bytes(data)


def test_a_blank_scan_is_marked_for_a_person(amina: User) -> None:
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG")
    letter = factories.deposit(actor=amina, files=[factories.file("a.png", out.getvalue())]).letter
    (reading,) = read(letter)
    assert reading.problem == "empty"


def test_pages_read_before_a_crash_are_not_read_again(
    amina: User, french_scan: Image.Image, own_data_dir: Path
) -> None:
    """The worker goes down behind page 1: the next attempt begins with page 2."""
    mixed = joined_pdf(arabic_pdf(), picture_pdf(french_scan))
    letter = factories.deposit(actor=amina, files=[factories.file("a.pdf", mixed)]).letter

    class WorkerGoneError(BaseException):
        pass

    def die(done: int, total: int) -> None:
        raise WorkerGoneError

    with pytest.raises(WorkerGoneError):
        services.read_letter_work(str(letter.pk), die)
    (name,) = spooled(own_data_dir)
    spool = own_data_dir / "cache" / "reading" / name
    assert len(spool.read_text().splitlines()) == 1
    steps: list[tuple[int, int]] = []
    services.read_letter_work(str(letter.pk), lambda *step: steps.append(step))
    assert steps[0] == (2, 2)


def test_a_missing_engine_is_tried_again_later(
    amina: User, fake_tesseract: Callable[[str], Path]
) -> None:
    fake_tesseract("exit 1")
    letter = factories.deposit(actor=amina, files=[factories.picture()]).letter
    for _ in range(3):
        with pytest.raises(Transient) as caught:
            services.read_letter_work(str(letter.pk), silent)
        assert caught.value.code == "engine"


def test_a_document_that_kills_its_reader_twice_is_given_up_and_the_others_are_read(
    amina: User, fake_tesseract: Callable[[str], Path]
) -> None:
    fake_tesseract("kill -9 $PPID; sleep 5")
    files = [factories.picture(), factories.text_file(FRENCH)]
    letter = factories.deposit(actor=amina, files=files).letter
    first, second = read(letter)
    assert (first.problem, second.text) == ("crashed", FRENCH)


def test_an_original_that_is_gone_needs_a_person(amina: User) -> None:
    text = f"{FRENCH} Ce texte n'est à nul autre essai."  # test processes share one vault
    letter = factories.deposit(actor=amina, files=[factories.text_file(text)]).letter
    path = get_vault().path_of(  # type: ignore[attr-defined]
        Document.objects.get(letter=letter).file.sha256
    )
    path.unlink()
    with pytest.raises(Permanent) as caught:
        services.read_letter_work(str(letter.pk), silent)
    assert caught.value.code == "original_missing"


def test_a_given_up_reading_stands_in_the_letters_history(amina: User) -> None:
    letter = factories.deposit(actor=amina).letter
    with transaction.atomic():
        services.reading_parked(str(letter.pk), "engine")
    event = letter.events.order_by("seq").last()
    assert event is not None
    assert (event.kind, event.data) == ("unread", {"problem": "engine"})


def test_the_job_reads_and_the_next_step_follows(amina: User) -> None:
    letter = factories.deposit(actor=amina, files=[factories.text_file(FRENCH)]).letter
    assert factories.drain("letter.read") == 1
    assert DocumentReading.objects.get(document__letter=letter).text == FRENCH
    assert Job.objects.filter(kind="letter.understand", subject=str(letter.pk)).exists()


def test_a_page_picture_is_made_once_by_many_who_ask(amina: User, own_data_dir: Path) -> None:
    letter = factories.deposit(actor=amina, files=[factories.pdf("Bonjour")]).letter
    document = Document.objects.select_related("file").get(letter=letter)
    paths: list[Path] = []
    threads = [
        threading.Thread(target=lambda: paths.append(services.page_image(document, 1, 850, turn=0)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(paths)) == 1
    assert len(paths) == 4
    assert Image.open(paths[0]).width == 900
    assert [path.name for path in paths[0].parent.glob("*.webp")] == [paths[0].name]
    assert own_data_dir in paths[0].parents


def test_who_is_not_patient_learns_that_others_are_drawn_first(amina: User) -> None:
    letter = factories.deposit(actor=amina, files=[factories.pdf("Bonjour")]).letter
    document = Document.objects.select_related("file").get(letter=letter)
    with drawing._places, drawing._places, pytest.raises(PictureDelayed):
        services.page_image(document, 1, 200, patience=0)
    made = services.page_image(document, 1, 200, patience=0)
    with (made.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PictureDelayed):
            services.page_image(document, 1, 900, patience=0)
        assert services.page_image(document, 1, 200, patience=0) == made


@pytest.mark.parametrize(
    ("code", "kept"), [("damaged", "UNDRAWN_SECONDS"), ("timeout", "SLOW_SECONDS")]
)
def test_what_cannot_be_drawn_is_not_tried_again_at_once(
    amina: User, own_data_dir: Path, monkeypatch: pytest.MonkeyPatch, code: str, kept: str
) -> None:
    letter = factories.deposit(actor=amina, files=[factories.pdf("Bonjour")]).letter
    document = Document.objects.select_related("file").get(letter=letter)
    draw, tried = sandbox.render_in_child, []

    def out_of_time(*_: object, **__: object) -> bytes:
        tried.append(1)
        raise Unreadable(code, "picture")

    monkeypatch.setattr(services, "render_in_child", out_of_time)
    for _ in range(3):
        with pytest.raises(Unreadable) as caught:
            services.page_image(document, 1, 900)
        assert caught.value.code == code
    assert len(tried) == 1

    monkeypatch.setattr(services, "render_in_child", draw)
    monkeypatch.setattr(drawing, kept, 0)
    assert services.page_image(document, 1, 900).is_file()
    monkeypatch.undo()
    assert services.page_image(document, 1, 900).is_file()  # what is there is shown


def test_a_page_that_does_not_exist_has_no_picture(amina: User) -> None:
    letter = factories.deposit(actor=amina, files=[factories.pdf(), factories.text_file()]).letter
    pdf, text = Document.objects.select_related("file").filter(letter=letter).order_by("position")
    for document, number, code in ((pdf, 2, "empty"), (pdf, 0, "empty"), (text, 1, "unsupported")):
        with pytest.raises(Unreadable) as caught:
            services.page_image(document, number, 900)
        assert caught.value.code == code


def test_a_page_read_lying_is_shown_upright(amina: User, french_scan: Image.Image) -> None:
    out = io.BytesIO()
    french_scan.rotate(90, expand=True).save(out, "PNG")
    letter = factories.deposit(actor=amina, files=[factories.file("a.png", out.getvalue())]).letter
    (reading,) = read(letter)
    assert reading.pages[0]["turn"] == 90
    document = Document.objects.select_related("file").get(letter=letter)
    picture = Image.open(services.page_image(document, 1, 900))
    assert picture.height > picture.width
