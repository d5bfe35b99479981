"""Pictures are read by the real engine: right language, right way up, right height."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from ocr.careful.whole import WholeReadings
from ocr.engines.contract import (
    NoEngine,
    PixelBox,
    SecondReader,
    SeenLine,
    SeenWord,
    Shape,
    Tesseract,
)
from ocr.engines.rapid import find_second_reader
from ocr.judging.scoring import character_error_rate
from ocr.picture import layout
from ocr.picture.upright import lay
from ocr.reader import Reader
from tests.ocr.conftest import ARABIC, ENGLISH, FRENCH, html_pdf, paragraph, picture_of
from tests.ocr.engines.second import Scripted


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Tesseract(), seconds=600)


@pytest.mark.parametrize(("text", "language"), [(ARABIC, "ar"), (FRENCH, "fr"), (ENGLISH, "en")])
def test_each_language_is_found_and_read(reader: Reader, text: str, language: str) -> None:
    picture = picture_of(html_pdf(paragraph(text, rtl=language == "ar"), size="A5"))
    read = reader.read(picture)
    assert read.language == language
    assert character_error_rate(text, read.text) < 0.03
    assert read.confidence > 0.7


@pytest.mark.parametrize("dpi", [100, 300])
def test_the_resolution_does_not_matter(reader: Reader, dpi: int) -> None:
    read = reader.read(picture_of(html_pdf(paragraph(ARABIC, rtl=True), size="A5"), dpi=dpi))
    assert character_error_rate(ARABIC, read.text) < 0.04


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_or_stands_on_its_head_is_turned(
    reader: Reader, turn: int, french_scan: Image.Image
) -> None:
    read = reader.read(french_scan.rotate(turn, expand=True))
    assert read.turn == turn
    assert character_error_rate(FRENCH, read.text) < 0.03


def test_a_skewed_page_is_read_and_its_words_stay_where_they_were_scanned(
    reader: Reader, french_scan: Image.Image
) -> None:
    straight = reader.read(french_scan)
    skewed = reader.read(french_scan.rotate(-2.5, Image.Resampling.BICUBIC, fillcolor=255))
    assert character_error_rate(FRENCH, skewed.text) < 0.03
    first = {word.text: word.box for word in straight.words}["Monsieur"]
    moved = {word.text: word.box for word in skewed.words}["Monsieur"]
    assert abs(first[0] - moved[0]) < 0.03
    assert moved[1] < first[1] - 0.005  # clockwise: the left side goes up


def worn(picture: Image.Image, *, limit: int = 150) -> Image.Image:
    """Scanned in black and white with little ink: thin strokes are lost."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    return Image.fromarray(np.where(255 - 0.62 * (255 - soft) > limit, 255, 0).astype(np.uint8))


def test_strokes_lost_in_black_and_white_are_thickened(arabic_scan: Image.Image) -> None:
    page = worn(arabic_scan)
    seen = Tesseract().read(page, language="ar", seconds=60)
    untouched = character_error_rate(ARABIC, " ".join(line.text for line in seen))
    assert untouched > 0.15
    read = Reader(Tesseract(), seconds=600).read(page)
    assert character_error_rate(ARABIC, read.text) < 0.5 * untouched


@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_is_turned_by_how_well_it_reads(turn: int, french_scan: Image.Image) -> None:
    class NoSense(Tesseract):
        """An engine that cannot tell which way is up."""

        def turn(self, picture: Image.Image, *, seconds: float) -> None:
            return None

    read = Reader(NoSense(), seconds=600).read(french_scan.rotate(turn, expand=True))
    assert character_error_rate(FRENCH, read.text) < 0.03


def test_a_bilingual_letterhead_is_read_in_both_languages() -> None:
    head = (
        "<table style='width:100%'><tr><td>ROYAUME DU MAROC<br>Ministère de l'Intérieur</td>"
        "<td dir='rtl'>المملكة المغربية<br>وزارة الداخلية</td></tr></table>"
    )
    picture = picture_of(html_pdf(head + paragraph(ARABIC, rtl=True)))
    text = Reader(Tesseract(), speed="careful").read(picture).text
    assert "المملكة المغربية" in text
    assert "Minist" in text
    assert "ROYAUME DU MAROC" in text


def test_boxes_lie_on_the_ink(reader: Reader, arabic_scan: Image.Image) -> None:
    pixels = np.asarray(arabic_scan)
    height, width = pixels.shape
    words = reader.read(arabic_scan).words
    assert len(words) > 20
    for word in words:
        x0, y0, x1, y1 = word.box
        crop = pixels[
            int(y0 * height) : int(y1 * height) + 1, int(x0 * width) : int(x1 * width) + 1
        ]
        assert crop.min() < 128


