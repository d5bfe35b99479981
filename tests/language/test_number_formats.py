"""Formats of an office's numbers: in any digits, any order of right-to-left lines, any spacing."""

from __future__ import annotations

import pytest

from language.number_formats import (
    NumberFormat,
    find_numbers,
    format_problem,
    match_number,
    number_key,
)

FORMATS = [
    NumberFormat(pattern, ("IN", "OUT"), ("REC", "EAU"))
    for pattern in (
        "{year}/{register}/{serial}",
        "{serial}/م.ض/{year}",
        "{serial}/{department}/{year}",
        "{department}/{serial}/{year}",
        "AGSB-{serial}/{year}",
        "RADEEJ/{letters}/{serial}/{year}",
    )
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("تحت عدد 1234/م.ض/2026 بتاريخ", "1234/م.ض/2026"),
        ("عدد ١٢٣٤/م.ض/٢٠٢٦", "1234/م.ض/2026"),
        ("عدد 2026/م.ض/1234", "1234/م.ض/2026"),  # as a right-to-left line gives it back
        ("عدد 1234 / م ض / 2026", "1234/م.ض/2026"),
        ("n°\u200e4471/REC/2025,", "4471/REC/2025"),
        ("lettre rec/5127/26.", "REC/5127/26"),
        ("26/5127/REC", "REC/5127/26"),
        ("رسالتكم عدد REC/2025/4471 بتاريخ", "4471/REC/2025"),  # as a text layer gives it back
        ("V/Réf : 9/2026/م.ض", "9/م.ض/2026"),  # an Arabic code in a line of Latin letters
        ("رقم EAU/5127/26", "EAU/5127/26"),  # as it is written, before any other order
        ("۲۰۲۶/IN/۰۰۰۴۱۲", "2026/IN/000412"),
        ("AGSB-0219/2025", "AGSB-0219/2025"),
        ("RADEEJ/DT/1187/2022", "RADEEJ/DT/1187/2022"),
    ],
)
def test_a_number_of_the_office_is_found_however_it_is_written(text: str, value: str) -> None:
    assert [one.value for one in find_numbers(text, FORMATS)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "0523 34 26 02",
        "le 12/03/2026",
        "م.ض.ج/2026/0931",  # another body's initials
        "DRH/SOC/2026/118",
        "réf. REC/2026/118\nالمرجع",  # nothing moves the parts of a line in Latin letters
        "4471/REC/2025/7",
        "عدد 9/2026/م.ض",  # and in an Arabic line: another body's order
        "loi n° 83-21",
        "011 780 0000042100061234 57",
        "RECU/5127/26",
        "4471\n/REC/2025",  # a list's number, and the next line
        "4471/REC/\n2025",
    ],
)
def test_what_only_looks_alike_is_none(text: str) -> None:
    assert list(find_numbers(text, FORMATS)) == []


def test_another_bodys_number_is_not_turned_into_ours() -> None:
    ours = [NumberFormat("{serial}/{department}/{year}", (), ("ELEC",))]
    assert list(find_numbers("مرجع ELEC/25/2026 بتاريخ", ours)) == []
    moved = ["مرجع ELEC/2026/25 بتاريخ", "مرجع ELEC/25/4471 بتاريخ"]
    found = [one.value for text in moved for one in find_numbers(text, ours)]
    assert found == ["25/ELEC/2026", "4471/ELEC/25"]


def test_the_whole_text_must_be_the_number() -> None:
    found = match_number(" ٤٤٧١/REC/٢٠٢٥ ", FORMATS)
    assert found is not None
    assert found.value == "4471/REC/2025"
    assert match_number("n° 4471/REC/2025", FORMATS) is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{serial}/م.ض/{year}", ""),
        ("{year}/{register}/{serial}", ""),
        ("{year}/م.ض", "serial"),
        ("{serial}/{year}", "bare"),
        ("{serial}", "bare"),
        ("{serial}/{serial}/A", "twice"),
        ("{serial}/{month}/A", "part"),
        ("{serial}/A}", "part"),
        ("{serial}/" + "A" * 80, "long"),
    ],
)
def test_a_format_says_what_is_wrong_with_it(pattern: str, problem: str) -> None:
    assert format_problem(pattern) == problem


@pytest.mark.parametrize("blank", [" ", ".", " ."])
@pytest.mark.parametrize("gap", [".................", ". . . . . . . . .", " ... "])
def test_a_blank_line_of_a_form_costs_a_format_with_many_points_no_time(
    gap: str, blank: str
) -> None:
    """Each point of a format may be missing: there is one way to leave out several of them."""
    ours = [NumberFormat("N°" + gap + "{serial}/EAU/{year}")]
    assert list(find_numbers("Réf. N°" + blank * 60 + " du", ours)) == []
    for written in ("N°45/EAU/2026", "N° . 45/EAU/2026", f"N°{gap}45/EAU/2026"):
        [found] = find_numbers(f"Réf. {written} du", ours)
        assert found.key == number_key("N°45/EAU/2026")


def test_zeros_points_and_spaces_make_no_other_number() -> None:
    assert number_key("0012 / م.ض / ٢٠٢٦") == number_key("12/مض/2026")
