"""One spelling for comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.bidi import isolate, strip_bidi_controls
from language.fold import fold, fold_word

ARABIC_MARKS = st.text(
    alphabet="\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640", max_size=3
)
CONTROLS = st.text(
    alphabet="\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u061c", max_size=3
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("الإدارة", "الاداره"),
        ("إلى", "الي"),
        ("مُحَمَّــــد", "محمد"),
        ("ﻻﻧﻘﻄﺎﻉ", "لانقطاع"),  # presentation forms of a PDF
        ("شؤون", "شوون"),
        ("فائدة", "فايده"),
        ("أڭادير", "اكادير"),
        ("کهرباء", "كهرباء"),  # Persian kaf
        ("٢٠٢٦ ۲۰۲۶ ２０２６", "2026 2026 2026"),
        ("RÉCLAMATION", "reclamation"),
        ("Œuvre œcuménique æ", "oeuvre oecumenique ae"),
        ("Straße", "strasse"),
        ("l’eau l‘eau", "l'eau l'eau"),
        ("İstanbul", "istanbul"),
    ],
)
def test_spellings_of_one_word_meet(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_a_hamza_that_makes_the_word_stays() -> None:
    assert fold("ماء") != fold("ما")


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_never_leaves_direction_controls_or_tatweel(text: str) -> None:
    folded = fold(text)
    assert strip_bidi_controls(folded) == folded
    assert "ـ" not in folded


@given(st.lists(st.sampled_from("كتابمعدر"), min_size=1), ARABIC_MARKS, CONTROLS)
def test_vowel_signs_and_controls_never_separate_words(
    letters: list[str], marks: str, controls: str
) -> None:
    dressed = "".join(letter + marks + controls for letter in letters)
    assert fold_word(dressed) == "".join(letters)


@given(st.text())
def test_isolated_text_cannot_close_its_isolate(text: str) -> None:
    shown = isolate(text)
    assert shown[0] == "\u2068"
    assert shown[-1] == "\u2069"
    assert strip_bidi_controls(shown[1:-1]) == shown[1:-1]
