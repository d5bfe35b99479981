"""Digits of any script and registry numbers in any notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.numerals import LONGEST_TYPED, ascii_digits, plain_decimal, registry_number_key

NOTATIONS = [
    "{year}/{code}/{serial:06d}",
    "{year}-{code}-{serial}",
    "{code} {year} {serial:06d}",
    "{code}/{serial}/{year}",
    "{serial:04d}.{code}.{year}",
    "N° {year}/{code}/{serial}",
    "رقم {year}/{code}/{serial}",
    " \u200f{year} / {code} / {serial} ",
]
DIGIT_STYLES = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]


@given(
    st.sampled_from(NOTATIONS),
    st.sampled_from(DIGIT_STYLES),
    st.integers(1990, 2099),
    st.sampled_from(["IN", "OUT", "int", "Dep"]),
    st.integers(1, 999_999).filter(lambda serial: not 1900 <= serial < 2200),  # read as a year
)
def test_every_notation_of_a_number_has_one_key(
    notation: str, digits: str, year: int, code: str, serial: int
) -> None:
    written = notation.format(year=year, code=code, serial=serial)
    written = written.translate(str.maketrans("0123456789", digits))
    assert registry_number_key(written) == f"{year}/{code.upper()}/{serial}"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026/123", "IN/123", "2026/IN/000", "hello world 12", "rue 12 2026 bis"]
)
def test_other_texts_have_no_key(text: str) -> None:
    assert registry_number_key(text) is None


@given(st.text())
def test_ascii_digits_keep_the_length(text: str) -> None:
    assert len(ascii_digits(text)) == len(text)


@given(st.text(max_size=300))
def test_any_text_is_safe_to_ask(text: str) -> None:
    key = registry_number_key(text)
    assert key is None or key.count("/") == 2


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1 234,5", "1234.5"),
        ("١٬٢٣٤٫٥٠", "1234.50"), ("1,50.00", "1.50.00"), ("12", "12"),
        ("1" * LONGEST_TYPED, "1" * LONGEST_TYPED), ("1" * (LONGEST_TYPED + 1), ""),
        (f"1{' ' * 4_000}2", ""),
    ],
)  # fmt: skip
def test_a_typed_number_is_made_plain_and_none_that_is_too_long(typed: str, plain: str) -> None:
    assert plain_decimal(typed) == plain
