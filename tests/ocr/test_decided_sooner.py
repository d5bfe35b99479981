"""What a page is not, and what stands not on it, is told by a sample; the rest is left unread."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ocr.careful.once import ReadOnce
from ocr.careful.sample import reads_latin
from ocr.careful.secondlook import read_weak_lines
from ocr.careful.two_scripts import may_be_latin, widest
from ocr.engines.contract import PixelBox, SeenLine, SeenWord, Shape, Tesseract
from ocr.picture.layout import Page
from ocr.picture.probe import Guess, guess_language
from ocr.reader import Reader
from ocr.reading import Language
from tests.ocr.engines.second import Scripted
from tests.ocr.test_reader import worn

PAGE = Image.new("L", (1000, 1400), 255)
HIGH = 20.0
NO_ARABIC = "Mnm wnm rnw mnw nwm rwn"


def line(text: str, box: PixelBox, sure: float) -> SeenLine:
    return SeenLine((SeenWord(text, box, sure),), 0)


def ink(*rows: tuple[float, int]) -> Page:
    """Rows at a height of twelve blobs, so many of them joined, each with a dot."""
    boxes: list[PixelBox] = []
    for top, joined in rows:
        for n in range(12):
            left = 60.0 * n
            wide = 28.0 if n < joined else 12.0
            boxes += [
                (left, top, left + wide, top + HIGH),
                (left, top - 8.0, left + 5.0, top - 3.0),
            ]
    return Page(np.array(boxes), HIGH, 0.0, lying=False)


def test_a_sample_without_latin_lines_ends_as_soon_as_too_many_are_unread() -> None:
    lines: dict[PixelBox, SeenLine | None] = {
        (0.0, 40.0 * n, 500.0, 40.0 * n + 30): None for n in range(20)
    }
    second = Scripted(lines)
    assert not reads_latin(PAGE, second, seconds=1)
    assert second.asked == 3


@pytest.mark.parametrize(
    ("arabic", "french", "guess", "probes"),
    [
        (0.70, 0.2, Guess("ar", sure=True), ["ar"]),
        (0.58, 0.2, Guess("ar", sure=True), ["ar", "fr"]),
        (0.58, 0.4, Guess("ar", sure=False), ["ar", "fr"]),
        (0.35, 0.1, Guess("ar", sure=False), ["ar", "fr"]),
        (0.35, 0.9, Guess("fr", sure=True), ["ar", "fr"]),
    ],
)
def test_one_probe_tells_worn_arabic_and_two_tell_that_it_is_upright(
    arabic: float, french: float, guess: Guess, probes: list[str]
) -> None:
    """A page upside down is unsure in both: 0.38 at most."""
    asked: list[str] = []

    def read(strip: Image.Image, language: Language) -> list[SeenLine]:
        asked.append(language)
        text, sure = (
            ("المملكةالمغربية", arabic) if language == "ar" else ("Directeurgeneral", french)
        )
        return [line(text, (0.0, 0.0, 10.0, 10.0), sure)]

    page = ink(*((40.0 * n, 2) for n in range(1, 20)))
    found = guess_language(PAGE, page, languages=("ar", "fr"), usual="", read=read)
    assert (found, asked) == (guess, probes)


@pytest.mark.parametrize(("text", "sure", "strips"), [(NO_ARABIC, 0.2, 1), ("Madame", 0.9, 2)])
def test_weak_lines_are_read_in_the_other_script_only_where_a_sample_is(
    text: str, sure: float, strips: int
) -> None:
    """Ten lines apart as Latin is, below ten that are joined; the longest four are the sample."""
    tops = [40.0 * n for n in range(1, 21)]
    page = ink(*((top, 12 if n < 10 else 0) for n, top in enumerate(tops)))
    lines = [
        line("مثم مثم", (0.0, top, 700.0, top + HIGH), 0.9 if n < 10 else 0.3)
        for n, top in enumerate(tops)
    ]
    asked: list[int] = []

    def again(strip: Image.Image, language: Language) -> list[SeenLine]:
        asked.append(strip.height)
        rows = range(15, strip.height, 5)
        return [line(text, (10.0, float(y), 20.0, y + 1.0), sure) for y in rows]

    out = read_weak_lines(PAGE, page, lines, "fr", again)
    assert len(asked) == strips
    assert [one.text for one in out[:10]] == ["مثم مثم"] * 10
    assert sum(text in one.text for one in out) == (10 if strips == 2 else 0)


def test_ink_that_stands_apart_all_over_an_arabic_page_is_no_latin() -> None:
    tops = [40.0 * n for n in range(1, 11)]
    page = ink(*((top, 3) for top in tops))
    lines = [
        line("مثم مثم", (0.0, top, 700.0, top + HIGH), 0.9 if n > 3 else 0.3)
        for n, top in enumerate(tops)
    ]

    def never(strip: Image.Image, language: Language) -> list[SeenLine]:
        raise AssertionError

    assert read_weak_lines(PAGE, page, lines, "fr", never) == lines


@pytest.mark.parametrize(
    ("text", "sure", "latin"),
    [("Royaume", 0.6, True), ("Royaume", 0.4, False), ("12/2024 a", 0.9, False)],
)
def test_a_place_may_be_latin_where_letters_are_read_with_some_confidence(
    text: str, sure: float, latin: bool
) -> None:
    assert may_be_latin(line(text, (0.0, 0.0, 10.0, 10.0), sure)) is latin


def test_the_widest_places_are_a_sample_from_the_top() -> None:
    places = [(0.0, 100.0 - n, float(n % 10), 101.0 - n) for n in range(10)]
    assert widest(places) == list(reversed(places[4:]))


def test_the_places_of_lines_are_not_looked_for_again_with_thicker_ink() -> None:
    places: dict[PixelBox, SeenLine | None] = {(0.0, 0.0, 100.0, 20.0): None}
    reader = Scripted(places)
    once, thicker = ReadOnce(reader), PAGE.copy()
    once.find_lines(PAGE, seconds=1)
    once.take_places(PAGE, to=thicker)
    reader.lines = {}
    assert once.find_lines(thicker, seconds=1) == list(places)
    assert once.find_lines(PAGE.copy(), seconds=1) == []


class Calls(Tesseract):
    """Notes in which language and shape it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Shape]] = []

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        self.asked.append((language, shape))
        return super().read(picture, language=language, seconds=seconds, shape=shape)


def test_a_worn_arabic_page_is_read_with_thicker_ink_in_arabic_alone(
    arabic_scan: Image.Image,
) -> None:
    engine = Calls()
    Reader(engine, seconds=600, second=Scripted({})).read(worn(arabic_scan))
    pages = [n for n, (_, shape) in enumerate(engine.asked) if shape == "page"]
    assert len(pages) >= 2
    assert {engine.asked[n] for n in pages} == {("ar", "page")}
    assert ("ar", "block") not in engine.asked[pages[0] :]  # its language is not looked for again
