"""Lines of text as they are kept."""

import pytest

from language.lines import few_marks, one_line, paragraphs, printable_lines

ACUTE = "\u0301"


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f\u064c \u0670",  # vowels and shadda
        "\u0628\u0651\u064e\u0670\u06da",  # a letter of the Quran with four marks
        "Vie\u0323\u0302t e\u0301te\u0301",
        "\u05d1\u05bc\u05b8\u0591",
        "... !!! ??? ------- ((((((",
        "\U0001f600\ufe0f\U0001f600\ufe0f",
    ],
)
def test_marks_of_any_language_stay(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize("marks", [ACUTE * 50, "\u0336\u0489" * 40, "\u034f" + "\u064e" * 60])
def test_marks_piled_on_a_letter_are_few(marks: str) -> None:
    # More would be drawn over the lines above and below: of a receipt, of a page of the register.
    kept = one_line(f"Fui{marks}te, rue{marks} des Orangers")
    assert kept == f"Fui{marks[:5]}te, rue{marks[:5]} des Orangers"


def test_marks_do_not_pile_up_behind_signs_that_are_no_letters() -> None:
    assert few_marks("." + ACUTE * 9 + "." + ACUTE * 2) == "." + ACUTE * 5 + "." + ACUTE * 2
    # What is taken out between two marks does not let them pile up again.
    assert one_line("a" + (ACUTE * 4 + "\u202e") * 9 + "b") == "a" + ACUTE * 5 + "b"


def test_lines_of_a_long_text_keep_their_ends() -> None:
    assert few_marks("a" + ACUTE * 9 + "\nb") == "a" + ACUTE * 5 + "\nb"


def test_printable_lines_hold_no_controls() -> None:
    text = " Une fuite\r\n\u202erue\u2066 des\x00\x1b[31m\tOrangers\u0085\u2028fin \n"
    assert printable_lines(text) == "Une fuite\nrue des  [31m Orangers  fin"


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # two parts of a Persian word
        "1447 \u0647\u200d",  # the sign of a Hijri year
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u0621\u0633 \u0601447",
    ],
)
def test_what_joins_letters_stays(text: str) -> None:
    assert one_line(text) == printable_lines(text) == paragraphs(text) == text


@pytest.mark.parametrize("sign", ["\u200b", "\u200c", "\u200d", "\u00ad", "\u2060", "\ufeff"])
def test_what_is_never_drawn_neither_parts_nor_marks_a_word(sign: str) -> None:
    assert one_line(f"exten{sign}sion") == paragraphs(f"exten{sign}sion") == "extension"
    assert one_line(f" {sign}{sign} ") == printable_lines(sign) == paragraphs(sign) == ""


def test_the_spaces_and_tabs_of_a_paper_stay() -> None:
    text = "Total\u00a0:\t1\u202f200\u00a0DH\r\n\r\nle 12\u00a0d\u00e9cembre \x00\u202e\n"
    assert paragraphs(text) == "Total\u00a0:\t1\u202f200\u00a0DH\n\nle 12\u00a0d\u00e9cembre"
    assert one_line(text) == "Total : 1 200 DH le 12 d\u00e9cembre"
