"""Latin codes in the numbers of an Arabic page, read again by the second reader, by vote."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image

from ocr.careful.codes import with_codes
from ocr.careful.numbers import reading_places
from ocr.engines.contract import PixelBox, ReadPlaces, SeenLine, SeenWord, Tesseract
from ocr.engines.rapid import find_second_reader
from ocr.errors import EngineFailed, EngineTimeout
from ocr.picture.upright import lay
from ocr.reader import Reader
from tests.ocr.conftest import ARABIC as BODY
from tests.ocr.conftest import html_pdf, paragraph, picture_of

HEIGHT = 30.0


class Places:
    """Reads the same at every place, and remembers which it was shown."""

    def __init__(self, text: str = "", *, sure: float = 0.97) -> None:
        self.text, self.sure = text, sure
        self.shown: list[PixelBox] = []

    def __call__(self, boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        """Return a line of one word for each box, as wide as it; None where there is no text."""
        self.shown += boxes
        if not self.text:
            return [None for _ in boxes]
        return [SeenLine((SeenWord(self.text, box, self.sure, "rapid"),), 0) for box in boxes]


def line_of(read: str, confidence: float, *, wide: int = 300) -> SeenLine:
    """Return a line of a page, from the right: a label, the number as it was read, a word."""
    return SeenLine(
        (
            SeenWord("رقم", (800, 10, 850, 44), 0.9),
            SeenWord(read, (780 - wide, 10, 780, 44), confidence),
            SeenWord("بتاريخ", (780 - wide - 120, 10, 780 - wide - 20, 44), 0.9),
        ),
        0,
    )


def read_again(
    read: str,
    second: str,
    latin: str = "",
    *,
    confidence: float = 0.4,
    sure: float = 0.97,
    wide: int = 300,
) -> str:
    """Return what becomes of a number that was read so, and is read so by the two others."""
    lines = with_codes(
        [line_of(read, confidence, wide=wide)],
        height=HEIGHT,
        second=Places(second, sure=sure),
        latin=Places(latin),
    )
    return lines[0].text.removeprefix("رقم ").removesuffix(" بتاريخ")


def test_a_code_that_was_read_as_figures_is_read_again_where_the_other_figures_agree() -> None:
    assert read_again("614/887/2026", "614/BRT/2026") == "614/BRT/2026"
    assert read_again("8658-118/2026", "AGSB-118/2026") == "AGSB-118/2026"
    assert read_again("530/RADEE/2024", "530/RADEEJ/2024", confidence=0.65) == "530/RADEEJ/2024"


def test_a_number_that_goes_on_below_keeps_its_stroke_at_the_end_of_the_line() -> None:
    assert read_again("62/182/", "/62/TRX") == "62/TRX/"


@pytest.mark.parametrize(
    ("read", "second"),
    [
        ("614/887/2026", "61/BRT/2026"),  # another serial
        ("62/182/2026", "62/TRX"),  # the year is gone
        ("3101804", "2026/IN/003180"),  # no figure agrees
        ("000615/لا/2026", "2026/OUT/000615"),  # a code in Arabic letters may be one
    ],
)
def test_one_reader_alone_is_believed_only_with_a_witness(read: str, second: str) -> None:
    assert read_again(read, second) == read
    assert read_again(read, second, "nothing of it") == read
    assert read_again(read, second, f"7{second}") == read  # it saw one figure more
    assert read_again(read, second, f"« {second} du") == second


def test_signs_that_look_alike_are_one_to_a_witness() -> None:
    assert read_again("3101804", "2026/IN/003180", "2026/1N/003180 ,") == "2026/IN/003180"
    assert read_again("0/2026/لا", "/2026/OUT", "12026/OUT") == "2026/OUT/"


@pytest.mark.parametrize(
    ("read", "second", "confidence"),
    [
        ("614/887/2026", "614/887/2026", 0.4),  # figures, to both
        ("614/م.ض/2026", "2026/2..2/614", 0.4),
        ("614/BRT/2026", "614/BRI/2026", 0.92),  # the engine was sure of a Latin code
        ("04/05/2026", "BRT/05/2026", 0.4),  # a date
    ],
)
def test_what_stands_stays(read: str, second: str, confidence: float) -> None:
    assert read_again(read, second, second, confidence=confidence) == read


def test_a_second_reader_that_is_unsure_changes_nothing() -> None:
    assert read_again("614/887/2026", "614/BRT/2026", sure=0.8) == "614/887/2026"


def test_figures_much_narrower_than_their_place_are_read_again() -> None:
    assert read_again("62", "162/CPT/2026", "162/CPT/2026", confidence=0.73) == "162/CPT/2026"
    assert read_again("62", "162/CPT/2026", "162/CPT/2026", confidence=0.73, wide=40) == "62"


def test_signs_around_a_number_stay() -> None:
    assert read_again("(614/887/2026،", "614/BRT/2026") == "(614/BRT/2026،"


def test_a_word_beside_the_number_that_was_misread_stays() -> None:
    label = SeenWord(":e$2>3", (620, 10, 700, 44), 0.0)
    number = SeenWord("614/887/2026", (300, 10, 600, 44), 0.5)

    def second(boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        found = SeenWord("614/BRT/2026", (302, 10, 598, 44), 0.98, "rapid")
        return [SeenLine((found, SeenWord("C", (640, 10, 690, 44), 0.95, "rapid")), 0)] * len(boxes)

    (line,) = with_codes(
        [SeenLine((label, number), 0)], height=HEIGHT, second=second, latin=Places()
    )
    assert line.text == ":e$2>3 614/BRT/2026"


def test_no_more_than_ten_numbers_of_a_page_are_read_again() -> None:
    second = Places("614/BRT/2026")
    with_codes([line_of("614/887/2026", 0.4)] * 12, height=HEIGHT, second=second, latin=Places())
    assert len(second.shown) == 10


def test_nothing_is_read_where_no_number_is_doubted() -> None:
    second = Places("614/BRT/2026")
    lines = [line_of("الماء", 0.9), line_of("614/BRT/2026", 0.92), line_of("2026", 0.9, wide=90)]
    assert with_codes(lines, height=HEIGHT, second=second, latin=second) == lines
    assert not second.shown


class Failing:
    """A second reader that fails."""

    name = "failing"
    languages = frozenset({"fr"})

    def __init__(self, error: EngineFailed) -> None:
        self._error = error

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Raise the error."""
        raise self._error

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Raise the error."""
        raise self._error


@pytest.mark.parametrize("error", [EngineFailed("crashed"), EngineTimeout("too late")])
def test_what_was_read_stands_where_the_second_reader_fails(error: EngineFailed) -> None:
    sheet = lay(Image.new("L", (400, 300), 255))
    places: ReadPlaces | None = reading_places(Failing(error), sheet, float("inf"))
    assert places is not None
    lines = [line_of("614/887/2026", 0.4)]
    assert with_codes(lines, height=HEIGHT, second=places, latin=Places()) == lines


@pytest.mark.parametrize(
    ("number", "shown"),
    [("AGSB-118/2026", "AGSB-118/2026"), ("2026/IN/003391", "IN/003391/2026")],
)
def test_a_page_gives_its_numbers_with_their_codes(number: str, shown: str) -> None:
    cited = paragraph(f"توصلت برسالتكم رقم {number} التي تطلب مني الإدلاء بالعقد", rtl=True)
    picture = picture_of(html_pdf(cited + paragraph(BODY, rtl=True), size="A5"), dpi=200)
    reader = Reader(Tesseract(), ("ar", "fr"), second=find_second_reader())
    assert shown in reader.read(picture).text
