"""Arabic signs that Tesseract's models do not know: commas and the final ya."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.engines.signs import with_commas


def _line(text: str, *, after: str = "") -> str:
    lines = [text.split(), after.split()] if after else [text.split()]
    return " ".join(with_commas(lines)[0])


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ('الحمد لله وحده" الطابع', "الحمد لله وحده، الطابع"),
        ("بعد اطلاعه عليه؛ أصدر", "بعد اطلاعه عليه، أصدر"),
        ("كان دائما قائمء بالأمر", "كان دائما قائم، بالأمر"),
        ('(15 يناير 2019)" ص', "(15 يناير 2019)، ص"),
        ('من أرض مصر " إذا كان © وقال', "من أرض مصر ، إذا كان ، وقال"),
    ],
)
def test_what_stands_for_a_comma_becomes_one(read: str, meant: str) -> None:
    assert _line(read) == meant


@pytest.mark.parametrize(
    "text",
    [
        'سمي "مكتب الضبط" في النص',
        "هذا جزء من الماء وبعض الشيء",
        "وفق مبادئ الإدارة وفي شاطئ البحر",
        "بناء على طلبكم رقم 12/2024",
    ],
)
def test_signs_that_are_right_stay(text: str) -> None:
    assert _line(text) == text


def test_a_list_keeps_its_semicolons_at_the_ends_of_lines() -> None:
    assert _line("نسخة من العقد؛", after="شهادة السكنى؛").endswith("العقد؛")


def test_final_ya_with_a_vowel_mark_is_no_hamza() -> None:
    assert _line("إلئ السيد المدير علئ حتئ") == "إلى السيد المدير على حتى"


def test_in_print_with_spaced_commas_marks_at_words_are_vowels() -> None:
    assert _line('بعث رجلا" يقال " له يوسف ؛ وكان') == "بعث رجلا يقال ، له يوسف ، وكان"


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), max_size=6), max_size=4))
def test_no_word_is_lost_or_moved(lines: list[list[str]]) -> None:
    mended = with_commas(lines)
    assert [len(line) for line in mended] == [len(line) for line in lines]
    assert all(word for line in mended for word in line)
