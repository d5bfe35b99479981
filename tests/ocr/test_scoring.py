"""Error rates are counted as the benchmarks say."""

from hypothesis import given
from hypothesis import strategies as st

from ocr.judging.scoring import character_error_rate, distance, normal, word_error_rate

SHORT = st.text(alphabet="abcاب ", max_size=7)


def plain_distance(a: str, b: str) -> int:
    """The textbook's recursion."""
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return plain_distance(a[1:], b[1:])
    return 1 + min(plain_distance(a[1:], b), plain_distance(a, b[1:]), plain_distance(a[1:], b[1:]))


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_the_fast_distance_is_the_textbook_distance(a: str, b: str) -> None:
    assert distance(a, b) == plain_distance(a, b)


@given(SHORT)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    assert character_error_rate(text, text) == 0


def test_marks_digits_quotes_and_leaders_do_not_count() -> None:
    assert normal("مُحَمَّد ــ ٢٠٢٥ «a» ……… b") == normal('محمد  2025 "a" .... b')
    assert character_error_rate("abcd", "abxd") == 0.25


def test_a_wrong_a_missing_and_an_added_word_count_one_each() -> None:
    assert word_error_rate("a b c d", "a x d e") == 0.75
    assert word_error_rate("رقم ٢٠٢٥", "رقم 2025") == 0
