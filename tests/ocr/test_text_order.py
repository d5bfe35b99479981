"""Words of a page come in the order in which a person reads them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.pdf.textorder import arrange
from ocr.pdf.textrows import Token


def line(text: str, *, top: float, left: float, from_right: bool = False) -> list[Token]:
    """Words of a line, ten units a letter, twelve high; `left` is where the line's ink begins."""
    words = text.split()
    at = left
    placed = []
    for word in reversed(words) if from_right else words:
        placed.append(Token(word, (at, top, at + 10 * len(word), top + 12)))
        at += 10 * len(word) + 5
    return placed[::-1] if from_right else placed


def read(lines: list[list[Token]]) -> list[str]:
    return [" ".join(token.text for token in one) for one in arrange(lines)]


def test_a_footer_that_was_drawn_first_is_read_last() -> None:
    drawn = [
        line("page 2", top=800, left=250),
        line("first line", top=100, left=50),
        line("second line", top=120, left=50),
    ]
    assert read(drawn) == ["first line", "second line", "page 2"]


def test_a_footnote_mark_at_the_left_ends_an_arabic_line() -> None:
    words = line("عن حوادث الشغل", top=100, left=100, from_right=True)
    mark = Token("1", (85, 97, 91, 103))
    assert read([[mark, *words]]) == ["عن حوادث الشغل 1"]


def test_numbers_in_an_arabic_line_keep_the_order_they_came_in() -> None:
    """05 22 may stand either way round between Arabic words: its maker knows."""
    words = [
        Token("الهاتف", (300, 100, 350, 112)),
        Token("05", (200, 100, 220, 112)),
        Token("22", (225, 100, 245, 112)),
        Token("33", (250, 100, 270, 112)),
        Token("بالرباط", (100, 100, 190, 112)),
    ]
    assert read([words]) == ["الهاتف 05 22 33 بالرباط"]


COLUMN = [f"these are words of line number {n}" for n in range(6)]


@pytest.mark.parametrize("row_by_row", [True, False])
def test_two_columns_are_read_one_after_the_other(row_by_row: bool) -> None:
    left = [line(f"{text} a", top=100 + 20 * n, left=50) for n, text in enumerate(COLUMN)]
    right = [line(f"{text} b", top=100 + 20 * n, left=450) for n, text in enumerate(COLUMN)]
    title = line("the title of it all over both of the columns of this page", top=60, left=150)
    body = [a + b for a, b in zip(left, right, strict=True)] if row_by_row else right + left
    expected = [f"{text} a" for text in COLUMN] + [f"{text} b" for text in COLUMN]
    assert read([*body, title])[1:] == expected


def test_arabic_columns_begin_at_the_right() -> None:
    words = "هذه كلمات من سطر في عمود"
    left = [line(f"{words} يسار", top=100 + 20 * n, left=50, from_right=True) for n in range(4)]
    right = [line(f"{words} يمين", top=100 + 20 * n, left=450, from_right=True) for n in range(4)]
    text = read([a + b for a, b in zip(left, right, strict=True)])
    assert [one.split()[-1] for one in text] == ["يمين"] * 4 + ["يسار"] * 4


def test_a_bilingual_letterhead_is_read_side_by_side() -> None:
    french = ["Royaume du Maroc", "Ministère de la Justice", "Direction des Affaires"]
    arabic = ["المملكة المغربية", "وزارة العدل", "مديرية الشؤون"]
    rows = [
        line(fr, top=50 + 20 * n, left=50) + line(ar, top=50 + 20 * n, left=450, from_right=True)
        for n, (fr, ar) in enumerate(zip(french, arabic, strict=True))
    ]
    body = [line("Monsieur le Directeur je vous prie de bien vouloir", top=200, left=50)]
    assert read([*rows, *body])[:6] == [*french, *arabic]


def test_a_table_is_read_row_by_row() -> None:
    cells = [("Désignation", "Prix"), ("Compteur", "120,00"), ("Vanne", "75,50")]
    names = [line(name, top=100 + 20 * n, left=50) for n, (name, _) in enumerate(cells)]
    prices = [line(price, top=100 + 20 * n, left=400) for n, (_, price) in enumerate(cells)]
    assert read(names + prices) == [" ".join(row) for row in cells]


def test_an_arabic_table_is_read_from_the_right() -> None:
    name = line("العداد", top=100, left=500, from_right=True)
    assert read([line("120,00", top=100, left=50), name]) == ["العداد 120,00"]


