"""Grain of cheap scanners is smoothed before a page is read, and nothing else is touched by it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr.judging.scoring import character_error_rate
from ocr.limits import Limits
from ocr.picture.grain import is_drowned, on_even_ground
from ocr.picture.upright import lay
from ocr.pipeline import read_file
from tests.ocr.conftest import ARABIC, html_pdf, paragraph, picture_of

WATERMARK = (
    "<div style='position: absolute; top: 1cm; left: 1cm; font-size: 150pt; color: #d8d8d8;"
    " font-weight: bold; z-index: -1'>ع ص ل</div>"
)


def printed(*, dpi: int = 150) -> Image.Image:
    """Two paragraphs, the one like the other, over a watermark."""
    text = 2 * paragraph(ARABIC, rtl=True)
    return picture_of(html_pdf(WATERMARK + text, size="A5"), dpi=dpi)


def grained(page: Image.Image, *, ink: float = 0.28) -> Image.Image:
    """The page in faint ink on grey paper, with light and dark specks."""
    chance = np.random.default_rng(1)
    pixels = 235 - (255 - np.asarray(page, dtype=np.float32)) * ink
    pixels = cv2.GaussianBlur(pixels, (0, 0), 0.7) + chance.normal(0, 5, pixels.shape)
    specks = chance.random(pixels.shape)
    pixels[specks < 0.003] -= 30
    pixels[specks > 0.997] += 30
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def test_faint_letters_over_a_watermark_are_read_through_the_grain(tmp_path: Path) -> None:
    grained(printed(), ink=0.24).save(tmp_path / "page.png")
    (page,) = read_file(tmp_path / "page.png", speed="quick", limits=Limits(page_seconds=600)).pages
    assert character_error_rate(f"{ARABIC} {ARABIC}", page.text) < 0.04


def test_a_page_without_grain_is_read_as_it_came() -> None:
    page = printed()
    assert not is_drowned(page)
    assert lay(page).picture is page


def test_grain_is_smoothed_under_faint_ink_alone() -> None:
    faint, black = grained(printed()), grained(printed(), ink=0.9)
    assert is_drowned(faint)
    assert not is_drowned(black)


def test_letters_as_small_as_the_grain_are_left_alone() -> None:
    page = grained(printed(dpi=70), ink=0.5)
    assert is_drowned(page)
    assert lay(page).picture is page


@pytest.mark.parametrize("grain", [0, 6, 40])
def test_a_page_without_ink_is_not_made_darker(grain: float) -> None:
    pixels = np.random.default_rng(1).normal(230, grain, (400, 300)).clip(0, 255)
    assert not is_drowned(Image.fromarray(pixels.astype(np.uint8)))


def test_a_watermark_is_gone_and_the_ink_is_not() -> None:
    page = np.full((400, 600), 230, dtype=np.uint8)
    page[100:300, 100:300] = 200  # a broad mark
    page[200:220, 50:550:20] = 90  # strokes, one pixel wide
    even = np.asarray(on_even_ground(Image.fromarray(page), 20.0))
    assert even[150:180, 150:250].min() > 240
    assert even[200:220, 150:250:20].max() < 130
