"""Each page of a PDF decides for itself: its text in logical order, or its picture read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from weasyprint import HTML

from ocr.engines.contract import NoEngine
from ocr.errors import Unreadable
from ocr.judging.scoring import character_error_rate
from ocr.limits import Limits
from ocr.pdf.pages import PdfPages
from ocr.pipeline import read_file
from tests.ocr.conftest import (
    ARABIC,
    FRENCH,
    html_pdf,
    joined_pdf,
    needs_corpus,
    paragraph,
    picture_pdf,
)


def test_born_digital_text_is_taken_as_it_is(tmp_path: Path) -> None:
    body = paragraph(ARABIC, rtl=True) + paragraph(FRENCH)
    (tmp_path / "a.pdf").write_bytes(html_pdf(body))
    page = read_file(tmp_path / "a.pdf", engine=NoEngine()).pages[0]
    assert page.source == "text"
    assert character_error_rate(f"{ARABIC} {FRENCH}", page.text) < 0.01


def test_numbers_and_addresses_in_arabic_lines_stay_in_order(tmp_path: Path) -> None:
    line = "عقد رقم 4471/2025 بمبلغ 1.250,75 درهم، البريد contact@radeej.ma الهاتف 0523341122"
    (tmp_path / "a.pdf").write_bytes(html_pdf(paragraph(line, rtl=True), size="A4 landscape"))
    text = read_file(tmp_path / "a.pdf", engine=NoEngine()).pages[0].text
    assert "رقم 4471/2025" in text
    assert "1.250,75 درهم" in text
    assert "contact@radeej.ma" in text
    assert text.index("عقد") < text.index("0523341122")


def test_words_stand_where_they_are_on_the_page(tmp_path: Path) -> None:
    body = "<p style='text-align:left'>Gauche</p><p style='text-align:right'>Droite</p>"
    (tmp_path / "a.pdf").write_bytes(html_pdf(body))
    words = {word.text: word.box for word in read_file(tmp_path / "a.pdf").pages[0].words}
    assert words["Gauche"][2] < 0.3
    assert words["Droite"][0] > 0.7
    assert words["Gauche"][3] < words["Droite"][3]


def test_a_page_turned_on_its_side_is_read_upright(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(html_pdf("<p>Haut de la page</p><p>Suite du texte</p>"))
    document[0].set_rotation(90)
    document.save(tmp_path / "a.pdf")
    page = read_file(tmp_path / "a.pdf", engine=NoEngine()).pages[0]
    assert page.turn == 270  # clockwise, until it stands
    assert page.text == "Haut de la page\nSuite du texte"
    assert page.words[0].box[0] < 0.2
    assert page.words[0].box[1] < page.words[-1].box[1] < 0.2


def test_a_mixed_pdf_has_its_scans_read(tmp_path: Path, french_scan: Image.Image) -> None:
    whole = joined_pdf(
        html_pdf(paragraph(ARABIC, rtl=True)), picture_pdf(french_scan), html_pdf(paragraph(FRENCH))
    )
    (tmp_path / "a.pdf").write_bytes(whole)
    pages = read_file(tmp_path / "a.pdf").pages
    assert [page.source for page in pages] == ["text", "ocr", "text"]
    assert [page.language for page in pages] == ["ar", "fr", "fr"]
    assert character_error_rate(FRENCH, pages[1].text) < 0.03


def test_a_stamp_on_a_scan_does_not_hide_the_scan(tmp_path: Path, french_scan: Image.Image) -> None:
    out = io.BytesIO()
    french_scan.save(out, "PNG")
    (tmp_path / "scan.png").write_bytes(out.getvalue())
    body = (
        f"<img src='file://{tmp_path}/scan.png' style='width:14.8cm;position:absolute;top:0'>"
        "<p style='position:absolute;bottom:0'>Scanned by a phone</p>"
    )
    pdf = html_pdf(f"<style>@page {{ margin: 0 }}</style>{body}", size="A5")
    (tmp_path / "a.pdf").write_bytes(pdf)
    page = read_file(tmp_path / "a.pdf").pages[0]
    assert page.source == "ocr"
    assert "réclamation" in page.text


def test_an_invisible_layer_of_another_program_is_not_believed(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    """A searchable scan whose hidden words are wrong is read from its picture."""
    document = pypdfium2.PdfDocument(picture_pdf(french_scan))
    page = document[0]
    font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    for line in range(12):
        item = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 10.0)
        words = "Faux mots que personne ne voit sur cette page\0".encode("utf-16-le")
        text = (pypdfium2.raw.FPDF_WCHAR * (len(words) // 2)).from_buffer_copy(words)
        pypdfium2.raw.FPDFText_SetText(item, text)
        pypdfium2.raw.FPDFTextObj_SetTextRenderMode(item, 3)
        pypdfium2.raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 30, 100 + 20 * line)
        pypdfium2.raw.FPDFPage_InsertObject(page, item)
    page.gen_content()
    document.save(tmp_path / "a.pdf")
    read = read_file(tmp_path / "a.pdf").pages[0]
    assert read.source == "ocr"
    assert "Faux mots" not in read.text
    assert character_error_rate(FRENCH, read.text) < 0.03


def saved(pdf: bytes, folder: Path) -> Path:
    (folder / "a.pdf").write_bytes(pdf)
    return folder / "a.pdf"


def own_text(pdf: bytes, folder: Path) -> str:
    """What a page says without any reader of pictures."""
    return read_file(saved(pdf, folder), engine=NoEngine()).pages[0].text


def test_white_writing_is_read_where_it_can_be_seen(tmp_path: Path) -> None:
    body = (
        "<p>Facture du mois</p><p style='color:white'>ignorez le montant</p>"
        "<p style='color:white;background:navy'>Agence de Rabat</p>"
    )
    assert own_text(html_pdf(body), tmp_path) == "Facture du mois\nAgence de Rabat"


def test_writing_outside_the_page_is_not_read(tmp_path: Path) -> None:
    body = "<p>Facture du mois</p><p style='position:absolute;left:-30cm'>ailleurs</p>"
    assert own_text(html_pdf(body), tmp_path) == "Facture du mois"


def test_a_watermark_across_the_page_comes_after_the_lines_it_crosses(tmp_path: Path) -> None:
    mark = "position:absolute;top:1cm;left:2cm;font-size:60pt;color:#ddd;transform:rotate(-20deg)"
    body = f"<p style='{mark}'>COPIE</p>{paragraph(FRENCH)}"
    text = own_text(html_pdf(body), tmp_path)
    assert text.endswith("COPIE")
    assert character_error_rate(f"{FRENCH} COPIE", text) < 0.01


def test_a_footer_and_columns_are_read_in_their_places(tmp_path: Path) -> None:
    style = "<style>@page { @bottom-center { content: 'page 1' } }</style>"
    columns = f"<div style='columns:2;column-gap:1.5cm'>{ARABIC}</div>"
    text = own_text(html_pdf(f"{style}<div dir='rtl'>{columns}</div>"), tmp_path)
    assert character_error_rate(f"{ARABIC} page 1", text) < 0.01


def test_what_was_filled_into_a_form_is_read(tmp_path: Path) -> None:
    field = "<input type='text' value='Fatima Zahra' style='appearance:auto;width:8cm'>"
    pdf = HTML(string=f"<p>Demandeur</p>{field}").write_pdf(pdf_forms=True)
    assert pdf is not None
    assert own_text(pdf, tmp_path).split() == ["Demandeur", "Fatima", "Zahra"]


def test_a_scan_pasted_into_a_text_page_is_read_in_its_place(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    """Nothing is read twice, and what stands below the scan comes after it."""
    french_scan.crop((0, 60, french_scan.width, 620)).save(tmp_path / "scan.png")
    body = (
        f"<p>Veuillez trouver la copie du courrier suivant pour la suite à donner</p>"
        f"<img src='file://{tmp_path}/scan.png' style='width:16cm'><p>Le chef de service</p>"
    )
    page = read_file(saved(html_pdf(body), tmp_path), speed="quick").pages[0]
    assert page.source == "text"
    first, last = page.text.split("\n")[0], page.text.split("\n")[-1]
    assert first.startswith("Veuillez trouver")
    assert last == "Le chef de service"
    assert page.text.count("Veuillez") == 1
    assert "réclamation au sujet" in " ".join(page.text.split())
    assert any(word.confidence < 1 for word in page.words)


def test_a_faint_picture_behind_the_text_costs_no_reading(
    tmp_path: Path, french_scan: Image.Image
) -> None:
    french_scan.point(lambda grey: 215 + grey * 40 // 255).save(tmp_path / "faint.png")
    ground = f"background:url('file://{tmp_path}/faint.png') no-repeat"
    pages = PdfPages(
        saved(html_pdf(f'<div style="{ground}">{FRENCH * 4}</div>'), tmp_path), Limits()
    )
    layer = pages.layer(1)
    pages.close()
    assert layer is not None
    assert layer.trusted
    assert not layer.pictures


def test_a_file_locked_against_changes_only_is_read(tmp_path: Path) -> None:
    assert own_text(encrypted(html_pdf("<p>Avis public</p>"), user=""), tmp_path) == "Avis public"


def encrypted(pdf: bytes, user: str = "user") -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    writer.encrypt(owner_pass="owner", user_pass=user)  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (encrypted, "encrypted"),
        (lambda pdf: pdf[:400], "damaged"),
        (lambda pdf: b"%PDF-1.7\nnothing", "damaged"),
    ],
)
def test_what_cannot_be_opened_says_why(
    tmp_path: Path, make: Callable[[bytes], bytes], code: str
) -> None:
    (tmp_path / "a.pdf").write_bytes(make(html_pdf("<p>x</p>")))
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "a.pdf")
    assert caught.value.code == code


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(joined_pdf(*[html_pdf("<p>x</p>")] * 4))
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "a.pdf", limits=Limits(pages=3))
    assert caught.value.code == "too_large"


def test_a_page_of_five_metres_is_drawn_within_the_limit(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_400, 14_400)
    document.save(tmp_path / "a.pdf")
    pages = PdfPages(tmp_path / "a.pdf", Limits(working_pixels=1_000_000))
    picture = pages.picture(1)
    pages.close()
    assert 900_000 < picture.width * picture.height <= 1_010_000


def test_word_made_arabic_layers_are_repaired() -> None:
    """Real decrees: lam-alef turned, brackets mirrored, stops before numbers."""
    folder = needs_corpus("ar-admin-morocco")
    for path in sorted((folder / "pdf").glob("*.pdf")):
        pages = PdfPages(path, Limits())
        for truth in sorted((folder / "gt").glob(f"{path.stem}_p*.txt")):
            layer = pages.layer(int(truth.stem[-2:]))
            assert layer is not None
            assert layer.trusted
            assert character_error_rate(truth.read_text(), layer.text) < 0.03
        pages.close()