def test_a_large_faint_word_behind_the_lines_does_not_join_them() -> None:
    mark = [Token("COPIE", (40, 95, 400, 165))]
    lines = [line(f"ligne {n} du texte", top=100 + 20 * n, left=50) for n in range(3)]
    text = read([*lines[:1], mark, *lines[1:]])
    assert sorted(text) == ["COPIE", *(f"ligne {n} du texte" for n in range(3))]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["word", "كلمة", "12,5", "-", "b"]),
            st.floats(0, 900),
            st.floats(0, 900),
            st.floats(0, 80),
            st.floats(0, 40),
        ),
        max_size=25,
    ),
    st.integers(1, 5),
)
def test_no_word_is_lost_or_read_twice(
    places: list[tuple[str, float, float, float, float]], length: int
) -> None:
    tokens = [Token(f"{t}{n}", (x, y, x + w, y + h)) for n, (t, x, y, w, h) in enumerate(places)]
    lines = [tokens[at : at + length] for at in range(0, len(tokens), length)]
    out = [token for one in arrange(lines) for token in one]
    assert sorted(token.text for token in out) == sorted(token.text for token in tokens)


@given(st.randoms(use_true_random=False))
def test_the_order_of_drawing_does_not_matter_for_a_simple_page(shuffler: random.Random) -> None:
    lines = [line(f"ligne numéro {n} du texte", top=50 + 20 * n, left=50) for n in range(10)]
    drawn = lines[:]
    shuffler.shuffle(drawn)
    assert arrange(drawn) == lines


def test_a_line_and_a_table_below_two_columns_belong_to_neither() -> None:
    left = [line(f"{text} a", top=100 + 20 * n, left=50) for n, text in enumerate(COLUMN)]
    right = [line(f"{text} b", top=100 + 20 * n, left=450) for n, text in enumerate(COLUMN)]
    below = [
        line("Fait à Rabat", top=260, left=50),
        line("Compteur", top=300, left=50) + line("120,00", top=300, left=450),
        line("Vanne", top=320, left=50) + line("75,50", top=320, left=450),
    ]
    text = read([a + b for a, b in zip(left, right, strict=True)] + below)
    assert text[6:] == [
        *(f"{text} b" for text in COLUMN),
        "Fait à Rabat",
        "Compteur 120,00",
        "Vanne 75,50",
    ]


def test_a_column_that_begins_higher_than_its_neighbour_stays_whole() -> None:
    left = [line(f"{text} a", top=100 + 20 * n, left=50) for n, text in enumerate(COLUMN)]
    right = [line(f"{text} b", top=80 + 20 * n, left=450) for n, text in enumerate(COLUMN)]
    text = read(left + right)
    assert text == [f"{text} a" for text in COLUMN] + [f"{text} b" for text in COLUMN]


def test_latin_words_in_an_arabic_line_go_from_the_left() -> None:
    """However they came; a number at their right ends them."""
    words = [
        Token("برنامج", (400, 100, 460, 112)),
        Token("2016", (350, 100, 390, 112)),
        Token("Word", (300, 100, 345, 112)),
        Token("Microsoft", (200, 100, 290, 112)),
        Token("للأسف", (100, 100, 190, 112)),
    ]
    assert read([words, line("هذا سطر آخر بالعربية", top=120, left=100, from_right=True)])[0] == (
        "برنامج Microsoft Word 2016 للأسف"
    )


def letterhead() -> list[list[Token]]:
    """Three rows of Arabic and Latin writing; the names of the first are far shorter."""
    arabic = ["المملكة", "الوكالة المستقلة لتوزيع الماء", "الهاتف 0661191108"]
    latin = ["Maroc", "Régie de distribution d'eau", "Tél. 0670"]
    return [
        words
        for n, (one, other) in enumerate(zip(arabic, latin, strict=True))
        for words in (
            line(one, top=100 + 20 * n, left=740 - 10 * len(one), from_right=True),
            line(other, top=100 + 20 * n, left=50),
        )
    ]


COLUMNS = [
    *("المملكة", "الوكالة المستقلة لتوزيع الماء", "الهاتف 0661191108"),
    *("Maroc", "Régie de distribution d'eau", "Tél. 0670"),
]


def test_a_short_first_row_of_a_letterhead_belongs_to_its_columns() -> None:
    below = [line("ليكن في علمكم أن الملف جاهز", top=200, left=300, from_right=True)]
    assert read(letterhead() + below)[:6] == COLUMNS


def test_the_line_after_a_letterhead_is_no_more_of_its_column() -> None:
    after = line("المرجع: 55", top=180, left=630, from_right=True)
    body = [
        line("ليكن في علمكم أن الملف جاهز", top=n, left=300, from_right=True) for n in (220, 240)
    ]
    assert read([*letterhead(), after, *body])[:7] == [*COLUMNS, "المرجع: 55"]


def test_an_arabic_line_below_the_latin_column_is_not_of_it() -> None:
    after = line("المرجع: REC/55", top=160, left=50, from_right=True)
    assert read([*letterhead(), after]) == [*COLUMNS, "المرجع: REC/55"]
