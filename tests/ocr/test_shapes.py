"""A map to Unicode that is wrong for a few letters is noticed by their shapes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from ocr.engines.contract import Engine, NoEngine, Tesseract
from ocr.limits import Limits
from ocr.pdf.layer_numbers import DOUBT
from ocr.pdf.pages import PdfPages
from ocr.pdf.shapes import letters_in_two_shapes
from ocr.pdf.textwords import Glyph
from ocr.pdf.witness import weigh
from ocr.pipeline import read_page
from ocr.reader import Reader
from ocr.reading import PageReading
from tests.ocr.conftest import ARABIC, FRENCH, html_pdf, paragraph

ADDRESS = "service-client1453@radeej.ma"


def drawn(text: str, *, wide: str = "", apart: float = 0.0) -> list[Glyph]:
    """Glyphs side by side, those in `wide` three times as wide."""
    out, left = [], 0.1
    for char in text:
        width = 0.015 if char in wide else 0.005
        out.append(Glyph(char, (left, 0.1, left + width, 0.11)))
        left += width + apart
    return out


def as_another(page: list[Glyph], false: str, true: str) -> list[Glyph]:
    return [replace(one, char=true) if one.char == false else one for one in page]


def test_a_letter_that_is_drawn_in_two_shapes_is_told() -> None:
    page = drawn("nine lines", wide="n", apart=0.002)
    assert letters_in_two_shapes(page, 1.0) == frozenset()
    assert letters_in_two_shapes(as_another(page, "n", "i"), 1.0) == {"i"}


def test_the_same_letter_of_another_font_may_have_another_shape() -> None:
    page = drawn("i", apart=0.002) + [replace(one, font=2) for one in drawn("i", wide="i")]
    assert letters_in_two_shapes(page, 1.0) == frozenset()


def test_figures_and_the_letters_of_a_ligature_do_not_count() -> None:
    figures = [*drawn("11", apart=0.002), *drawn("1", wide="1")]
    assert letters_in_two_shapes(figures, 1.0) == frozenset()
    halves = [*drawn("if", apart=0.002), *drawn("fi", wide="fi")]
    assert letters_in_two_shapes(halves, 1.0) == frozenset()


def test_an_alef_that_lies_flat_is_none() -> None:
    page = drawn("اس ان", wide="س", apart=0.002)
    assert letters_in_two_shapes(page, 1.0) == frozenset()
    assert letters_in_two_shapes(as_another(page, "س", "ا"), 1.0) == {"ا"}


def with_map(pdf: bytes, false: str, true: str) -> bytes:
    """The PDF, its fonts' maps calling one letter another."""
    pattern = rf"(<[0-9A-Fa-f]+>\s*)<{ord(true):04x}>"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                text = item["/ToUnicode"].read_bytes().decode("latin-1")
                text = re.sub(pattern, rf"\g<1><{ord(false):04x}>", text, flags=re.IGNORECASE)
                item["/ToUnicode"].write(text.encode("latin-1"))
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def read(pdf: bytes, folder: Path, engine: Engine) -> PageReading:
    (folder / "a.pdf").write_bytes(pdf)
    pages = PdfPages(folder / "a.pdf", Limits())
    try:
        return read_page(pages, 1, Reader(engine, ("fr", "ar")))
    finally:
        pages.close()


@pytest.fixture(scope="module")
def french() -> bytes:
    return html_pdf(paragraph(f"{FRENCH} Écrire à {ADDRESS}, ou au 0523 34 26 02."))


def test_a_sound_page_is_believed(tmp_path: Path, french: bytes) -> None:
    page = read(french, tmp_path, NoEngine())
    assert ADDRESS in page.text
    assert {word.confidence for word in page.words} == {1.0}


def test_words_whose_letters_are_wrong_are_doubted_and_taken_from_the_picture(
    tmp_path: Path, french: bytes
) -> None:
    """An address has a figure or two that the picture may not tell; it is doubted as it stands."""
    page = read(with_map(french, "i", "n"), tmp_path, Tesseract())
    written = f"{FRENCH} Écrire à {ADDRESS}, ou au 0523 34 26 02.".split()
    wrong = [word for word in page.words if word.text not in written]
    assert all(word.confidence <= DOUBT for word in wrong)
    assert all(word.confidence <= DOUBT for word in page.words if "@" in word.text)
    assert len(wrong) < sum("n" in word for word in written) / 4
    assert page.text.split()[-5:] == written[-5:]


def test_without_a_picture_all_words_with_the_letter_are_doubted(
    tmp_path: Path, french: bytes
) -> None:
    page = read(with_map(french, "i", "n"), tmp_path, NoEngine())
    assert all(word.confidence == DOUBT for word in page.words if "i" in word.text)
    assert any(word.confidence == 1.0 for word in page.words)


def test_arabic_words_with_wrong_letters_are_doubted(tmp_path: Path) -> None:
    true = html_pdf(paragraph(ARABIC, rtl=True))
    assert read(true, tmp_path, NoEngine()).text.split() == ARABIC.split()
    (tmp_path / "b.pdf").write_bytes(with_map(true, "ا", "س"))
    pages = PdfPages(tmp_path / "b.pdf", Limits())
    layer = pages.layer(1)
    assert weigh(layer) == "patch"
    page = read_page(pages, 1, Reader(Tesseract(), ("ar",)))
    pages.close()
    written = set(ARABIC.split())
    wrong = [word for word in page.words if word.text not in written]
    assert all(word.confidence <= DOUBT for word in wrong)
    assert len(wrong) < len(page.words) / 2
