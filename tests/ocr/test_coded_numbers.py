"""Numbers with codes on Arabic pages, read again part by part between their strokes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ocr.engines.coded_numbers import Part, in_order, mend_coded, place_of
from ocr.engines.contract import PixelBox, SeenLine, SeenWord, Tesseract
from ocr.engines.digit_model import ARABIC, LATIN
from ocr.reader import Reader
from tests.ocr.conftest import ARABIC as BODY
from tests.ocr.conftest import html_pdf, paragraph, picture_of

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
TOUCHING = -9  # pixels from one digit to the next, so that they touch


def nothing_latin(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
    return [None for _ in boxes]


def drawn(
    signs: str, *, narrow_at: int = -1
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """Signs from left to right, one by one as they stand on paper; where they stand."""
    face = ImageFont.truetype(SANS, 40)
    picture = Image.new("L", (60 + 40 * len(signs), 120), 235)
    draw, left, top, bottom = ImageDraw.Draw(picture), 60.0, 120.0, 0.0
    for at, sign in enumerate(signs):
        draw.text((left, 30), sign, font=face, fill=40)
        box = draw.textbbox((left, 30), sign, font=face)
        top, bottom = min(top, box[1]), max(bottom, box[3])
        left = box[2] + (TOUCHING if at == narrow_at else 3)
    return picture.filter(ImageFilter.GaussianBlur(0.6)), (60, top, left, bottom)


def mended(
    signs: str, read: str, confidence: float = 0.2, *, narrow_at: int = -1, before: str = ""
) -> str:
    """What becomes of a word that stands so on paper, and was read so by the engine."""
    picture, box = drawn(signs, narrow_at=narrow_at)
    words = [SeenWord(read, box, confidence)]
    if before:  # a word to its right whose box reaches over the number's first digits
        words.insert(0, SeenWord(before, (box[2] - 60, box[1], box[2] + 60, box[3]), 0.9))
        words[1] = SeenWord(read, (box[0], box[1], box[2] - 62, box[3]), confidence)
    (line,) = mend_coded(picture, [SeenLine(tuple(words), 0)], height=30, read_latin=nothing_latin)
    return line.text


def test_digits_are_read_between_strokes_and_arabic_letters_stay() -> None:
    assert mended("٢٠٢٦/ز.د/٤٤٠", "<خا/د.ز/|!٠") == "٤٤٠/د.ز/٢٠٢٦"
    assert mended("0077/ت.ص/2026", "2026/|ص.ت/0077") == "2026/ص.ت/0077"


def test_figures_with_a_stroke_between_are_one_number_from_left_to_right() -> None:
    assert mended("٢٩٠/١٦٠١/٢٠٢٥", "190/1701/7") == "٢٩٠/١٦٠١/٢٠٢٥"


def test_two_digits_that_touch_are_two() -> None:
    assert mended("٢٠٢٦/ز.د/٤٧٣", "م/د.ز/7", narrow_at=9) == "٤٧٣/د.ز/٢٠٢٦"


@pytest.mark.parametrize(
    ("signs", "read", "confidence"),
    [
        ("2026/ز.د/440", "441/د.ز/2026", 0.95),  # the engine is sure of Latin digits
        ("٢٠٢٦/xx/٤٤٠", "٤٤/٢", 0.2),  # letters that nobody has read
        ("2026/ز.د/440:مقر", "رقم:440/د.ز/2026", 0.2),  # a label that hangs on the number
        ("٦/د", "٦/د", 0.2),  # a single figure
        ("لمحا/ز", "المحل/ز", 0.2),
    ],
)
def test_what_may_be_right_stays(signs: str, read: str, confidence: float) -> None:
    assert mended(signs, read, confidence) == read


def test_a_number_that_another_word_covers_in_part_is_not_cut_short() -> None:
    assert mended("٢٠٢٦/ز.د/٤٤٠٧", "١/د.ز/7", before="رقم") == "رقم ١/د.ز/7"


def test_a_number_is_as_high_as_most_of_its_pieces() -> None:
    boxes = [(60, 40, 90, 70), (20, 10, 55, 110), (100, 38, 130, 70)]
    assert place_of([SeenWord("1", box, 0.2) for box in boxes]) == (20, 38, 130, 70)
    assert place_of([SeenWord("1", box, 0.2) for box in boxes[:2]]) == (20, 40, 90, 70)


def test_what_surrounds_a_number_stays() -> None:
    assert mended("٢٠٢٦/ز.د/٤٤٠", "(1/د.ز/٢،") == "(٤٤٠/د.ز/٢٠٢٦،"


def test_the_order_of_parts_is_that_of_bidi() -> None:
    left, code, right = Part("2026", 1.0), Part("", 0.0), Part("12", 1.0)
    seen = (left, code, right)
    assert in_order(seen, kind=LATIN, arabic=False) == seen
    assert in_order(seen, kind=LATIN, arabic=True) == (right, code, left)
    assert in_order(seen, kind=ARABIC, arabic=False) == (right, code, left)
    assert in_order((left, right, code), kind=ARABIC, arabic=True) == (code, left, right)


@pytest.mark.parametrize(
    "number",
    ["٤٤٠/د.ز/٢٠٢٦", "٠٣١٨/FIN/٢٠٢٦", "402/ELEC/2026", "٢٠٢٦/OUT/٠٠٠٣٣٠", "1330/ق.ت/2026"],
)
def test_a_page_gives_its_numbers_with_their_codes(number: str) -> None:
    shown = f"<bdi dir='ltr'>{number}</bdi>" if "ELEC" in number else number
    cited = paragraph(f"المرجع: رسالتكم عدد {shown}", rtl=True)
    picture = picture_of(html_pdf(cited + paragraph(BODY, rtl=True), size="A5"), dpi=200)
    assert number in Reader(Tesseract(), ("ar", "fr")).read(picture).text
