"""Numbers whose codes a scan misread are known by the formats, where only one can be meant."""

from __future__ import annotations

import pytest

from language.misread_numbers import find_misread_numbers
from language.number_formats import NumberFormat

FORMATS = [
    NumberFormat(pattern, ("IN", "OUT"), ("REC", "EAU", "BO", "FIN", "Fln"))
    for pattern in (
        "{year}/{register}/{serial}",
        "{serial}/{department}/{year}",
        "{serial}/RADEEJ/{year}",
        "AGSB-{serial}/{year}",
    )
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(courrier 02817/RADEE)J/23) le tarif", "02817/RADEEJ/23"),
        ("n° 02817/RADEEJ./2023.", "02817/RADEEJ/2023"),
        ("2026/0UT/000412", "2026/OUT/000412"),
        ("4471 / R.EC / 2025", "4471/REC/2025"),
    ],
)
def test_a_misread_code_is_known_by_its_format(text: str, value: str) -> None:
    assert [one.value for one in find_misread_numbers(text, FORMATS)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "4471/REC/2025",  # nothing is misread
        "12/80/2026",  # two letters are too like figures
        "12/171/2026",
        "2026/007/0412",  # hardly a letter left
        "12/F1N/2026",  # one of two codes
        "447l/REC/2025",  # a figure is never repaired
        "12/04/2026 ou 14/2026",
        "02817\n/RADEE)J/23",
        "",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    assert list(find_misread_numbers(text, FORMATS)) == []
