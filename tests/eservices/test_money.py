"""Amounts as people type them, and as files bring them."""

import pytest

from eservices.money import AmountError, centimes, typed_centimes


@pytest.mark.parametrize(
    "typed",
    [
        "1234,5", "1 234,50", "1.234,50", "1,234.50", "1'234.50", "١٬٢٣٤٫٥٠", "١٢٣٤,٥٠",
        "1234.50 DH", "1\u00a0234,50 Dhs.", "1234,50 MAD", "1234.50 dirhams", "1234,50 درهم",
        "1234.50د.م.", "\u202a1234.50\u202c", "1234,50 درهم\u200f", "\u202a1234,50 DH\u202c",
        "1234,50 درهماً", "1234,50 درهمًا",
    ],
)  # fmt: skip
def test_an_amount_is_taken_as_people_write_it(typed: str) -> None:
    assert typed_centimes(typed) == 123450


@pytest.mark.parametrize(
    "typed",
    ["", "DH", "1.234", "12,345", "1,2,3", "douze", "12 €", "12,5.0", "1.2,3", "1,50.00",
     "1234,567.50", "1.234,567.50", "12 DH" + "." * 40, f"1{' ' * 4_000}2"],
)  # fmt: skip
def test_what_is_no_amount_is_not_guessed(typed: str) -> None:
    with pytest.raises(AmountError):
        typed_centimes(typed)


@pytest.mark.parametrize("given", ["1.234,50", "1234.50 DH"])
def test_files_are_read_strictly(given: str) -> None:
    with pytest.raises(AmountError):
        centimes(given)
