"""Arabic initials of numbers, read again in Arabic by two readers that must agree."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image

from ocr.careful.initials import with_initials
from ocr.engines.contract import PixelBox, SeenLine, SeenWord, Tesseract
from ocr.reader import Reader
from tests.ocr.conftest import FRENCH, html_pdf, paragraph, picture_of


class Places:
    """Reads the same at every place, and remembers which it was shown."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.shown: list[PixelBox] = []

    def __call__(self, boxes: Sequence[PixelBox]) -> Sequence[SeenLine | None]:
        """Return a line of what it reads for each box; None where there is no text."""
        self.shown += boxes
        if not self.text:
            return [None for _ in boxes]
        words = tuple(SeenWord(one, (0, 0, 9, 9), 0.7) for one in self.text.split())
        return [SeenLine(words, 0) for _ in boxes]


def read_again(read: str, engine: str, witness: str, *, confidence: float = 0.3) -> str:
    """Return what becomes of a number that was read so, and is read so in Arabic by two."""
    label = SeenWord("number", (10, 10, 100, 40), 0.95)
    line = SeenLine((label, SeenWord(read, (110, 10, 320, 40), confidence)), 0)
    readers = {"engine": Places(engine), "witness": Places(witness)}
    (out,) = with_initials([line], height=25, **readers)
    return out.text.removeprefix("number ")


@pytest.mark.parametrize(
    ("read", "engine", "witness", "number"),
    [
        ("71/م/2026", "م 71/م./2026", "71/م.ز/2026", "71/م.ز/2026"),  # a letter was lost
        ("318/م/2026", "د 318/م.ق2026/3", "د 318/م.ق/2026", "318/م.ق/2026"),
        ("71/2025/5.e", "1 .ق/71/2025 :", "م.ق/71/2025", "71/2025/م.ق"),  # in a Latin line
        ("71/2025/<.¢.", ".م.ت/71/2025", "2 .ت/71/2025", "71/2025/م.ت"),
        ("71/2025/5.e", "1 .ق/71/2025 :", "م.ق /71/2025 :", "71/2025/م.ق"),
        ("(71/2025/5.e)", "م.ق/71/2025", "م.ق/71/2025", "(71/2025/م.ق)"),
        ("٧١/م/٢٠٢٦", "م/2026", "٧١/م.ز/٢٠٢٦", "٧١/م.ز/٢٠٢٦"),
    ],
)
def test_initials_that_one_reads_and_the_other_saw_in_part_are_taken(
    read: str, engine: str, witness: str, number: str
) -> None:
    assert read_again(read, engine, witness) == number


@pytest.mark.parametrize(
    ("read", "engine", "witness"),
    [
        ("71/م/2026", "71/ح.ز/2026", "71/م.ق/2026"),  # other letters
        ("71/م/2026", "", "71/م.ز/2026"),  # one alone
        ("71/م/2026", "711/م.ز/2026", "17/م.ز/2026"),  # other figures
        ("71/2025/5.e", "71/2025", "71/2025"),
    ],
)
def test_nothing_is_taken_where_two_do_not_agree(read: str, engine: str, witness: str) -> None:
    assert read_again(read, engine, witness) == read


@pytest.mark.parametrize(
    ("read", "confidence"),
    [
        ("71/م/2026", 0.9),  # the engine is sure
        ("71/م.ز/2026", 0.3),
        ("71/RADEE]/2026", 0.3),  # a Latin code
        ("71/03/2026.", 0.3),  # a date
        ("17/03/2026:/", 0.3),
        ("71/2026", 0.3),
        ("71", 0.3),
    ],
)
def test_other_numbers_are_not_read_again(read: str, confidence: float) -> None:
    places = Places("71/م.ق/2026")
    line = SeenLine((SeenWord(read, (110, 10, 320, 40), confidence),), 0)
    assert with_initials([line], height=25, engine=places, witness=places) == [line]
    assert not places.shown


def test_no_more_than_four_numbers_of_a_page_are_read_again() -> None:
    places = Places("71/م.ق/2026")
    line = SeenLine((SeenWord("71/م/2026", (110, 10, 320, 40), 0.3),), 0)
    with_initials([line] * 6, height=25, engine=places, witness=Places("71/م.ق/2026"))
    assert len(places.shown) == 4


def french_page(number: str) -> Image.Image:
    """Return a French page whose reference has Arabic initials, drawn as a browser draws it."""
    return picture_of(html_pdf(paragraph(f"Vos réf. : {number}") + paragraph(FRENCH)), dpi=150)


def test_a_french_page_gives_a_number_with_its_arabic_initials() -> None:
    engine = Tesseract()
    reader = Reader(engine, ("ar", "fr"), witness=engine.witness())
    assert "71/2025/م.ق" in reader.read(french_page("71/م.ق/2025")).text
