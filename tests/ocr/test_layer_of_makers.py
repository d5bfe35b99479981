"""What a PDF says of itself comes out as it says it: numbers above all, whoever made the PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr.pdf.bidi import in_logical_order
from ocr.pdf.groups import make_number, runs_backwards
from ocr.pdf.kept_numbers import with_layer_numbers
from ocr.pdf.mending import with_signs, with_stops, without_strokes
from ocr.pdf.pages import Layer
from ocr.pdf.textlayer import assemble, mend_ligatures
from ocr.pdf.textrows import Token, around
from ocr.pdf.textwords import Glyph
from ocr.pdf.turning import turn_words
from ocr.picture_reading import PictureReading
from ocr.pipeline import read_file
from ocr.reading import Word
from tests.ocr.conftest import ARABIC, html_pdf, paragraph
from tests.ocr.test_text_layer import glyphs

PHONES = ("05 23 34 26 02", "0645 90 73 22", "0523 342 602", "05.23.34.26.02")
FONTS = ("Noto Naskh Arabic", "DejaVu Sans", "Amiri")
_WORDS = st.sampled_from(["الهاتف", "رقم", "بتاريخ", "المبلغ", "درهم", "العقدة", "و", "إلى"])
_GROUPS = st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), min_size=1, max_size=5)
_NUMBERS = st.builds(
    lambda groups, sign: sign.join(groups),
    _GROUPS.filter(lambda groups: not runs_backwards(groups)),
    st.sampled_from([" ", ".", "/", ","]),
)


def read(body: str, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(html_pdf(body))
    return read_file(folder / "a.pdf", speed="quick").text


def untouched(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        text: str = document[0].get_textpage().get_text_range()
        return text
    finally:
        document.close()


@pytest.mark.parametrize("font", FONTS)
def test_telephone_numbers_of_an_arabic_letter_keep_their_figures(
    tmp_path: Path, font: str
) -> None:
    lines = "".join(paragraph(f"الهاتف: {phone} لكل غاية مفيدة", rtl=True) for phone in PHONES)
    text = read(f"<div style=\"font-family: '{font}'\">{lines}</div>", tmp_path)
    assert [phone for phone in PHONES if phone not in text] == []


def test_arabic_indic_figures_stay(tmp_path: Path) -> None:
    numbers = ["١٦.٤٥٥,٦٣", "٠٥ ٢٣ ٣٤ ٢٦ ٠٢", "١٤/١٢/٢٠٢٥", "٢٩٠٦٩"]
    lines = "".join(paragraph(f"المبلغ {number} درهم", rtl=True) for number in numbers)
    text = read(paragraph(ARABIC, rtl=True) + lines, tmp_path)
    assert [number for number in numbers if number not in text] == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_WORDS, _NUMBERS), min_size=3, max_size=6), st.sampled_from(FONTS))
def test_figures_and_their_groups_are_those_of_the_layer(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]], font: str
) -> None:
    folder = tmp_path_factory.mktemp("line")
    lines = "".join(paragraph(f"{word} {number} {word}", rtl=True) for word, number in said)
    text = read(f"<div style=\"font-family: '{font}'\">{lines}</div>", folder)
    groups = [re.findall(r"\d+", one) for one in (text, untouched(folder / "a.pdf"))]
    assert groups[0] == groups[1]
    assert groups[0] == [group for _, number in said for group in re.findall(r"\d+", number)]


def test_words_drawn_from_left_to_right_are_turned_and_their_neighbours_not() -> None:
    """Chromium's PDFs hold both kinds on one line."""
    drawn = [*glyphs("العقدة"), Glyph(" ", None), *_from_left("مقر", 0.7)]
    assert "".join(glyph.char for glyph in turn_words(drawn)) == "العقدة رقم"


def test_a_number_in_a_turned_word_keeps_its_figures() -> None:
    assert "".join(one.char for one in turn_words(_from_left("2025هنس", 0.5))) == "سنه2025"


