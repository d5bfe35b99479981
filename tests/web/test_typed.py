"""What people type: contract numbers in a line."""

import pytest

from web.shared.typed import contract_numbers


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("3100201", ["3100201"]),
        ("31 00 201", ["3100201"]),
        ("31 00 201 ، ٣١٠٠٢٠٢", ["3100201", "3100202"]),
        ("3100201 3100202", ["3100201", "3100202"]),
        ("EL 12/3401; 12, 13,", ["EL12/3401", "12", "13"]),
        ("3100201, 3100201", ["3100201"]),
        ("  ", []),
    ],
)
def test_contract_numbers_of_a_line(typed: str, numbers: list[str]) -> None:
    """A gap within a number makes no two of it, whose mandate would be for nobody's contract."""
    assert contract_numbers(typed) == numbers
