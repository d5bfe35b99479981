"""Text layers are judged and mended without a dictionary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.quality import (
    PRESENTATION,
    is_visual,
    judge,
    language_of,
    mend_brackets,
    mend_line,
    mend_signs,
    repair,
    reverse_line,
    unfold,
)
from tests.ocr.conftest import ARABIC, ENGLISH, FRENCH, needs_corpus

ARABIC_WORDS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةى", min_size=1, max_size=9)


@pytest.mark.parametrize("text", [ARABIC, FRENCH, ENGLISH, f"{ARABIC} {FRENCH}", "12 345,67 DH"])
def test_ordinary_text_is_good(text: str) -> None:
    assert judge(text) == "good"


@pytest.mark.parametrize(
    "text",
    [
        "\ue001\ue002\ue003\ue004\ue005\ue006",
        "\ufffd\ufffd\ufffd abc \ufffd",
        "Prqvlhxu oh Gluhfwhxu mdl okrqqhxu gh yrxv dguhvvhu od suhvhqwh uhfodpdwlrq",
        "\x01\x02\x03\x04\x05 \x06\x07\x08",
        "ሀሁሂሃ ሄህሆለ ሉሊላሌ",
        ARABIC.encode("cp1256", errors="ignore").decode("cp1252", errors="ignore"),
    ],
)
def test_broken_character_maps_are_rubbish(text: str) -> None:
    assert judge(text) == "rubbish"


@pytest.mark.parametrize("text", ["", "  \n ", ". -"])
def test_next_to_nothing_is_empty(text: str) -> None:
    assert judge(text) == "empty"


@pytest.mark.parametrize(
    ("text", "language"),
    [(ARABIC, "ar"), (FRENCH, "fr"), (ENGLISH, "en"), ("12/03/2025", ""), ("", "")],
)
def test_the_language_is_told_by_script_and_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_presentation_forms_become_letters() -> None:
    assert repair("ﺍﻟﻤﻐﺮﺏ") == "المغرب"


def test_visual_order_is_turned_and_numbers_stay_as_they_are() -> None:
    logical = "إلى السيد المدير العام للوكالة رقم 1234/2025 بتاريخ 12-03-2025 contact@radeej.ma"
    visual = reverse_line(logical)
    assert is_visual(visual)
    assert repair(visual) == logical


def test_logical_order_is_left_alone() -> None:
    assert not is_visual(ARABIC)
    assert repair(ARABIC) == ARABIC


@given(st.lists(ARABIC_WORDS, min_size=1, max_size=8))
def test_turning_a_line_twice_gives_the_line(words: list[str]) -> None:
    line = " ".join(words)
    assert reverse_line(reverse_line(line)) == line


@pytest.mark.parametrize(
    ("given", "mended"),
    [
        (")18 يناير 2019( بتحديد", "(18 يناير 2019) بتحديد"),
        ("رجب 1424 (11 سبتمبر 2003)؛", "رجب 1424 (11 سبتمبر 2003)؛"),
        ("5 رجب )9( يوليو )2008(", "5 رجب (9) يوليو (2008)"),
        ("القانون رقم ،18.12 يحدد", "القانون رقم 18.12، يحدد"),
        ("ابتداء من فاتح يوليو :2014", "ابتداء من فاتح يوليو 2014:"),
        ("-1 يحدد المبلغ", "1- يحدد المبلغ"),
        ("أداء %10 من المبلغ", "أداء 10% من المبلغ"),
    ],
)
def test_signs_of_arabic_lines_return_to_their_side(given: str, mended: str) -> None:
    assert mend_signs(given) == mended


def test_french_lines_keep_their_signs() -> None:
    assert repair("a) premier point : .5 )x(") == "a) premier point : .5 )x("


TRUTHS = ("ar-admin-morocco", "ar-print-openiti-scans", "fr-print-nubis", "en-typed-ehri")


@pytest.mark.parametrize("folder", TRUTHS)
def test_good_text_is_believed_and_never_changed_by_mending(folder: str) -> None:
    """True text of whole pages: only signs on the wrong side of a number may move."""
    for path in sorted((needs_corpus(folder) / "gt").glob("*.txt")):
        text = path.read_text()
        assert judge(text) == "good", path.name
        assert not is_visual(text), path.name
        plain = "".join(c for c in unfold(text) if c.isalnum())
        assert "".join(c for c in repair(text) if c.isalnum()) == plain, path.name


MIXED = st.text(alphabet="ابتةىل12٣.,:؛،()[]-% \u200f\ufefbab", max_size=40)


@given(MIXED)
def test_mending_a_line_keeps_its_letters_and_figures_in_order(line: str) -> None:
    kept = "".join(c for c in mend_line(line) if c.isalnum())
    assert kept == "".join(c for c in unfold(line) if c.isalnum())


@given(MIXED)
def test_presentation_forms_are_unfolded_once_and_for_all(text: str) -> None:
    assert unfold(unfold(text)) == unfold(text)
    assert not PRESENTATION.search(unfold(text))


@given(st.lists(ARABIC_WORDS, min_size=6, max_size=30))
def test_a_page_of_articles_turned_about_is_known_and_set_right(words: list[str]) -> None:
    logical = " ".join(f"ال{word}" for word in words)
    visual = reverse_line(logical)
    assert is_visual(visual) or not is_visual(logical)
    if is_visual(visual):
        assert repair(visual) == logical


NESTED = st.recursive(
    st.text(alphabet="ab1 اب", max_size=4),
    lambda inner: (
        st.builds("({}){}".format, inner, inner) | st.builds("{}[{}]".format, inner, inner)
    ),
    max_leaves=6,
)


@given(NESTED)
def test_brackets_that_pair_are_left_alone(line: str) -> None:
    assert mend_brackets(line) == line


@given(st.text(alphabet="ab()[]1 اب"))
def test_mending_brackets_loses_and_adds_nothing(line: str) -> None:
    assert sorted(mend_brackets(line)) == sorted(line)


def test_one_strange_sign_in_ten_is_rubbish_and_one_in_a_hundred_is_not() -> None:
    words = "Nous vous demandons de bien vouloir nous envoyer votre réponse avant la fin du mois. "
    assert judge((words + "\ufffd") * 3) == "good"
    assert judge((words + "\ufffd" * 8) * 3) == "rubbish"