def _from_left(text: str, left: float) -> list[Glyph]:
    return [
        Glyph(char, (left + 0.01 * n, 0.1, left + 0.01 * n + 0.009, 0.12))
        for n, char in enumerate(text)
    ]


def test_strokes_that_stretch_words_are_left_out() -> None:
    """LibreOffice justifies Arabic by them; its map calls them a letter or a control character."""
    for stroke in ("Q", "\x1b", "\x1e"):
        stretched = glyphs(f"العق{stroke}{stroke}دة رقم بال{stroke}ماء")
        assert "".join(glyph.char for glyph in without_strokes(stretched)) == "العقدة رقم بالماء"


def drawn(visual: str, *, turns: str = "") -> list[Token]:
    """Words as they stand from left to right; `turns`: when each sign was drawn, by digits."""
    out: list[list[Glyph]] = [[]]
    for n, char in enumerate(visual):
        if char == " ":
            out.append([])
            continue
        box = (0.01 * n, 0.1, 0.01 * n + 0.0095, 0.11)
        out[-1].append(Glyph(char, box, drawn=int(turns[n]) if turns else -1))
    return [
        Token("".join(g.char for g in word), around([g.box for g in word if g.box]), tuple(word))
        for word in out
    ]


def logical(visual: str, *, from_right: bool = True, turns: str = "") -> str:
    words = list(enumerate(drawn(visual, turns=turns)))
    ordered = in_logical_order(words, from_right=from_right, by_drawing=bool(turns))
    return " ".join(token.text for _, token in ordered)


@pytest.mark.parametrize(
    ("visual", "written"),
    [
        ("02 26 34 23 05 و", "و 05 23 34 26 02"),
        ("22 73 90 0645 و", "و 0645 90 73 22"),
        ("2026/ض/1234 و", "و 1234/ض/2026"),
        ("و RC 12345 و", "و RC 12345 و"),
        ("و 56,1 .234 و", "و 234. 56,1 و"),
        ("a.b1@c.ma 602 342 0523 و", "و 0523 342 602 a.b1@c.ma"),
        ("١٢٨ RC و", "و RC ١٢٨"),
        ("و IF 55 452,53 و", "و IF 55 452,53 و"),
        ("و DH 452,53 55 و", "و 55 452,53 DH و"),
        ("IF 0730 87 و", "و IF 0730 87"),
        ("07 96 83 67 31 و", "و 07 96 83 67 31"),
        ("REC//5884 و", "و 5884/REC/"),
        ("service- و", "و service-"),
        ("9823/26/REC و", "و REC/9823/26"),
        ("828,58.", "828,58."),
        ("50.", ".50"),
        ("1120/م و REC/26", "REC/26 و م/1120"),
        ("ભ 0118/2024 टઅ C-003450 و", "و C-003450 टઅ 0118/2024 ભ"),
    ],
)
def test_what_stands_in_a_line_from_the_right_is_what_was_written(
    visual: str, written: str
) -> None:
    """The Unicode bidirectional algorithm gives the first out of the second."""
    assert logical(visual) == written


def test_indic_figures_run_from_the_right_in_a_line_from_the_left() -> None:
    assert logical("Tel ٧٠ ٧٢ ٠٥ / Fax", from_right=False) == "Tel ٠٥ ٧٢ ٧٠ / Fax"


def test_figures_that_are_a_number_one_way_only_tell_their_direction() -> None:
    assert logical("Tel ٠٥ ٢٣ ٣٤ ٢٦ ٤٧ / F", from_right=False) == "Tel ٠٥ ٢٣ ٣٤ ٢٦ ٤٧ / F"
    line = "Tel 0732 3793 09 31 67 83 96 07 و"
    assert logical(line, from_right=False) == "Tel 0732 3793 09 و 07 96 83 67 31"
    assert not make_number(["¹", "²"])


def test_a_dot_is_a_full_stop_whatever_its_map_calls_it() -> None:
    letters = [Glyph(c, (0.01 * n, 0.1, 0.01 * n + 0.008, 0.12)) for n, c in enumerate("jAma")]
    letters[1] = replace(letters[1], box=(0.011, 0.117, 0.013, 0.12))
    assert "".join(glyph.char for glyph in with_stops(letters)) == "j.ma"


