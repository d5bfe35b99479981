"""A page's own text is believed as far as it deserves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr.engines.contract import NoEngine, SeenLine, Shape, Tesseract
from ocr.errors import EngineTimeout
from ocr.judging.scoring import character_error_rate
from ocr.limits import Limits
from ocr.pdf.pages import Layer, PdfPages
from ocr.pdf.witness import agrees, holds, patched, weigh
from ocr.picture_reading import PictureReading
from ocr.pipeline import read_page
from ocr.quality import UNTOLD, is_foreign
from ocr.reader import Reader
from ocr.reading import Word
from tests.ocr.conftest import ARABIC, ENGLISH, FRENCH, html_pdf, paragraph

# The letters of a font whose map to Unicode is wrong: each a letter still, frequencies and all.
WRONG = FRENCH.translate(str.maketrans("eaintrsoulcdm", "aetnislruocmd"))


def layer(text: str, *, trusted: bool = True, unsure: bool = False) -> Layer:
    """A layer with one word a line, down the page."""
    tokens = text.split()
    step = 1 / max(len(tokens), 1)
    words = tuple(
        Word(token, (0.1, n * step, 0.9, (n + 0.8) * step), line=n)
        for n, token in enumerate(tokens)
    )
    return Layer(text, words, trusted=trusted, unsure=unsure)


def seen(text: str, confidence: float) -> PictureReading:
    return PictureReading("fr", confidence, text, (), 0, "quick")


@pytest.mark.parametrize("text", [ARABIC, FRENCH, ENGLISH])
def test_prose_is_believed_without_a_look_at_the_picture(text: str) -> None:
    assert weigh(layer(text)) == "believe"


def test_wrong_letters_in_the_right_numbers_ask_for_a_look() -> None:
    assert weigh(layer(WRONG)) == "sample"


def test_letters_that_the_pdf_reader_guessed_ask_for_a_look() -> None:
    assert weigh(layer(FRENCH, unsure=True)) == "sample"


def test_a_layer_over_a_scan_is_refused_and_next_to_nothing_is_compared() -> None:
    assert weigh(layer(FRENCH, trusted=False)) == "refuse"
    assert weigh(None) == "refuse"
    assert weigh(layer("- 2 -")) == "compare"


def test_a_sample_of_the_picture_tells_a_true_layer_from_a_false_one(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(html_pdf(paragraph(FRENCH)))
    pages = PdfPages(tmp_path / "a.pdf", Limits())
    true, picture = pages.layer(1), pages.picture(1)
    pages.close()
    assert true is not None
    assert agrees(true, picture, Reader(Tesseract()))
    assert not agrees(replace(true, text=WRONG), picture, Reader(Tesseract()))


def test_a_doubtful_layer_gives_way_to_a_good_reading_only() -> None:
    assert not holds(layer(WRONG), seen(FRENCH, 0.9))
    assert holds(layer(WRONG), seen(FRENCH, 0.3))
    assert holds(layer(WRONG), seen("", 1.0))


def test_words_with_holes_are_patched_from_the_picture_and_the_others_stay(tmp_path: Path) -> None:
    """A font that maps one letter to another script spoils the words with that letter only."""
    (tmp_path / "a.pdf").write_bytes(html_pdf(paragraph(ARABIC, rtl=True)))
    pages = PdfPages(tmp_path / "a.pdf", Limits())
    true, picture = pages.layer(1), pages.picture(1)
    pages.close()
    assert true is not None
    holed = tuple(replace(word, text=word.text.replace("ش", "ट")) for word in true.words)
    broken = replace(true, text=true.text.replace("ش", "ट"), words=holed)
    assert weigh(broken) == "patch"
    mended = patched(broken, Reader(Tesseract(), ("ar",)).read(picture))
    assert (
        character_error_rate(ARABIC, mended.text) < 0.01 < character_error_rate(ARABIC, broken.text)
    )
    untouched = [word for word in mended.words if word.confidence == 1]
    assert len(untouched) > len(true.words) / 2


def test_a_layer_that_is_mostly_holes_is_refused() -> None:
    assert weigh(layer(ARABIC.replace("ا", "ट"))) == "refuse"


@pytest.mark.parametrize("word", ["المغرب", "Réf.", "12/2025", "\uf0b7", "10µm", "kΩ", "٢٠٢٥", "«"])
def test_ordinary_words_and_bullets_have_no_holes(word: str) -> None:
    assert not is_foreign(word)


@pytest.mark.parametrize("word", ["الممथلكة", "D\ufffdcret", "dé\ue001ret"])
def test_letters_of_other_scripts_are_holes(word: str) -> None:
    assert is_foreign(word)


@pytest.mark.parametrize("own", [f"ا{2 * UNTOLD}مر", 2 * UNTOLD])
def test_letters_that_the_file_does_not_tell_are_taken_from_the_picture(own: str) -> None:
    words = (Word(own, (0.1, 0.1, 0.2, 0.12)), *layer(ARABIC).words)
    assert weigh(Layer(ARABIC, words, trusted=True)) == "patch"
    seen_word = Word(own.replace(2 * UNTOLD, "لا"), (0.1, 0.1, 0.2, 0.12), 0.9)
    read = PictureReading("ar", 0.9, seen_word.text, (seen_word,), 0, "quick")
    assert patched(Layer("", words[:1], trusted=True), read).words[0].text == seen_word.text


@pytest.mark.parametrize("problem", ["", "doubtful"])
def test_what_the_picture_does_not_tell_either_is_a_gap_and_doubted(problem: str) -> None:
    words = (Word(f"ا{UNTOLD}مر", (0.1, 0.1, 0.2, 0.12)),)
    own = Layer(words[0].text, words, trusted=True)
    read = PictureReading("ar", 0.9, "", (), 0, "quick", problem)
    (word,) = patched(own, read).words
    assert (word.text, word.confidence < 0.5) == ("ا\ufffdمر", True)


class TooSlow(NoEngine):
    """Never gets done in the time it is given."""

    def read(
        self, picture: Image.Image, *, language: str, seconds: float, shape: Shape = "page"
    ) -> list[SeenLine]:
        """Too late."""
        raise EngineTimeout("tesseract took too long")


@pytest.mark.parametrize("engine", [TooSlow(), NoEngine()])
def test_where_the_picture_tells_nothing_the_layer_stays_as_a_guess(
    tmp_path: Path, engine: NoEngine
) -> None:
    """Its numbers are what its raw text has; none of its words is sure."""
    path = tmp_path / "wrong.pdf"
    path.write_bytes(html_pdf(paragraph("zxqvk wzxqj kvzwx " * 12 + "0523 34 26 02")))
    page = read_page(PdfPages(path, Limits()), 1, Reader(engine))
    assert (page.source, page.problem) == ("text", "doubtful")
    assert "0523 34 26 02" in page.text
    assert page.confidence == max(word.confidence for word in page.words) < 0.5


def test_a_word_of_both_scripts_is_patched_on_a_page_with_holes() -> None:
    words = [("G/1120.\u0636/2023", 0.1), ("\u0627\u091f", 0.6)]
    own = tuple(Word(text, (left, 0.1, left + 0.3, 0.12)) for text, left in words)
    whole = Word("1120/\u0645.\u0636/2023", (0.1, 0.1, 0.4, 0.12), 0.9)
    read = PictureReading("ar", 0.9, whole.text, (whole,), 0, "quick")
    assert whole.text in patched(Layer("", own, trusted=True), read).text


@pytest.mark.parametrize(
    ("own", "read", "sure", "kept"),
    [
        ("\u0636/12/G", "\u0636/12/\u0645", 0.7, True),  # hardly surer than a guess
        ("\u0636/12/G", "\u0636/12/\u0645", 0.85, False),
        ("\u0627\u091f\u062f", "\u0627\u0634\u062f", 0.7, False),  # wrong as it stands
        # a code stays a code
        ("\u0631\u0642\u0645:ELEC", "\u0631\u0642\u0645:\u06331\u0643", 0.95, True),
    ],
)
def test_a_word_that_may_be_right_is_replaced_by_what_was_surely_read(
    own: str, read: str, sure: float, kept: bool
) -> None:
    words = (Word(own, (0.1, 0.1, 0.4, 0.12)), Word("\u0627\u091f", (0.6, 0.1, 0.9, 0.12)))
    seen_word = Word(read, (0.1, 0.1, 0.4, 0.12), sure)
    reading = PictureReading("ar", sure, read, (seen_word,), 0, "quick")
    text = patched(Layer("", words, trusted=True), reading).text
    assert (own in text, read in text) == (kept, not kept)
