"""Letters whose signs are drawn apart, and glyphs without a text, become the words of the page."""

from __future__ import annotations

from dataclasses import replace

from ocr.pdf.marks import with_marks_in_place, without_twins
from ocr.pdf.mending import without_flat_strokes
from ocr.pdf.textlayer import assemble
from ocr.pdf.textwords import Glyph
from ocr.pdf.turning import turn_words
from ocr.pdf.unnamed import with_holes, with_seats, without_unnamed
from ocr.quality import UNTOLD
from tests.ocr.test_text_layer import glyphs

ASPECT = 1.0
PROSE = " يشرفنا أن نوافيكم بالملف الكامل لطلب العروض"


def text_of(line: list[Glyph]) -> str:
    return "".join(glyph.char for glyph in line)


def over(letter: Glyph, char: str, *, drawn: int = -1, guessed: bool = False) -> Glyph:
    """A small glyph above a letter."""
    assert letter.box is not None
    left, top, right, _ = letter.box
    box = left + 0.002, top - 0.006, right - 0.002, top - 0.001
    return Glyph(char, box, drawn=drawn, guessed=guessed)


def test_a_letter_that_came_once_more_for_its_sign_is_read_once() -> None:
    """Typst gives the sign of "مٌ" the text "مٌ" as well."""
    first, last = glyphs("تم")
    base = [replace(first, drawn=2), *(replace(last, char=c, drawn=2) for c in "م\u064c")]
    sign = [over(last, char, drawn=1) for char in "م\u064c"]
    assert text_of(without_twins([*sign, *base])) == "تم\u064c"


def test_the_same_letter_in_the_next_line_is_no_twin() -> None:
    (letter,) = glyphs("م")
    assert letter.box is not None
    left, top, right, bottom = letter.box
    lower = replace(letter, box=(left, top + 0.06, right, bottom + 0.06))
    above = [replace(letter, char=char, drawn=0) for char in "م\u064c"]
    below = [replace(lower, char=char, drawn=1) for char in "م\u064c"]
    assert len(without_twins([*above, *below])) == 4


def test_a_glyph_without_a_text_that_stands_on_a_letter_is_dropped() -> None:
    ain, noon = glyphs("عن")
    assert text_of(without_unnamed([ain, noon, over(noon, "\u01b1", guessed=True)])) == "عن"


def test_a_letter_that_the_file_does_not_tell_stays_where_it_stands_alone() -> None:
    ain, hole, noon = glyphs("عXن")
    assert text_of(without_unnamed([ain, replace(hole, guessed=True), noon])) == "عXن"


def test_a_letter_that_the_file_does_not_tell_is_no_figure() -> None:
    """Qt tells no text of a lam-alef that is two glyphs; pdfium takes their numbers for "87"."""
    page = [replace(one, guessed=one.char in "78") for one in glyphs("ا78مر رقم 78 و" + PROSE)]
    assert text_of(with_holes(page)) == f"ا{2 * UNTOLD}مر رقم {2 * UNTOLD} و{PROSE}"
    assert assemble(page)[0] == f"ا{2 * UNTOLD}مر رقم {2 * UNTOLD} و{PROSE}"


def test_a_page_of_which_the_file_tells_little_stays_as_it_is() -> None:
    page = [replace(one, guessed=one.char in "78") for one in glyphs("ا78مر")]
    assert with_holes(page) == page


def test_figures_that_the_file_tells_and_those_of_other_fonts_stay() -> None:
    page = [replace(one, guessed=one.char == "8") for one in glyphs(f"ا8مر رقم 7{PROSE} 8")]
    page[-1] = replace(page[-1], font=5)
    assert text_of(with_holes(page)) == f"ا{UNTOLD}مر رقم 7{PROSE} 8"


def test_guessed_letters_beside_no_arabic_ones_stay() -> None:
    page = [replace(one, guessed=one.char.isascii()) for one in glyphs(f"RC 78 رقم{PROSE}")]
    assert with_holes(page) == page


def test_alefs_have_the_hamza_that_is_drawn_on_them_and_no_other() -> None:
    """WeasyPrint calls every alef of Scheherazade what the first one was."""
    word = glyphs("أخأ")
    signed = [word[0], over(word[0], "\u043f", guessed=True), *word[1:]]
    assert text_of(without_unnamed(signed)) == "أخا"


