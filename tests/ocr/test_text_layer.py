"""Characters of a PDF become text in logical order."""

from dataclasses import replace

from ocr.pdf.textlayer import assemble, mend_ligatures
from ocr.pdf.textwords import Glyph


def glyphs(text: str) -> list[Glyph]:
    """Characters side by side from the right, a line end further down; those between braces lie on
    one box, as a ligature's do."""
    out: list[Glyph] = []
    left, top, inside = 0.9, 0.1, False
    for char in text:
        if char in "{}":
            inside = char == "{"
            left -= 0.01
            continue
        if char == "\n":
            left, top = 0.9, top + 0.05
        out.append(Glyph(char, None if char.isspace() else (left, top, left + 0.009, top + 0.02)))
        left -= 0 if inside else 0.01
    return out


def text_of(text: str) -> str:
    return assemble(glyphs(text))[0]


def test_a_turned_lam_alef_of_one_glyph_is_put_right() -> None:
    assert text_of("الس{ال}مة") == "السلامة"
    assert text_of("ا{أل}مر") == "الأمر"


def test_the_article_of_two_glyphs_is_left_alone() -> None:
    assert text_of("العالم بالماء") == "العالم بالماء"


def test_the_name_of_god_of_one_glyph_is_put_right() -> None:
    assert text_of("الحمد {هلل} وحده") == "الحمد لله وحده"
    assert text_of("أسماه {هللا}") == "أسماه الله"


def test_ligatures_stored_in_writing_order_stay() -> None:
    assert [glyph.char for glyph in mend_ligatures(glyphs("{لا}"))] == ["ل", "ا"]


def test_words_have_boxes_in_the_order_of_the_text() -> None:
    text, words = assemble(glyphs("رقم واحد\nثان"))
    assert text == "رقم واحد\nثان"
    assert [word.text for word in words] == ["رقم", "واحد", "ثان"]
    assert all(0 <= edge <= 1 for word in words for edge in word.box)


def test_a_space_without_paper_inside_a_word_is_none() -> None:
    """Word splits words where it changes the font; on the page they touch."""
    touching = [*glyphs("ا"), Glyph(" ", None), *moved(glyphs("لجريدة"), -0.01)]
    apart = [*glyphs("ما"), Glyph(" ", None), *moved(glyphs("لجريدة"), -0.03)]
    assert assemble(touching)[0] == "الجريدة"
    assert assemble(apart)[0] == "ما لجريدة"


def moved(line: list[Glyph], by: float) -> list[Glyph]:
    return [
        replace(g, box=(g.box[0] + by, g.box[1], g.box[2] + by, g.box[3])) if g.box else g
        for g in line
    ]


def test_a_colon_left_of_an_arabic_word_comes_after_it() -> None:
    """Where a line goes by Latin rules, the sign comes first in the file."""
    (colon,) = moved(glyphs(":"), -0.05)
    assert assemble([colon, *glyphs("الرقم")])[0] == "الرقم:"


def test_a_bracket_goes_with_the_word_it_stands_at() -> None:
    line = glyphs("حي( الرقم)")
    bracket = line[2]
    line[2] = replace(bracket, box=(0.872, 0.1, 0.879, 0.12))
    assert assemble(line)[0] == "حي (الرقم)"
