"""Office files and mails give their text; bombs and broken ones give a named reason."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from odf.opendocument import OpenDocumentText
from odf.text import P, Tab

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.media import DOCX, ODT, XLSX, sniff
from ocr.pipeline import read_file
from tests.ocr.conftest import ARABIC, FRENCH

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def small_docx(path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph(FRENCH)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Compteur"
    table.rows[0].cells[1].text = "N° 4471"
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph(ARABIC)
    document.sections[0].header.paragraphs[0].text = "Agence de la médina"
    document.save(str(path))
    return path


def raw_docx(path: Path, document_xml: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document_xml)
    return path


def test_docx_gives_header_paragraphs_cells_and_pages(tmp_path: Path) -> None:
    path = small_docx(tmp_path / "a.docx")
    assert sniff(path) == DOCX
    reading = read_file(path)
    first, second = reading.pages
    assert "Agence de la médina" in first.text
    assert FRENCH in first.text
    assert "Compteur\t" in first.text.replace("\n\t", "\t")
    assert "N° 4471" in first.text
    assert (second.text, second.language, second.source) == (ARABIC, "ar", "text")


def test_odt_gives_its_paragraphs(tmp_path: Path) -> None:
    document = OpenDocumentText()
    paragraph = P(text=ARABIC)
    paragraph.addElement(Tab())
    paragraph.addText("2025/14")
    document.text.addElement(paragraph)
    document.text.addElement(P(text=FRENCH))
    document.save(str(tmp_path / "a.odt"))
    assert sniff(tmp_path / "a.odt") == ODT
    text = read_file(tmp_path / "a.odt").pages[0].text
    assert text == f"{ARABIC}\t2025/14\n{FRENCH}"


def test_xlsx_gives_a_page_for_each_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.create_sheet("Relevés").append(["Compteur", 4471, None, "lu"])
    book.create_sheet("الفواتير").append(["المبلغ", 12.5])
    book.save(tmp_path / "a.xlsx")
    assert sniff(tmp_path / "a.xlsx") == XLSX
    pages = read_file(tmp_path / "a.xlsx").pages
    assert [page.text for page in pages] == [
        "Relevés\nCompteur\t4471\tlu",
        "الفواتير\nالمبلغ\t12.5",
    ]


def test_mail_gives_its_headers_and_plain_body(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Fuite d'eau", "a@example.org", "bo@example.org"
    mail["Date"] = "Tue, 04 Mar 2025 10:00:00 +0000"
    mail.set_content(ARABIC, charset="utf-8")
    mail.add_alternative(f"<p>{FRENCH}</p>", subtype="html")
    mail.add_attachment(b"not a letter", maintype="text", subtype="plain", filename="x.txt")
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    text = read_file(tmp_path / "a.eml").pages[0].text
    assert text.startswith("Subject: Fuite d'eau\nFrom: a@example.org")
    assert ARABIC in text
    assert "not a letter" not in text


def test_html_only_mail_gives_what_a_person_sees(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "s", "a@example.org"
    mail.set_content(
        "<html><head><style>p{}</style></head><body><p>Bonjour&nbsp;à tous</p>"
        "<script>alert(1)</script><p>Fin</p></body></html>",
        subtype="html",
    )
    (tmp_path / "a.eml").write_bytes(bytes(mail))
    text = read_file(tmp_path / "a.eml").pages[0].text
    assert "Bonjour à tous\nFin" in text
    assert "alert" not in text


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if name.endswith("odt"):
            archive.writestr("mimetype", ODT)
        with archive.open(
            "content.xml" if name.endswith("odt") else "word/document.xml", "w"
        ) as out:
            for _ in range(210):
                out.write(bytes(1_000_000))
    with pytest.raises(Unreadable) as caught:
        read_file(path)
    assert caught.value.code == "too_large"


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><w:document {_W}><w:t>&l8;</w:t></w:document>'
    with pytest.raises(Unreadable) as caught:
        read_file(raw_docx(tmp_path / "a.docx", xml.encode()))
    assert caught.value.code == "damaged"


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    xml = f"{entity}<w:document {_W}><w:t>&e;</w:t></w:document>"
    with pytest.raises(Unreadable):
        read_file(raw_docx(tmp_path / "a.docx", xml.encode()))


def test_deep_nesting_ends_in_a_reason_not_in_a_crash(tmp_path: Path) -> None:
    deep = "<w:p>" * 50_000 + "</w:p>" * 50_000
    xml = f"<w:document {_W}>{deep}</w:document>"
    with pytest.raises(Unreadable) as caught:
        read_file(raw_docx(tmp_path / "a.docx", xml.encode()))
    assert caught.value.code in {"too_large", "empty"}


def test_an_encrypted_office_file_says_so(tmp_path: Path) -> None:
    """Office wraps what it encrypts into an OLE container; the claimed type says what it was."""
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    from ocr.office import read_pages

    with pytest.raises(Unreadable) as caught:
        read_pages(path, "docx", Limits())
    assert caught.value.code == "encrypted"


@pytest.mark.parametrize("keep", [10, 200, 0.5, 0.9])
def test_a_truncated_docx_is_damaged(tmp_path: Path, keep: float) -> None:
    whole = small_docx(tmp_path / "a.docx").read_bytes()
    cut = tmp_path / "b.docx"
    cut.write_bytes(whole[: int(keep if keep >= 1 else keep * len(whole))])
    with pytest.raises(Unreadable) as caught:
        read_file(cut, media_type=DOCX)
    assert caught.value.code == "damaged"


def test_a_file_of_another_kind_is_unsupported(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "b")
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "a.zip")
    assert caught.value.code == "unsupported"


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "a.txt")
    assert caught.value.code == "empty"