def below(letter: Glyph, char: str) -> Glyph:
    """A small glyph below a letter."""
    assert letter.box is not None
    left, _, right, bottom = letter.box
    return Glyph(char, (left + 0.002, bottom + 0.001, right - 0.002, bottom + 0.006))


def test_a_hamza_that_came_as_another_sign_goes_to_its_alef() -> None:
    """pdfkit's map has no text for it, and pdfium takes it for a tab or ">", without a guess."""
    line = glyphs("او الى الان.")
    found = [over(line[0], "."), below(line[3], ">"), below(line[7], ">")]
    page = [*line[:1], found[0], *line[1:4], found[1], *line[4:8], found[2], *line[8:]]
    assert text_of(without_unnamed(page)) == "أو إلى إلان."


def test_signs_that_stand_elsewhere_too_are_no_hamzas() -> None:
    """Dots that lead to a blank stand below other letters; a full stop is on the foot of a line."""
    line = glyphs("اسم")
    leader = [below(one, ".") for one in line]
    assert text_of(without_unnamed([*line, *leader])) == "اسم..."
    dashes = [over(one, "-") for one in line]
    assert text_of(without_unnamed([*line, *dashes])) == "اسم---"


def test_a_sign_of_another_font_or_a_distant_drawing_is_no_hamza() -> None:
    (alef,) = glyphs("ا")
    sign = over(alef, ">")
    other, later = replace(sign, font=2), replace(sign, drawn=9)
    assert text_of(without_unnamed([alef, other])) == "ا>"
    assert text_of(without_unnamed([replace(alef, drawn=2), later])) == "ا>"


def test_alefs_of_a_font_that_has_them_with_hamza_stay() -> None:
    tall, plain = glyphs("أا")
    assert tall.box is not None
    left, top, right, bottom = tall.box
    tall = replace(tall, box=(left, top - 0.01, right, bottom))
    line = [tall, plain, over(plain, "\u043f", guessed=True)]
    assert text_of(without_unnamed(line)) == "أا"


def test_an_alef_that_came_as_another_sign_below_its_hamza_is_dropped() -> None:
    alef, lam = glyphs(">ل")
    assert text_of(without_unnamed([alef, over(alef, "أ"), lam])) == "أل"


def test_a_sign_with_the_text_of_its_letter_stands_in_the_line() -> None:
    """Cairo draws the letter of "مٌ" without a text; its sign alone would begin a line."""
    first, last = glyphs("تم")
    sign = [over(last, char, drawn=7) for char in "م\u064c"]
    seated = with_seats([first, *sign], ASPECT)
    assert first.box is not None
    assert all(one.box and one.box[3] > (first.box[1] + first.box[3]) / 2 for one in seated[1:])
    assert assemble([first, Glyph("\n", None), *sign])[0] == "تم\u064c"


def test_vowel_signs_that_came_elsewhere_go_to_their_letters() -> None:
    line = glyphs("علما")
    moved = with_marks_in_place([over(line[2], "\u064b"), *line])
    assert text_of(moved) == "علم\u064bا"


def test_a_piece_of_a_word_that_came_from_the_left_is_turned_alone() -> None:
    waw, ba, ain, dal = (replace(one, drawn=1) for one in glyphs("وبعد"))
    assert text_of(turn_words([ain, ba, waw, replace(dal, drawn=0)])) == "وبعد"


def test_a_word_that_came_in_two_lines_of_the_file_is_one() -> None:
    """pdfium begins a line where a vowel sign is drawn; on the page the letters touch."""
    word = [
        replace(one, box=(one.box[0] - 0.001, *one.box[1:])) for one in glyphs("بالتوصل") if one.box
    ]
    assert assemble([*word[4:], Glyph("\n", None), *word[:4]])[0] == "بالتوصل"


def test_flat_strokes_within_words_are_dropped_whatever_they_are_called() -> None:
    """LibreOffice stretches words by strokes that some fonts call 2 or a full stop."""
    qaf, ta = glyphs("قة")
    assert qaf.box is not None
    assert ta.box is not None
    foot = qaf.box[3]
    stroke = Glyph("2", (ta.box[2] - 0.001, foot - 0.001, qaf.box[0] + 0.001, foot))
    assert text_of(without_flat_strokes([qaf, stroke, ta], ASPECT)) == "قة"
    two = replace(stroke, box=(ta.box[2], foot - 0.01, qaf.box[0], foot))
    assert text_of(without_flat_strokes([qaf, two, ta], ASPECT)) == "ق2ة"
