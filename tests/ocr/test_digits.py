"""Numbers of Arabic pages read blot by blot, and the score that judges digits by themselves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from language.numerals import ascii_digits
from ocr.engines.contract import SeenLine, SeenWord, Tesseract
from ocr.engines.digit_model import ARABIC, BETWEEN, CLASSES, LATIN, WEIGHTS, Floats
from ocr.engines.digits import Number, better, mend_digits, read_number, same_number
from ocr.judging.digit_scoring import DigitScore, digit_accuracy, digit_runs
from ocr.reader import Reader
from tests.ocr.conftest import html_pdf, paragraph, picture_of

# Fonts that the model was not trained with.
NASKH = "/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf"
SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def chances(signs: str, sure: float = 0.99) -> Floats:
    """What a perceptron would say that saw these signs."""
    out = np.full((len(signs), len(CLASSES)), (1 - sure) / (len(CLASSES) - 1), dtype=np.float32)
    out[np.arange(len(signs)), [CLASSES.index(sign) for sign in signs]] = sure
    return out


def numbers(digits: str) -> st.SearchStrategy[str]:
    part = st.text(alphabet=digits, min_size=1, max_size=4)
    return st.tuples(st.lists(part, min_size=1, max_size=4), st.sampled_from(BETWEEN)).map(
        lambda both: both[1].join(both[0])
    )


@given(numbers(ARABIC) | numbers(LATIN))
def test_a_number_stands_from_left_to_right_but_its_dashed_parts_from_right_to_left(
    number: str,
) -> None:
    typed = "-".join(reversed(number.split("-")))
    read = read_number(chances(number))
    assert read
    assert (read.before, read.core, read.after) == ("", typed, "")
    assert read.confidence > 0.95


@given(st.text(alphabet=CLASSES, min_size=1, max_size=8))
def test_one_number_never_mixes_two_kinds_of_digits(signs: str) -> None:
    number = read_number(chances(signs))
    found = set(number.core if number else "")
    assert not (found & set(LATIN) and found & set(ARABIC))


def test_a_letter_among_digits_makes_no_number() -> None:
    assert read_number(chances("12x4")) is None
    assert read_number(chances("xx")) is None


def test_the_page_decides_on_a_stroke_that_both_kinds_have() -> None:
    stroke = np.float32(0.5) * (chances("1", 0.49) + chances("١", 0.49))
    latin, arabic = read_number(stroke, leaning=-1.0), read_number(stroke, leaning=1.0)
    assert latin
    assert arabic
    assert (latin.core, arabic.core) == ("1", "١")


def word(text: str, confidence: float = 0.9) -> SeenWord:
    return SeenWord(text, (0, 0, 50, 20), confidence)


def test_figures_that_the_engine_dropped_come_back_and_its_signs_stay() -> None:
    assert better(word("6", 0.96), Number("", "1436", "", 0.97)).text == "1436"
    assert better(word("(16"), Number("", "2016", "(", 0.9)).text == "(2016"
    assert better(word("[40"), Number("", "٩٠", "[", 0.97)).text == "[٩٠"


@pytest.mark.parametrize(
    ("read", "number"),
    [
        ("1424", Number("", "1624", "", 0.5)),  # unsure
        ("1424", Number("", "424", "", 0.99)),  # a sure engine invents no figures
        ("1424", Number("x", "1624", "", 0.99)),  # a blot that nothing explains
        ("15-03-2024", Number("", "2024-03-15", "", 0.99)),  # only the order differs
        ("لله", Number("x", "11", "", 0.99)),
        ("لا", Number("", "1", "", 0.99)),
    ],
)
def test_what_may_be_right_stays(read: str, number: Number) -> None:
    assert better(word(read, 0.93), number).text == read


def test_what_was_read_as_rubbish_becomes_the_number_with_its_brackets_from_the_right() -> None:
    assert better(word("ِل", 0.2), Number("(", "٤٠٦", ")", 0.99)).text == "(٤٠٦)"
    assert better(word("ِل", 0.2), Number("", "٤٠٦", "[", 0.99)).text == "]٤٠٦"


def test_parts_the_other_way_round_are_the_same_number() -> None:
    assert same_number("15-03-2024", "2024-03-15")
    assert not same_number("15-03-2024", "2023-03-15")


def drawn(text: str, font: str, size: int, *, blur: float = 0.6) -> tuple[Image.Image, SeenWord]:
    """A word on a small page, and its place there as an engine gives it, misread."""
    face = ImageFont.truetype(font, size)
    left, top, right, bottom = (int(edge) for edge in face.getbbox(text))
    picture = Image.new("L", (right - left + 80, bottom - top + 60), 235)
    ImageDraw.Draw(picture).text((40 - left, 30 - top), text, font=face, fill=40)
    box = (40, 30, 40 + right - left, 30 + bottom - top)
    return picture.filter(ImageFilter.GaussianBlur(blur)), SeenWord("3", box, 0.4)


@pytest.mark.parametrize("size", [22, 60])
@pytest.mark.parametrize(
    ("number", "font"),
    [
        *itertools.product(["٤٠٦", "١٢٣٤٥", "٧٨٩", "٢٠٢٤/٠٣/١٥", "١٥/٠٣/٢٠٢٤"], [NASKH, SANS]),
        *itertools.product(["1436", "12.345", "678/2024"], [SANS]),
    ],
)
def test_drawn_numbers_are_read(number: str, font: str, size: int) -> None:
    picture, misread = drawn(number, font, size)
    (line,) = mend_digits(picture, [SeenLine((misread,), 0)])
    assert line.text == number


def test_arabic_words_are_no_numbers() -> None:
    for text in ("الماء", "دار", "له", "من", "وادي", "ال"):
        picture, misread = drawn(text, NASKH, 30)
        doubted = SeenWord("لم", misread.box, 0.3)
        (line,) = mend_digits(picture, [SeenLine((doubted,), 0)])
        assert line.text == "لم"


def test_an_empty_or_tiny_place_is_left_alone() -> None:
    blank = Image.new("L", (50, 40), 255)
    for box in ((0, 0, 0, 0), (10, 10, 11, 11), (40, 30, 90, 80), (0, 0, 50, 40)):
        line = SeenLine((SeenWord("7", box, 0.5),), 0)
        assert mend_digits(blank, [line]) == [line]


def test_a_page_with_arabic_indic_digits_is_read_with_them() -> None:
    figures = ["٤٠٦", "٢٠٢٤/٠٣/١٥", "٧٨٩", "١٢٣٤٥"]
    said = "يشرفني أن أحيل عليكم الملف رقم {} المؤرخ في {} المتعلق بالعدد {} بمبلغ {} درهما."
    picture = picture_of(html_pdf(paragraph(said.format(*figures), rtl=True), size="A5"))
    score = digit_accuracy(" ".join(figures), Reader(Tesseract(), ("ar",)).read(picture).text)
    assert (score.recall, score.precision) == (1.0, 1.0)


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < 500_000


def test_runs_are_numbers_with_their_inner_signs_in_any_script() -> None:
    text = "رقم ٢٠٢٤/٠٣/١٥، في 12 345,67 و(١٢٣٫٥)."
    assert digit_runs(text) == ["2024/03/15", "12", "345,67", "123,5"]


def test_a_date_back_to_front_is_a_wrong_run() -> None:
    assert digit_accuracy("2024/03/15", "15/03/2024").shared == 0


@given(st.text(alphabet="01٢٣ /.ab", max_size=30))
def test_a_text_agrees_with_itself_in_whatever_digits(text: str) -> None:
    score = digit_accuracy(text, ascii_digits(text))
    assert (score.recall, score.precision, score.accuracy) == (1.0, 1.0, 1.0)


def test_missing_wrong_and_added_digits_count() -> None:
    score = digit_accuracy("عدد 1436 و 12", "عدد 6 و 123")
    assert score == DigitScore(runs=2, read=2, shared=0, digits=6, wrong=4)
    assert digit_accuracy("لا شيء", "7").precision == 0.0
    total = sum((score, digit_accuracy("5", "5")), DigitScore())
    assert (total.runs, total.shared) == (3, 1)
    assert total.accuracy == pytest.approx(3 / 7)
