"""Office files with macros and PDFs with scripts are marked, and nothing else is."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from org.models import User
from registry.files.media import check_media
from registry.models.marks import FileMark
from tests import factories
from tests.ocr.test_rendition import letter_docx


def with_member(package: bytes, name: str) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a") as changed:
        changed.writestr(name, b"\0")
    return out.getvalue()


def scripted(where: str) -> bytes:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if where == "names":
            tree = pikepdf.Dictionary(Names=pikepdf.Array(["a", script]))
            pdf.Root.Names = pikepdf.Dictionary(JavaScript=tree)
        elif where == "launch":
            pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
        elif where == "page":
            pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        pytest.param(letter_docx("Bonjour"), "", id="docx"),
        pytest.param(
            with_member(letter_docx("Bonjour"), "word/vbaProject.bin"), "macros", id="vba"
        ),
        pytest.param(with_member(letter_docx("B"), "word/VBAPROJECT.BIN"), "macros", id="VBA"),
        pytest.param(with_member(letter_docx("B"), "word/activeX/a.bin"), "macros", id="activex"),
        pytest.param(scripted(""), "", id="pdf"),
        pytest.param(scripted("names"), "scripts", id="script of the document"),
        pytest.param(scripted("page"), "scripts", id="script of a page"),
        pytest.param(scripted("launch"), "scripts", id="a program"),
    ],
)
def test_what_would_run_is_seen(content: bytes, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert check_media(path, name="a").mark == mark


@pytest.mark.django_db
def test_page_api_and_download_say_so(client: Client, amina: User) -> None:
    files = [factories.file("contrat.pdf", scripted("names")), factories.file("a.txt", b"Bonjour")]
    letter = factories.deposit(actor=amina, files=files).letter
    marked, plain = letter.documents.all()
    assert [mark.file_id for mark in FileMark.objects.all()] == [marked.file_id]
    client.force_login(amina)
    page = client.get(reverse("desk:letter", args=[letter.pk])).content.decode()
    assert page.count("contient des scripts") >= 2
    saved = client.get(reverse("desk:original", args=[letter.pk, marked.pk]))
    assert "SCRIPTS" in saved["Content-Disposition"]
    saved = client.get(reverse("desk:original", args=[letter.pk, plain.pk]))
    assert "SCRIPTS" not in saved["Content-Disposition"]
