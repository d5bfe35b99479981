"""Papers that a letter goes by, neither its own nor a letter of ours: they count as cited."""

from __future__ import annotations

import pytest

from understanding.letters.understanding import understand_text

TEXT = "Société Littoral Marbre\nSafi, le 4 mai 2026\nMonsieur,\n{line}\nLe gérant\nNabil Rami"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("En vertu de l'ordonnance rendue hier, dossier n° 77/8102/2026, j'ai saisi.",
         "77/8102/2026"),
        ("Suite à la visite du chantier Amal (PV n° 9/2026 du 2 mai), posez les vannes.", "9/2026"),
        ("بناء على الأمر الصادر عن رئيس المحكمة في الملف عدد 2026/1101/55 انتقلنا.",
         "2026/1101/55"),
        ("أنجزت الأشغال بموجب الرخصة رقم 31/2026 المسلمة منا.", "31/2026"),
        ("توصلنا بفاتورتكم عدد 551903 ولم نفهمها.", "551903"),
        ("Objet : Appel d'offres ouvert n° 14/2026 - report", "14/2026"),
        ("Réf. marché : 22/2026", "22/2026"),
    ],
)  # fmt: skip
def test_a_paper_that_the_letter_goes_by_is_cited(line: str, value: str) -> None:
    understood = understand_text(TEXT.format(line=line), language="", model=None)
    assert [one.value for one in understood.of("answers_reference")] == [value]
    assert value not in [one.value for one in understood.of("external_reference")]


@pytest.mark.parametrize(
    "line",
    [
        "En vertu de la loi n° 36-15 relative à l'eau, répondez.",
        "Suite à la vente du titre foncier n° 4410/08, résiliez.",
        "بناء على القانون رقم 14.16 نطلب ملاحظاتكم.",
        "Votre standard a ouvert le ticket T-26-4417 lundi.",  # named, and nobody wrote it
    ],
)
def test_laws_titles_and_tickets_are_not(line: str) -> None:
    understood = understand_text(TEXT.format(line=line), language="", model=None)
    assert understood.of("answers_reference") == []
