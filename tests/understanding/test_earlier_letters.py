"""Earlier letters of the writer's own: told by phrases, by lists, by numbers of one series."""

from __future__ import annotations

import pytest

from understanding.facts.earlier_letters import series
from understanding.letters.understanding import understand_text

HEAD = "SOCIÉTÉ LITTORAL MARBRE\nN/Réf : {own}\nSafi, le 4 mai 2026\nMessieurs,\n"
FOOT = "\nVeuillez agréer nos salutations.\nLe gérant\nNabil Rami"


def cited_of(text: str) -> list[str]:
    found = understand_text(text, language="", model=None).of("answers_reference")
    return [one.value for one in found]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("Malgré notre relance du 15 décembre (réf. KB/540), rien.", ["KB/540"]),
        ("Nous rappelons nos signalements HB-R/31 et HB-R/37.", ["HB-R/31", "HB-R/37"]),
        ("Je vous rappelle mon message n° 88/KAB du 27/01/2026.", ["88/KAB"]),
        ("Notre première relance (courrier PKS/REC/031 du 4 mars) attend.", ["PKS/REC/031"]),
        ("Nous vous avons déjà écrit sous le n° 77/KM/26 en mars.", ["77/KM/26"]),
        ("Cette lettre annule et remplace la lettre n° 2025-K/0549 du 4 juin.", ["2025-K/0549"]),
        ("وقد ذكرناكم برسالتنا الثانية ك.ت/14 بتاريخ 20 يناير.", ["ك.ت/14"]),
        ("لم نتوصل بأي رد على رسالتنا الأولى (ك ت/ 14) إلى اليوم.", ["ك ت/ 14"]),
        ("جوابكم على رسالتنا 1011 ج.ب/م.ت لم يصلنا.", ["1011 ج.ب/م.ت"]),
        ("تجاهلتم مراسلتينا رقمي 11/ا.ن.م/26 و13/ا.ن.م/26 إلى اليوم.",
         ["11/ا.ن.م/26", "13/ا.ن.م/26"]),
        ("Annule partiellement notre facture n° 2026-00640 du 4 mars.", ["2026-00640"]),
        ("Notre courrier 26.0977.DAB/hz du 6 mai vous demandait de nous envoyer l'attestation.",
         ["26.0977.DAB/hz"]),
    ],
)  # fmt: skip
def test_phrases_tell_an_earlier_letter(line: str, numbers: list[str]) -> None:
    assert cited_of(f"Société Littoral Marbre\nObjet : rappel\nMessieurs,\n{line}{FOOT}") == numbers


@pytest.mark.parametrize(
    ("own", "earlier"),
    [
        ("NS/KP/26.14", "NS/KP/25.31"),
        ("58 / د.ش.أ", "51 / د.ش.أ"),
        ("04-C/KREL/SG", "11-C/KREL/SG"),
        ("26ق/88", "26ق/71"),
    ],
)
def test_a_number_made_as_the_letters_own_is_an_earlier_letter(own: str, earlier: str) -> None:
    text = HEAD.format(own=own) + f"Le texte {earlier} ne vaut plus pour les clients." + FOOT
    understood = understand_text(text, language="fr", model=None)
    assert [one.value for one in understood.of("external_reference")] == [own]
    found = understood.of("answers_reference")
    assert [(one.value, one.reasons) for one in found] == [(earlier, ("earlier_letter",))]
    assert not found[0].sure


@pytest.mark.parametrize(
    "line",
    [
        "Le texte NS/KP/26.14 vaut pour tous les clients.",  # the letter's own number once more
        "Le décret 2-12-349 et le lot B/25.31 ne changent pas.",
    ],
)
def test_no_other_number_is_one(line: str) -> None:
    assert cited_of(HEAD.format(own="NS/KP/26.14") + line + FOOT) == []


def test_bills_of_the_series_are_papers_and_no_earlier_letters() -> None:
    line = "Les factures NS/KP/25.31 et NS/KP/25.32 restent impayées."
    text = HEAD.format(own="NS/KP/26.14") + line + FOOT
    found = understand_text(text, language="fr", model=None).of("answers_reference")
    assert [(one.value, one.reasons) for one in found] == [
        ("NS/KP/25.31", ("named_paper",)),
        ("NS/KP/25.32", ("named_paper",)),
    ]


def test_too_few_letters_make_no_series() -> None:
    assert series("A-2207") == ()
    assert series("2025-P/0549") == ("p",)
    assert series("118/2026") == ()


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("المرجع : - مراسلة المندوب الإقليمي للفلاحة عدد 660/26 بتاريخ 2 أبريل 2026", "660/26"),
        ("Réf : message du Directeur provincial n° 118/DP du 2 avril 2026", "118/DP"),
        ("Votre avis KB 771402 nous est parvenu.", "KB 771402"),
        ("المرجع: إرسالية SG/2026/88", "SG/2026/88"),
    ],
)
def test_a_letter_that_is_answered_is_cited_by_its_number_alone(line: str, number: str) -> None:
    assert cited_of(f"Commune de Lahjar\nObjet : eau\n{line}{FOOT}") == [number]


def test_a_number_of_the_series_with_a_date_behind_is_earlier_than_the_one_in_the_head() -> None:
    text = (
        "Direction de l'électricité\nRabat, le 15 avril 2026\nN° 551/2026/DEL/ER\n"
        "Objet : douars\nN. Réf. : 498/2026/DEL/ER{}\nMessieurs,\nMerci.\nNabil Rami"
    )
    assert cited_of(text.format(" du 24.03.2026")) == ["498/2026/DEL/ER"]
    assert cited_of(text.format("").replace("N° 551", "N° 498")) == []
