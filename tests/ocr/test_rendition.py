"""Office documents as pages, by a real LibreOffice, which reaches nothing outside the document."""

from __future__ import annotations

import io
import os
import shutil
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from django.db import transaction
from docx.enum.text import WD_BREAK
from PIL import Image

from jobs.models import Job
from ocr import services
from ocr.errors import Unreadable
from ocr.written import rendition
from ocr.written.rendition import office_program, render_in_child
from org.models import User
from registry.archival import pdfa
from registry.models.documents import Rendition
from tests import factories

pytestmark = pytest.mark.slow  # a LibreOffice for each document
NEEDS_OFFICE = pytest.mark.usefixtures("libreoffice")


def letter_docx(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("السيد المدير العام")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def table_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("Montants", 0).append(["Montant"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_of(pdf: Path, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text: str = document[page].get_textpage().get_text_range()
    document.close()
    return text


@pytest.mark.shells_out
@pytest.mark.usefixtures("libreoffice_tables")
def test_a_letter_and_a_table_become_pages(tmp_path: Path) -> None:
    source, out = tmp_path / "stored", tmp_path / "out.pdf"
    source.write_bytes(letter_docx("Monsieur le Directeur"))
    assert render_in_child(source, out) == 2
    assert "Monsieur le Directeur" in text_of(out)
    assert "السيد" in text_of(out, 1)
    with pikepdf.open(out) as pdf:
        assert pdfa.claims(pdf)
    source.write_bytes(table_xlsx())
    assert render_in_child(source, out) == 1
    assert "Montant" in text_of(out)
    with pikepdf.open(out) as pdf:
        assert pdfa.claims(pdf)


@NEEDS_OFFICE
@pytest.mark.parametrize("walls", [True, False], ids=("within walls", "without walls"))
def test_what_a_document_links_to_is_not_fetched(walls: bool, tmp_path: Path) -> None:
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(15)
        port = server.getsockname()[1]

        def wait() -> None:
            try:
                server.accept()
            except OSError:
                return
            asked.set()

        waiter = threading.Thread(target=wait, daemon=True)
        waiter.start()
        source = tmp_path / "stored"
        source.write_bytes(_linked(f"http://127.0.0.1:{port}/seen.png"))
        if walls:
            render_in_child(source, tmp_path / "out.pdf", seconds=60)
        else:
            rendition.render(source, tmp_path / "out.pdf", media_type=None, seconds=60)
        server.shutdown(socket.SHUT_RDWR)
        waiter.join(5)
    assert "Avec image" in text_of(tmp_path / "out.pdf")
    assert not asked.is_set()


def _linked(address: str) -> bytes:
    """A DOCX whose picture lies elsewhere."""
    document = docx.Document()
    document.add_paragraph("Avec image")
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    document.add_picture(picture)
    plain, out = io.BytesIO(), io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"r:embed=", b"r:link=")
            if name == "word/_rels/document.xml.rels":
                data = data.replace(
                    b'Target="media/image1.png"',
                    f'Target="{address}" TargetMode="External"'.encode(),
                )
            new.writestr(name, data)
    return out.getvalue()


@NEEDS_OFFICE
def test_rubbish_in_office_clothes_ends_in_a_clear_error(tmp_path: Path) -> None:
    source = tmp_path / "stored"
    whole = letter_docx("Coupée")
    source.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable):
        render_in_child(source, tmp_path / "out.pdf", media_type=docx_type())
    assert not (tmp_path / "out.pdf").exists()


def docx_type() -> str:
    from ocr.media import DOCX

    return DOCX


@pytest.fixture
def slow_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A program in LibreOffice's place."""

    def install(script: str) -> None:
        shutil.copy("/bin/sh", tmp_path / "sh")  # a child may start what lies beside the program
        program = tmp_path / "soffice"
        program.write_text(f"#!{tmp_path}/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        office_program.cache_clear()

    yield install
    office_program.cache_clear()


def test_an_office_program_that_hangs_is_ended(
    slow_office: Callable[[str], None], tmp_path: Path
) -> None:
    source = tmp_path / "stored"
    source.write_bytes(letter_docx("Bonjour"))
    os.mkfifo(tmp_path / "never")
    slow_office(f": < {tmp_path}/never")
    with pytest.raises(Unreadable, match="timeout"):
        render_in_child(source, tmp_path / "out.pdf", seconds=3)


def test_an_office_program_that_makes_nothing_is_said_so(
    slow_office: Callable[[str], None], tmp_path: Path
) -> None:
    source = tmp_path / "stored"
    source.write_bytes(letter_docx("Bonjour"))
    slow_office("exit 0")
    with pytest.raises(Unreadable, match="damaged"):
        render_in_child(source, tmp_path / "out.pdf")


def test_what_is_no_office_document_is_not_given_to_libreoffice(tmp_path: Path) -> None:
    source = tmp_path / "stored"
    source.write_bytes(b"From: a@b.ma\nTo: c@d.ma\nSubject: x\n\nBonjour")
    with pytest.raises(Unreadable, match="unsupported"):
        render_in_child(source, tmp_path / "out.pdf")


@NEEDS_OFFICE
@pytest.mark.django_db
def test_an_office_document_is_shown_as_pages(amina: User, own_data_dir: Path) -> None:
    file = factories.file("lettre.docx", letter_docx("Monsieur le Directeur"))
    letter = factories.deposit(actor=amina, files=[file]).letter
    Job.objects.all().delete()
    assert services.is_rendering_due(str(letter.pk))
    made = services.render_letter_work(str(letter.pk), lambda done, total: None)
    with transaction.atomic():
        services.save_renditions(str(letter.pk), made)
    assert not services.is_rendering_due(str(letter.pk))
    assert Rendition.objects.get(document__letter=letter).pages == 2
    picture = services.page_image(letter.documents.get(), 2, 200)
    with Image.open(picture) as shown:
        assert shown.width == 200


@pytest.mark.django_db
def test_without_libreoffice_nothing_is_tried(
    amina: User, own_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office_program.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    file = factories.file("lettre.docx", letter_docx("Monsieur le Directeur"))
    letter = factories.deposit(actor=amina, files=[file]).letter
    assert not services.is_rendering_due(str(letter.pk))
    office_program.cache_clear()
