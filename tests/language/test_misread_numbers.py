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
        "RADEEJ/{letters}/{serial}/{year}",
        "{serial}/م.ض/{year}",
    )
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(courrier 02817/RADEE)J/23) le tarif", "02817/RADEEJ/23"),
        ("n° 02817/RADEEJ./2023.", "02817/RADEEJ/2023"),
        ("2026/0UT/000412", "2026/OUT/000412"),
        ("4471 / R.EC / 2025", "4471/REC/2025"),
        ("V/L N° RADEE)/DG/233/2026 du", "RADEEJ/DG/233/2026"),  # a bracket for the J
        ("votre réponse 233/RADEE]/2026", "233/RADEEJ/2026"),
        ("تحت رقم 4658-112/2025 ديال", "AGSB-112/2025"),  # a Latin code amid Arabic, as figures
        ("A6SB-142/2026", "AGSB-142/2026"),
        ("إشعار 8658-142/2026", "AGSB-142/2026"),  # its letters read as figures amid Arabic
        ("عدد ١٤٠/EAU/٠٢٠٢٥", "140/EAU/2025"),  # a point read as a nought
        ("1092/BO/2O26", "1092/BO/2026"),
        ("318/REC/026", "318/REC/2026"),  # a year of three figures has lost its first
        ("447l/REC/2025", "4471/REC/2025"),  # one sign that is one figure alone
        ("512/REC12026", "512/REC/2026"),  # the stroke read as 1, or lost
        ("512REC/2026", "512/REC/2026"),
        ("20261OUT/000341", "2026/OUT/000341"),
        ("309م.ض/2026", "309/م.ض/2026"),
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
        "318/REC/126",  # no year
        "318/REC/096",
        "2026/007/0412",  # hardly a letter left
        "12/F1N/2026",  # one of two codes
        "4S7l/REC/2025",  # two signs
        "4S71/REC/2025",  # 5 or 8
        "447l/R3C/2025",  # a code and a serial at once
        "5121REC/2026",  # 512, or 5121
        "512REC2026",  # two strokes
        "4658-112/2025",  # somebody's, where no Arabic stands around
        "RADEEF/DG/233/2026",  # another body's
        "12/RAD/2026",
        "12/04/2026 ou 14/2026",
        "02817\n/RADEE)J/23",
        "",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    assert list(find_misread_numbers(text, FORMATS)) == []
