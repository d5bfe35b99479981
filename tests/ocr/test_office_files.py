"""Office files and mails give their text; bombs and broken ones give a named reason."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentText
from odf.style import Footer, Header, MasterPage, PageLayout
from odf.text import P, Tab

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.media import DOCX, ODT, XLSX, sniff
from ocr.pipeline import read_file
from ocr.written.mailtext import html_text
from ocr.written.sheets import shown
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


W_BODY = f"<w:document {_W}><w:body>{{}}</w:body></w:document>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<w:p><w:r><w:t>Montant </w:t></w:r><w:del><w:r><w:delText>100</w:delText></w:r>"
            "</w:del><w:ins><w:r><w:t>200</w:t></w:r></w:ins></w:p>",
            "Montant 200",
        ),
        (
            "<w:moveFrom><w:r><w:t>ici</w:t></w:r></w:moveFrom>"
            "<w:moveTo><w:r><w:t>là</w:t></w:r></w:moveTo>",
            "là",
        ),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>visible</w:t></w:r></w:p>",
            "visible",
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r>"
            "<w:t>Cliquez ici</w:t></w:r></w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>Nom</w:t></w:r></w:p>",
            "Nom",
        ),
        (
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Compteur</w:t></w:r></w:p><w:p><w:r><w:t>neuf</w:t>"
            "</w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>4471</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            "Compteur neuf\t4471",
        ),
    ],
    ids=["changes", "moved", "hidden", "placeholder", "table"],
)
def test_docx_gives_what_the_finished_paper_shows(tmp_path: Path, body: str, text: str) -> None:
    path = raw_docx(tmp_path / "a.docx", W_BODY.format(body).encode())
    assert read_file(path).pages[0].text == text


def test_docx_of_the_strict_kind_gives_its_text(tmp_path: Path) -> None:
    xml = W_BODY.format("<w:p><w:r><w:t>Avis</w:t></w:r></w:p>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_file(raw_docx(tmp_path / "a.docx", xml.encode())).pages[0].text == "Avis"


def test_odt_gives_what_stands_above_and_below_every_page(tmp_path: Path) -> None:
    document = OpenDocumentText()
    layout = PageLayout(name="l")
    document.automaticstyles.addElement(layout)
    master = MasterPage(name="Standard", pagelayoutname=layout)
    for element, text in ((Header(), "Agence de Rabat"), (Footer(), "Page une")):
        element.addElement(P(text=text))
        master.addElement(element)
    document.masterstyles.addElement(master)
    document.text.addElement(P(text=FRENCH))
    document.save(str(tmp_path / "a.odt"))
    text = read_file(tmp_path / "a.odt").pages[0].text
    assert text == f"Agence de Rabat\n{FRENCH}\nPage une"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (dt.date(2025, 3, 4), "dd/mm/yyyy", "04/03/2025"),
        (dt.date(2025, 3, 4), "mm-dd-yy", "04/03/2025"),  # Excel's own short date, by country
        (dt.datetime.fromisoformat("2025-03-04T09:30"), "yyyy-mm-dd hh:mm", "2025-03-04 09:30"),
        (1250.5, '#,##0.00 "DH"', "1250.50 DH"),
        (0.2, "0%", "20%"),
        (4471.0, "General", "4471"),
        (12.5, "General", "12.5"),
        ("R-12/2025", "@", "R-12/2025"),
    ],
)
def test_a_cell_is_given_as_the_sheet_shows_it(
    value: object, number_format: str, text: str
) -> None:
    assert shown(value, number_format) == text


def test_hidden_sheets_are_not_read_and_far_cells_cost_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "lu"
    book.worksheets[0].cell(row=900_000, column=16_000, value="loin")
    book.create_sheet("Brouillon").append(["caché"])
    book.worksheets[1].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [page.text for page in read_file(tmp_path / "a.xlsx").pages] == ["Sheet\nlu"]


def test_rtf_gives_its_text_in_its_own_charset(tmp_path: Path) -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset178 Arial;}}"
        rb"\f0 R\'e9clamation\par\f1 \'c7\'e1\'d3\'e1\'c7\'e3\par\f0 \u1605?\par}"
    )
    (tmp_path / "a.rtf").write_bytes(rtf)
    assert read_file(tmp_path / "a.rtf").pages[0].text == "Réclamation\nالسلام\nم"


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


def mail_text(folder: Path, content: bytes) -> str:
    (folder / "a.eml").write_bytes(content)
    return read_file(folder / "a.eml").pages[0].text


HEADS = b"Subject: s\nFrom: a@example.org\nTo: b@example.org\n"


def test_a_mail_passed_on_inside_a_mail_is_read_with_its_headers(tmp_path: Path) -> None:
    inner, mail = EmailMessage(), EmailMessage()
    inner["Subject"], inner["From"] = "Fuite d'eau", "citoyen@example.org"
    inner.set_content(FRENCH)
    mail["Subject"], mail["From"] = "TR: Fuite d'eau", "guichet@example.org"
    mail.set_content("À votre service pour suite à donner")
    mail.add_attachment(inner)
    text = mail_text(tmp_path, bytes(mail))
    assert text.index("suite à donner") < text.index("citoyen@example.org") < text.index("Monsieur")


def test_all_parts_of_a_mail_that_are_meant_to_be_read_are_read(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "s", "a@example.org"
    mail.set_content("première partie")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    mail.attach(
        email.message_from_string(
            "Content-Type: text/plain\n\nseconde partie", policy=email.policy.default
        )
    )
    text = mail_text(tmp_path, bytes(mail))
    assert "première partie" in text
    assert "seconde partie" in text


@pytest.mark.parametrize("codec", ["utf-8", "cp1256", "iso8859-6"])
@pytest.mark.parametrize("claimed", ["iso-8859-1", "us-ascii", "x-unknown", "iso-8859-6-i"])
def test_an_arabic_mail_is_read_whatever_charset_it_claims(
    tmp_path: Path, codec: str, claimed: str
) -> None:
    kind = f"Content-Type: text/plain; charset={claimed}\n\n".encode()
    assert ARABIC in mail_text(tmp_path, HEADS + kind + ARABIC.encode(codec))


@pytest.mark.parametrize("codec", ["utf-8", "cp1256"])
def test_a_subject_in_bare_bytes_is_read(tmp_path: Path, codec: str) -> None:
    subject = "شكاية في موضوع انقطاع الماء"
    content = HEADS.replace(b": s", b": " + subject.encode(codec)) + b"\ntexte"
    assert mail_text(tmp_path, content).startswith(f"Subject: {subject}\n")


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>caché<div>aussi</div></div>",
        "<span style='font-size:0px'>caché</span>",
        "<div style='max-height:0;overflow:hidden'>caché<br></div>",
        "<p hidden>caché</p>",
        "<style>caché</style>",
    ],
)
def test_hidden_writing_of_html_mails_is_left_out(hidden: str) -> None:
    assert html_text(f"<p>avant</p>{hidden}<p>après</p>").split() == ["avant", "après"]


@given(st.text(alphabet="<>/='\"pdiv styleh:none0abé &;", max_size=80))
def test_any_html_gives_some_text_or_none(html: str) -> None:
    assert "<p>" not in html_text(f"{html}\n<p>fin</p>")


def test_mails_without_end_are_refused(tmp_path: Path) -> None:
    parts = b"--x\n\na\n" * 1200
    kind = b"Content-Type: multipart/mixed; boundary=x\n\n"
    with pytest.raises(Unreadable) as caught:
        mail_text(tmp_path, HEADS + kind + parts + b"--x--")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
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
    from ocr.written.office import read_pages

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
