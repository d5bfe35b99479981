"""Facts are counted by the stated rules: neither flattering nor unjust."""

from __future__ import annotations

from typing import Any

from understanding.letters.scoring import Count, score_letter, totals
from understanding.letters.understanding import understand_text

LETTER = """Amina Rami
3, rue du Port, Safi
Tél. 06 61 00 00 09
Safi, le 2 mai 2026
Objet : coupure d'eau
N/Réf : AR/12
Votre lettre n° 2026/OUT/000044
Merci de répondre sous dix jours.
"""
TRUTH: dict[str, Any] = {
    "subject": "coupure d'eau",
    "sender": {"name": "Mme Amina Rami", "phone": "0661000009", "address": "3, rue du Port, Safi"},
    "recipient": None,
    "place": "Safi",
    "document_date": "2026-05-02",
    "document_date_calendar": "gregorian",
    "external_references": ["AR/12"],
    "our_references": ["2026/OUT/44"],
    "answers_references": ["2026/OUT/000044"],
    "deadline": {"date": None, "days": 10, "text": "sous dix jours"},
    "enclosures": [],
    "amounts": [],
    "urgent": False,
}


def scored(text: str, *, scan: bool = False, **changes: Any) -> dict[str, Count]:
    return score_letter(
        understand_text(text, language="fr", model=None),
        TRUTH | changes,
        language="fr",
        true_language="fr",
        scan=scan,
    )


def test_a_letter_read_right_has_nothing_wrong_and_nothing_missed() -> None:
    counts = scored(LETTER)
    assert {name for name, count in counts.items() if count.wrong or count.missed} == set()
    assert counts["sender"] == counts["external_references"] == Count(right=1)
    assert counts["hijri"] == Count()


def test_a_wrong_value_is_both_wrong_and_missed_and_an_invented_one_is_wrong() -> None:
    counts = scored(LETTER, place="Settat", subject=None, document_date="2026-05-03")
    assert counts["place"] == counts["document_date"] == Count(wrong=1, missed=1)
    assert counts["subject"] == Count(wrong=1)


def test_a_scan_may_misread_letters_but_no_figure() -> None:
    misread = LETTER.replace("Amina Rami", "Amina Ramı̇").replace("coupure d'eau", "coupurc d'eau")
    assert scored(misread, scan=True)["subject"] == Count(right=1)
    wrong_figure = LETTER.replace("AR/12", "AR/72")
    assert scored(wrong_figure, scan=True)["external_references"] == Count(wrong=1, missed=1)


def test_a_hijri_date_may_be_a_day_off_and_a_civil_one_may_not() -> None:
    civil = scored(LETTER, document_date="2026-05-03")
    moon = scored(LETTER, document_date="2026-05-03", document_date_calendar="hijri")
    assert (civil["document_date"].wrong, moon["document_date"].right) == (1, 1)


def test_precision_recall_and_f1_follow_from_the_counts() -> None:
    both = totals([{"place": Count(right=3, wrong=1)}, {"place": Count(right=3, missed=2)}])
    count = both["place"]
    assert (count.precision, count.recall, count.f1) == (6 / 7, 6 / 8, 12 / 15)
    assert (Count().precision, Count().recall, Count().f1) == (1.0, 1.0, 1.0)
