"""Numbers of a text layer are those that stand on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr.limits import Limits
from ocr.pdf.layer_numbers import with_true_numbers
from ocr.pdf.pages import Layer, PdfPages
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


def test_exchanged_figures_are_put_right_from_the_page_or_doubted(tmp_path: Path) -> None:
    text = " ".join(f"القانون رقم {number}" for number in NUMBERS.split())
    layer, picture = opened(paragraph(f"{ARABIC} {text}", rtl=True), tmp_path)
    mended = with_true_numbers(exchanged(layer), lambda: picture)
    numbers = {word.text: word.confidence for word in mended.words if word.text[0].isdigit()}
    assert len(numbers) == len(NUMBERS.split())
    true = set(NUMBERS.split()) & set(numbers)
    assert true
    assert all(confidence < 0.5 for text, confidence in numbers.items() if text not in true)


def test_decrees_keep_their_figures_and_get_exchanged_ones_back() -> None:
    folder = needs_corpus("ar-admin-morocco") / "pdf"
    pages = PdfPages(folder / "ma035.pdf", Limits())
    layer, picture = pages.layer(2), pages.picture(2)
    pages.close()
    assert layer is not None
    assert with_true_numbers(layer, lambda: picture) is layer
    mended = with_true_numbers(exchanged(layer), lambda: picture)
    numbers = [word.text for word in layer.words if len(re.findall(r"\d", word.text)) > 1]
    found = [word.text for word in mended.words]
    assert sum(number in found for number in numbers) >= 0.9 * len(numbers)


@pytest.mark.parametrize("body", [paragraph(FRENCH + " 12 34 567"), paragraph(ARABIC, rtl=True)])
def test_pages_without_arabic_numbers_are_not_drawn(tmp_path: Path, body: str) -> None:
    layer, _ = opened(body, tmp_path)

    def never() -> Image.Image:
        raise AssertionError

    assert with_true_numbers(layer, never) is layer