def test_the_room_of_glyphs_tells_spaces() -> None:
    """A 1 has much blank at its sides, and narrow fonts have small spaces."""
    words = [
        replace(glyph, room=(glyph.box[0] - before, glyph.box[2]))
        for glyph, before in zip(_digits("11", apart=0.006), (0, 0.006), strict=True)
        if glyph.box
    ]
    token = Token("11", around([glyph.box for glyph in words if glyph.box]), tuple(words))
    assert in_logical_order([(0, token)], from_right=True, by_drawing=False)[0][1].text == "11"


def _digits(text: str, *, apart: float) -> list[Glyph]:
    return [
        Glyph(c, (n * (0.008 + apart), 0.1, n * (0.008 + apart) + 0.008, 0.11))
        for n, c in enumerate(text)
    ]


def _placed(*words: str) -> tuple[Word, ...]:
    """Words of one line from left to right, `_` for paper, each sign a hundredth wide."""
    out: list[Word] = []
    at = 0.0
    for word in words:
        if word.strip("_"):
            out.append(Word(word, (at, 0.1, at + 0.01 * len(word), 0.12), 0.9))
        at += 0.01 * len(word) + 0.002
    return tuple(out)


@pytest.mark.parametrize(
    ("seen", "own", "kept"),
    [
        (("64", "27", "7445"), ("64", "27", "74", "45"), "64 27 74 45"),
        (("28.09.2025",), ("28", "09", "2025"), "28.09.2025"),
        (("1050/2018", "12", "13"), ("REC/2018", "12", "13"), "REC/2018 12 13"),
        (("12", "13", "رقم"), ("12", "13", "___", "04718"), "12 13 رقم 04718"),
        (("12", "13"), ("21", "33"), "12 13"),
    ],
)
def test_a_reading_takes_the_numbers_of_the_page_whose_letters_are_wrong(
    seen: tuple[str, ...], own: tuple[str, ...], kept: str
) -> None:
    """Where most of them are what the picture shows; its own signs stay within them."""
    read = PictureReading("ar", 0.9, " ".join(seen), _placed(*seen), 0, "quick")
    layer = Layer(" ".join(own), _placed(*own), trusted=True)
    assert sorted(with_layer_numbers(read, layer).text.split()) == sorted(kept.split())


@pytest.mark.parametrize(
    ("seen", "own", "kept"),
    [
        (("709,2159",), ("709,21", "59"), "59 709,21"),
        (("4175",), ("41", "75"), "75 41"),
        (("64", "27"), ("64", "27"), "64 27"),
    ],
)
def test_groups_that_were_read_as_one_word_follow_each_other_from_the_right(
    seen: tuple[str, ...], own: tuple[str, ...], kept: str
) -> None:
    read = PictureReading("ar", 0.9, " ".join(seen), _placed(*seen), 0, "quick")
    layer = Layer(" ".join(own), _placed(*own), trusted=True)
    assert with_layer_numbers(read, layer).text == kept


def test_groups_keep_their_order_though_one_came_with_the_full_stop_at_its_left() -> None:
    others = [_at(f"{n}{n}", 0.4 + 0.08 * n) for n in range(6, 0, -1)]
    seen = (*others, _at("0530", 0.37), _at("76", 0.34), _at("03", 0.30), _at("99.", 0.25))
    own = (_at("99", 0.26), _at("03", 0.30), _at("76", 0.34), _at(".0530", 0.22, right=0.40))
    read = PictureReading("ar", 0.9, "", seen, 0, "quick")
    text = with_layer_numbers(read, Layer("", (*others, *own), trusted=True)).text
    assert text == "66 55 44 33 22 11 0530 76 03 99"


def _at(text: str, left: float, *, right: float = 0.0) -> Word:
    return Word(text, (left, 0.1, right or left + 0.03, 0.12), 0.9)


