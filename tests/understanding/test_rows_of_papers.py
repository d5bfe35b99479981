"""Papers one a line, rows of a table or points of a list: cited, and never surely."""

from __future__ import annotations

import pytest

from understanding.letters.understanding import understand_text

CITIZEN = "Hanane Sefrioui\nAzemmour, le 4 mai 2026\nMessieurs,\n{lines}\nSalutations.\nH. Sefrioui"
BODY = (
    "LITTORAL MARBRE SARL\nSafi, le 4 mai 2026\n{own}Messieurs,\n{lines}\nSalutations.\nLe gérant"
)
TABLE = "N° facture   Date   Montant\nLM-3310   03/02/2026   400,00\nLM-3377   02/03/2026   90,00"


def _cited(text: str) -> list[str]:
    found = understand_text(text, language="", model=None).of("answers_reference")
    assert not any(one.sure for one in found)
    return sorted(one.value for one in found)


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (TABLE, ["LM-3310", "LM-3377"]),
        ("Je conteste :\n• la facture n° 440127 (mars)\n• la facture n° 446380 (avril)",
         ["440127", "446380"]),
        ("Les factures suivantes sont payées :\n44120 du 3 mars\n44177 du 2 avril",
         ["44120", "44177"]),
        ("لم تسدد الفاتورتان الآتيتان:\n- فاتورة رقم 2026/207 بمبلغ 400\n- فاتورة رقم 2026/219",
         ["2026/207", "2026/219"]),
        ("الفاتورة   الشهر   المبلغ\n66120   يناير   812,50\n66171   فبراير   790,00",
         ["66120", "66171"]),
    ],
)  # fmt: skip
def test_each_row_is_cited(lines: str, values: list[str]) -> None:
    assert _cited(CITIZEN.format(lines=lines)) == values


@pytest.mark.parametrize(
    "lines",
    [
        "Pièces jointes :\n- facture n° 440127\n- facture n° 446380",  # what this letter brings
        "Facture   Désignation   Prix\n66120   Pompe   400,00",  # no column of dates or sums
        "Nous avons payé le :\n03/02/2026 à l'agence\n02/03/2026 à la poste",
    ],
)
def test_other_lists_are_not_cited(lines: str) -> None:
    assert not _cited(CITIZEN.format(lines=lines))


def test_bills_of_a_body_are_cited_beside_its_own_number_alone() -> None:
    assert _cited(BODY.format(own="N/Réf : LM/REL/93\n", lines=TABLE)) == ["LM-3310", "LM-3377"]
    assert not _cited(BODY.format(own="", lines=TABLE.replace("LM-", "4")))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Par lettre n° 0288/2026/DPS-EJ du 4 mai 2026, je vous demandais un plan.",
         "0288/2026/DPS-EJ"),
        ("Réf. : V/L n° 2114/26/DGD", "2114/26/DGD"),
        ("dont la réponse m'a été communiquée sous le n° 3318/CAB.", "3318/CAB"),
        ("- Notre lettre n° 771/SG/DCL", "771/SG/DCL"),
    ],
)  # fmt: skip
def test_letters_named_in_passing_are_cited(line: str, value: str) -> None:
    text = BODY.format(own="N/Réf : LM/REL/93\n", lines=line)
    found = understand_text(text, language="", model=None).of("answers_reference")
    assert [one.value for one in found] == [value]


def test_a_courts_notice_cites_the_files_and_the_ruling_that_it_names() -> None:
    text = (
        "COUR D'APPEL ADMINISTRATIVE DE SAFI\nGreffe\nDossier n° 177/7205/2026\n"
        "Jugement attaqué : n° 2031 du 18/03/2026, dossier n° 64/7112/2025\nSafi, le 7 mai 2026"
    )
    understood = understand_text(text, language="", model=None)
    assert [one.value for one in understood.of("external_reference")] == ["177/7205/2026"]
    assert "64/7112/2025" in [one.value for one in understood.of("answers_reference")]


def test_what_stands_in_the_next_column_is_no_part_of_the_letters_own_number() -> None:
    text = (
        "Caisse de prévoyance\nAgence de Safi\n"
        "Nos références                    À\n"
        "CNS/DAF/1177/26                   SRM\nObjet : cotisations\nMessieurs,\nVeuillez payer."
    )
    own = understand_text(text, language="", model=None).of("external_reference")
    assert [one.value for one in own] == ["CNS/DAF/1177/26"]


def test_initials_of_who_typed_and_initials_before_a_dash_belong_to_the_number() -> None:
    for written in ("CG/2026/0551 - HB", "SC-RY 19/2026"):
        text = BODY.format(own=f"Réf. {written}\n", lines="Bonjour.")
        own = understand_text(text, language="", model=None).of("external_reference")
        assert [one.value for one in own] == [written]
