"""What people type: contract numbers in a line."""

import pytest

from web.shared.typed import UnclearNumbersError, contract_numbers


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("3100201", ["3100201"]),
        ("31 00 201", ["3100201"]),
        ("31 00 201 ، ٣١٠٠٢٠٢", ["3100201", "3100202"]),
        ("3100201 3100202", ["3100201", "3100202"]),
        ("EL 12/3401; 12, 13,", ["EL12/3401", "12", "13"]),
        ("3100201, 3100201", ["3100201"]),
        ("EL1234 EL1235", ["EL1234", "EL1235"]),
        ("3100201 et 3100202", ["3100201", "3100202"]),
        ("٣١٠٠٢٠١ و٣١٠٠٢٠٢ و 3100203", ["3100201", "3100202", "3100203"]),
        ("3100201\r\n3100202", ["3100201", "3100202"]),
        ("  ", []),
    ],
)
def test_contract_numbers_of_a_line(typed: str, numbers: list[str]) -> None:
    """A gap within a number makes no two of it, whose mandate would be for nobody's contract."""
    assert contract_numbers(typed) == numbers


UNCLEAR = ["12345 678", "3100201 3100202 12", "EL 1234 EL 1235", "3100201 - 3100202", "12 13"]


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_could_be_one_number_or_several_is_not_guessed(typed: str) -> None:
    with pytest.raises(UnclearNumbersError):
        contract_numbers(typed)


@pytest.mark.parametrize(
    ("typed", "known", "numbers"),
    [
        ("12345 678", {"12345678"}, ["12345678"]),
        ("12345 678", {"12345", "678"}, ["12345", "678"]),
        ("12345 67890", {"1234567890"}, ["1234567890"]),
        ("31 00 201", {"31", "201"}, ["3100201"]),
    ],
)
def test_known_contracts_say_where_a_number_ends(
    typed: str, known: set[str], numbers: list[str]
) -> None:
    assert contract_numbers(typed, known=known) == numbers