def test_the_order_of_drawing_tells_how_a_reference_was_composed() -> None:
    """On paper alone the two cannot be told apart."""
    assert logical("REC/2023/4615 و") == "و REC/2023/4615"
    assert logical("REC/2023/4615 و", turns="444444443222201") == "و 4615/REC/2023"


def test_a_hamza_that_stands_for_its_alef_begins_no_line() -> None:
    """Its box is above the others': of "أو 753,39" the font calls the hamza alone an alef."""
    letters = glyphs("و 753,39")
    first = letters[0].box
    assert first is not None
    hamza = Glyph("\u0623", (first[2], first[1] - 0.004, first[2] + 0.002, first[1] - 0.002))
    text, _ = assemble([*letters[2:], Glyph(" ", None), hamza, letters[0]])
    assert "\n" not in text


def test_an_alef_of_a_wide_font_begins_its_line() -> None:
    above, below = glyphs("محمد"), []
    for one in glyphs("أحمد"):
        assert one.box is not None
        left, top, right, bottom = one.box
        wide = max(right - left, 0.6 * (bottom - top)) if one.char == "أ" else right - left
        below.append(replace(one, box=(right - wide, top + 0.1, right, bottom + 0.1)))
    assert assemble([*above, *below])[0].split("\n") == ["محمد", "أحمد"]


def test_a_vowel_sign_that_came_by_itself_stands_on_its_letter() -> None:
    letters = glyphs("علما")
    over = letters[1].box
    assert over is not None
    mark = Glyph("\u064b", (over[0] + 0.002, over[1] - 0.01, over[2] - 0.002, over[1]))
    text, _ = assemble([*letters, Glyph("\n", None), mark])
    assert text == "عل\u064bما"


def test_latin_letters_of_a_code_beside_arabic_ones_stay() -> None:
    text = "رقمQب Q 12Q العقQدة"
    assert "".join(glyph.char for glyph in without_strokes(glyphs(text))) == text


def test_all_ligatures_of_a_page_are_turned_where_lam_alef_is() -> None:
    turned = [glyph.char for glyph in mend_ligatures(glyphs("الس{ال}م ع{ىل}"))]
    assert "".join(turned) == "السلام على"
    assert [glyph.char for glyph in mend_ligatures(glyphs("{لا} {في}"))] == list("لا في")


def _token(text: str, left: float, wide: float, high: float = 10.0) -> Token:
    return Token(text, (left, 110 - high, left + wide, 110.0))


def test_signs_drawn_after_the_line_go_back_into_their_numbers() -> None:
    """LibreOffice draws what a font lacks last."""
    line = [
        _token("du", 0, 12),
        _token("/", 33, 4),
        _token("/", 50, 4),
        _token("28", 20, 12),
        _token("12", 38, 12),
        _token("2025", 55, 24),
    ]
    assert [token.text for token in with_signs([line])[0]] == ["du", "28/12/2025"]


def test_a_sign_with_paper_beside_it_stays_alone_and_numbers_are_never_joined() -> None:
    apart = [_token("12", 0, 12), _token("/", 20, 4), _token("2025", 32, 24)]
    assert with_signs([apart]) == [apart]
    touching = [_token("12", 0, 12), _token("34", 12.5, 12)]
    assert with_signs([touching]) == [touching]


def test_the_sides_of_a_row_stand_in_turn_or_apart_as_their_maker_wrote_them() -> None:
    from tests.ocr.test_text_order import line
    from tests.ocr.test_text_order import read as arranged

    left = ["Date : 30 janvier", "Bon de commande", "Bon de livraison"]
    right = ["Régie de distribution", "Division des finances", "El Jadida"]
    one = [line(text, top=100 + 20 * n, left=50) for n, text in enumerate(left)]
    other = [line(text, top=100 + 20 * n, left=450) for n, text in enumerate(right)]
    assert arranged(one + other) == left + right
    in_turn = [a + b for a, b in zip(one, other, strict=True)]
    assert arranged(in_turn) == [f"{a} {b}" for a, b in zip(left, right, strict=True)]
