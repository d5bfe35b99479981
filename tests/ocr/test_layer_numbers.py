"""Numbers of a text layer are those that stand on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr.limits import Limits
from ocr.pdf.layer_numbers import DOUBT, with_doubted_numbers
from ocr.pdf.pages import Layer, PdfPages
from ocr.pdf.witness import patched
from ocr.picture_reading import PictureReading
from tests.ocr.conftest import ARABIC, FRENCH, html_pdf, needs_corpus, paragraph

NUMBERS = "4471 1993 2025 18.12 65.99 1440 2014 367 1.250 94.13 2019 1436 5716"


def opened(body: str, folder: Path) -> tuple[Layer, Image.Image]:
    (folder / "a.pdf").write_bytes(html_pdf(body))
    pages = PdfPages(folder / "a.pdf", Limits())
    layer, picture = pages.layer(1), pages.picture(1)
    pages.close()
    assert layer is not None
    return layer, picture


def exchanged(layer: Layer) -> Layer:
    """The layer as a font gives it whose map exchanges the figures."""
    false = str.maketrans("0123456789", "3904817265")
    words = tuple(replace(word, text=word.text.translate(false)) for word in layer.words)
    return replace(layer, text=layer.text.translate(false), words=words)


def numbers_of(layer: Layer) -> list[tuple[str, float]]:
    return [
        (word.text, word.confidence)
        for word in layer.words
        if len(re.findall(r"\d", word.text)) > 1
    ]


def test_exchanged_figures_are_doubted_and_stay(tmp_path: Path) -> None:
    text = " ".join(f"القانون رقم {number}" for number in NUMBERS.split())
    layer, picture = opened(paragraph(f"{ARABIC} {text}", rtl=True), tmp_path)
    false = exchanged(layer)
    doubted = with_doubted_numbers(false, lambda: picture)
    assert doubted.text == false.text
    assert [text for text, _ in numbers_of(doubted)] == [text for text, _ in numbers_of(false)]
    assert all(confidence < 0.5 for _, confidence in numbers_of(doubted))
    unread = PictureReading("ar", 0.9, "", (), 0, "quick")
    assert numbers_of(patched(doubted, unread)) == numbers_of(doubted)


@pytest.mark.parametrize(
    "numbers", ["05 23 34 26 02, 0645 90 73 22, 06 11 22 33 44", "٠٥ ٢٣ ٣٤ ٢٦ ٠٢، ١٢.٣٣٣,٥٦، ٢٠٢٥"]
)
def test_numbers_side_by_side_are_not_doubted(tmp_path: Path, numbers: str) -> None:
    """What stands beside a number is none of it."""
    layer, picture = opened(paragraph(f"{ARABIC} الهاتف {numbers}", rtl=True), tmp_path)
    assert len(numbers_of(layer)) >= 7
    assert with_doubted_numbers(layer, lambda: picture) is layer


def test_decrees_keep_their_figures_and_exchanged_ones_are_doubted() -> None:
    folder = needs_corpus("ar-admin-morocco") / "pdf"
    pages = PdfPages(folder / "ma035.pdf", Limits())
    layer, picture = pages.layer(2), pages.picture(2)
    pages.close()
    assert layer is not None
    assert with_doubted_numbers(layer, lambda: picture) is layer
    found = numbers_of(with_doubted_numbers(exchanged(layer), lambda: picture))
    assert sum(confidence < 0.5 for _, confidence in found) >= 0.9 * len(found)


@pytest.mark.parametrize("body", [paragraph(FRENCH + " 12 34 567"), paragraph(ARABIC, rtl=True)])
def test_pages_without_arabic_numbers_are_not_drawn(tmp_path: Path, body: str) -> None:
    layer, _ = opened(body, tmp_path)

    def never() -> Image.Image:
        raise AssertionError

    assert with_doubted_numbers(layer, never) is layer


def test_numbers_of_a_page_whose_font_lacks_arabic_are_doubted(tmp_path: Path) -> None:
    """OpenPDF leaves out letters without a form of their own: only signs and numbers are drawn."""
    said = "62235 8688، 05176 327 331، 0619 02 37 54."
    layer, _ = opened(paragraph(said, rtl=True), tmp_path)
    assert layer.text == said
    doubted = with_doubted_numbers(layer, pytest.fail)
    assert doubted.text == said
    assert {confidence for _, confidence in numbers_of(doubted)} == {DOUBT}
    french, _ = opened(paragraph("Fax " + said.replace("،", ",")), tmp_path)
    assert with_doubted_numbers(french, pytest.fail) is french