def test_a_blank_page_has_no_text(reader: Reader) -> None:
    read = reader.read(Image.new("L", (800, 1100), 255))
    assert (read.text, read.language, read.words) == ("", "", ())


def test_without_an_engine_nothing_is_read_and_nothing_fails(french_scan: Image.Image) -> None:
    assert Reader(NoEngine()).read(french_scan).text == ""


def test_only_the_languages_of_the_office_are_tried(french_scan: Image.Image) -> None:
    read = Reader(Tesseract(), ("fr",)).read(french_scan)
    assert character_error_rate(FRENCH, read.text) < 0.03
    with pytest.raises(ValueError, match="language"):
        Reader(Tesseract(), ())


@pytest.mark.parametrize("angle", [-3.0, -1.0, 1.0, 3.0])
def test_skew_is_measured_within_a_fifth_of_a_degree(
    angle: float, arabic_scan: Image.Image
) -> None:
    skewed = arabic_scan.rotate(-angle, Image.Resampling.BICUBIC, fillcolor=255)
    assert layout.measure(skewed).skew == pytest.approx(angle, abs=0.2)


def test_text_height_grows_with_the_resolution(french_scan: Image.Image) -> None:
    small = layout.measure(french_scan).height
    large = layout.measure(layout.resized(french_scan, 2.0)).height
    assert large == pytest.approx(2 * small, rel=0.15)


def test_joined_and_separate_writing_are_told_apart(
    french_scan: Image.Image, arabic_scan: Image.Image
) -> None:
    french, arabic = layout.measure(french_scan), layout.measure(arabic_scan)
    assert layout.joined_share(french.boxes, french.height) < 0.25
    assert layout.joined_share(arabic.boxes, arabic.height) > 0.42


class Recording(Tesseract):
    """Notes in which languages whole pages were read."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        if shape == "page":
            self.pages.append(language)
        return super().read(picture, language=language, seconds=seconds, shape=shape)


@pytest.mark.parametrize(("seen", "languages"), [("dactylographie", ["fr"]), ("", ["fr", "ar"])])
def test_connected_ink_is_not_read_as_arabic_where_the_second_reader_reads_latin(
    seen: str, languages: list[str]
) -> None:
    """As it does in worn typing, which looks connected; Arabic stands here in its place."""
    boxes: list[PixelBox] = [(0.0, 20.0 * n, 875.0, 20.0 * n + 19) for n in range(62)]
    words = [SeenWord(seen, box, 0.95, "rapid") for box in boxes]
    lines = {word.box: SeenLine((word,), 0) if seen else None for word in words}
    assert _pages_read(Scripted(lines)) == languages


def test_arabic_below_french_is_read_in_arabic_with_a_second_reader_too() -> None:
    assert _pages_read(find_second_reader()) == ["fr", "ar"]


def _pages_read(second: SecondReader | None) -> list[str]:
    """The languages in which a page of French and Arabic is read first."""
    body = paragraph(FRENCH) + paragraph(ARABIC, rtl=True)
    engine = Recording()
    picture = picture_of(html_pdf(body, size="A5"))
    Reader(engine, ("fr", "ar"), seconds=600, second=second).read(picture)
    return engine.pages[:2]


class Guessing(NoEngine):
    """Reads the same weak line in every language, and notes in which it was asked."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        self.pages.append(language)
        return [SeenLine((SeenWord(language, (0.0, 0.0, 10.0, 10.0), 0.3, "guess"),), 0)]


def test_a_page_is_read_once_in_each_language_and_anew_another_side_up() -> None:
    engine = Guessing()
    sheet = lay(picture_of(html_pdf(paragraph(FRENCH), size="A5"), dpi=100))
    whole = WholeReadings(engine)
    first = [whole.read(one, sheet, seconds=1.0) for one in ("fr", "ar", "fr", "ar")]
    assert engine.pages == ["fr", "ar"]
    assert [one.text for one in first] == ["fr", "ar", "fr", "ar"]
    whole.read("fr", sheet.turned(90), seconds=1.0)
    whole.read("fr", sheet, seconds=1.0)
    assert engine.pages == ["fr", "ar", "fr", "fr"]


def test_a_reader_keeps_nothing_of_the_page_before() -> None:
    body = paragraph(FRENCH)
    picture = picture_of(html_pdf(body, size="A5"))
    engine = Recording()
    reader = Reader(engine, ("fr",), seconds=600)
    reader.read(picture)
    once = list(engine.pages)
    reader.read(picture)
    assert engine.pages == 2 * once
    assert once
