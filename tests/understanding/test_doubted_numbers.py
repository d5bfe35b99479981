"""Numbers that were not read whole, or are called ours without proof: found, and never sure."""

from __future__ import annotations

import pytest

from language.number_formats import NumberFormat
from understanding.letters.understanding import Suggested, understand_text

FORMATS = (NumberFormat("{serial}/{department}/{year}", ("IN", "OUT"), ("EAU", "SI", "COM")),)
LETTER = (
    "جمعية أمل الشاطئ\nالجديدة في 4 ماي 2026\n{own}\nالسيد المدير،\n{line}\nالرئيس\nكمال الرامي"
)


def _found(field: str, own: str = "", line: str = "") -> list[Suggested]:
    text = LETTER.format(own=own, line=line)
    understood = understand_text(text, language="", model=None, number_formats=FORMATS)
    return understood.of(field)


def test_a_number_called_ours_is_sure_in_a_form_of_ours_alone() -> None:
    line = "جوابا على رسالتكم رقم {} نخبركم أننا موافقون."
    ours = _found("answers_reference", line=line.format("12/COM/2026"))
    assert [(one.value, one.sure) for one in ours] == [("12/COM/2026", True)]
    misread = _found("answers_reference", line=line.format("003340/ل/2026"))
    assert [(one.value, one.sure) for one in misread] == [("003340/ل/2026", False)]


def test_an_office_without_formats_believes_the_label() -> None:
    text = LETTER.format(own="", line="جوابا على رسالتكم رقم 12/ق.م/2026 نخبركم أننا موافقون.")
    found = understand_text(text, language="", model=None).of("answers_reference")
    assert [(one.value, one.sure) for one in found] == [("12/ق.م/2026", True)]


@pytest.mark.parametrize(
    ("own", "sure"),
    [
        ("مرجعنا: 14/م.ح.م/26", True),
        ("مرجعنا 14/م:ح.م/26", False),  # cut off at a misread point
        ("مرجعنا: ن.ءت/10", False),  # a hamza that is no initial
    ],
)
def test_what_was_not_read_whole_is_unsure(own: str, sure: bool) -> None:
    found = _found("external_reference", own=own)
    assert [one.sure for one in found] == [sure]


def test_a_misread_code_is_known_by_the_label_of_a_letter_of_ours() -> None:
    line = "الوارد علينا برسالتكم {} تنقصه مدة الحفظ."
    (ours,) = _found("quoted_number", line=line.format("12/51/2026"))
    assert (ours.value, ours.sure) == ("12/SI/2026", False)
    assert not _found("answers_reference", line=line.format("12/51/2026"))
    assert not _found("quoted_number", line="الوارد في ملف المحكمة 12/51/2026 تنقصه مدة الحفظ.")


def test_a_tender_whose_parts_stand_otherwise_is_no_number_of_ours() -> None:
    text = (
        "GÉNIE RIVAGE\nBureau d'études\nCasablanca, le 29 juin 2026\nN/Réf : 0277-26/DC\n"
        "Objet : AO n° 31/2026/EAU - réclamation\nMonsieur,\nNotre offre a été écartée.\nF. Rami"
    )
    formats = (NumberFormat("{department}/{serial}/{year}", ("IN",), ("EAU",)),)
    understood = understand_text(text, language="", model=None, number_formats=formats)
    assert not understood.of("quoted_number")
    assert [one.value for one in understood.of("answers_reference")] == ["31/2026/EAU"]


def test_a_year_in_the_place_of_the_serial_is_unsure() -> None:
    (ours,) = _found("quoted_number", line="مراجع سابقة: 2026/IN/2026 لديكم.")
    assert (ours.value, ours.sure) == ("2026/IN/2026", False)
    (whole,) = _found("quoted_number", line="مراجع سابقة: 2026/IN/002026 لديكم.")
    assert whole.sure
