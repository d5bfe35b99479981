"""Numbers in a row behind one noun, delivery notes and files of courts: cited, and never surely."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.facts.earlier_letters import followed
from understanding.facts.followed_papers import followed_papers
from understanding.facts.lines import Line
from understanding.facts.listed_papers import listed_papers
from understanding.letters.understanding import Suggested, understand_text

TEXT = "Société Littoral Marbre\nSafi, le 4 mai 2026\nMonsieur,\n{line}\nLe gérant\nNabil Rami"


def _cited(line: str) -> tuple[Suggested, ...]:
    return tuple(
        understand_text(TEXT.format(line=line), language="", model=None).of("answers_reference")
    )


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Merci de régler les factures 2025-310 et 2025-377.", ["2025-310", "2025-377"]),
        ("J'ai soldé les quittances n°s 33410, 33522 et 33689 hier. Ci-joint copie.",
         ["33410", "33522", "33689"]),
        ("Nos relances LM/R/26-04 du 2 mars 2026 et LM/R/26-09 restent sans suite.",
         ["LM/R/26-04", "LM/R/26-09"]),
        ("Dossiers suivis : KX-201, KX-202 et KX-207", ["KX-201", "KX-202", "KX-207"]),
        ("I dispute invoices 55201 and 55377.", ["55201", "55377"]),
        ("لم تؤد الفاتورتان رقم 2025/14 ورقم 2025/19 بعد.", ["2025/14", "2025/19"]),
        ("أديت الفواتير ذات الأرقام 44010 و44027 و44031 كلها.", ["44010", "44027", "44031"]),
        ("صدر القراران، بل القرارين عدد 215 و 216 معا.", ["215", "216"]),
        ("La livraison fut faite par bon de livraison n° 8812 lundi.", ["8812"]),
        ("Nos BL : 4410, 4417 et 4431", ["4410", "4417", "4431"]),
        ("Le tribunal a rendu son jugement n° 3310 en mars.", ["3310"]),
        ("راسلناكم بتاريخ 3 ماي 2026 تحت عدد 14/ج.ب/26 دون جدوى.", ["14/ج.ب/26"]),
        ("رغم تذكيرنا عدد ل.ر/31/2026 لم نتوصل بشيء.", ["ل.ر/31/2026"]),
        ("تبعا للمذكرة الوزارية عدد D7781 نوافيكم بالجواب.", ["D7781"]),
        ("Réf. : Arrêté municipal n° 77/2026", ["77/2026"]),
    ],
)  # fmt: skip
def test_each_number_of_the_row_is_cited(line: str, values: list[str]) -> None:
    assert sorted(one.value for one in _cited(line)) == sorted(values)


@pytest.mark.parametrize(
    "line",
    [
        "Envoyez les factures des contrats 6610021, 6610022 et 6610035 au siège.",
        "J'ai payé les factures 2024 et 2025.",  # of those years
        "Les factures de mars s'élèvent à 1200 DH et 1350 DH.",
        "Nous habitons Hay Salam, bl 12, appartement 4.",
        "Veuillez trouver ci-joint nos factures 6610 et 6611.",  # what this letter brings
        "Les compteurs 441201 et 441202 sont arrêtés.",
        "العدادان رقم 441201 و 441202 متوقفان.",
    ],
)
def test_contracts_meters_years_sums_and_what_is_sent_are_not(line: str) -> None:
    assert _cited(line) == ()


@pytest.mark.parametrize("line", ["les factures 2025-310 et 2025-377", "le bon de livraison 8812"])
def test_none_of_a_row_is_sure(line: str) -> None:
    cited = _cited(f"Voyez {line} svp.")
    assert cited
    assert not any(one.sure for one in cited)


def test_the_file_of_a_court_is_cited_where_the_writer_has_a_reference() -> None:
    own = "Maître Adil Naciri\nSafi, le 4 mai 2026\nN/Réf. : AN/26/118\nDossier n° 77/8102/2025\n"
    understood = understand_text(own + "Monsieur,\nPayez.", language="", model=None)
    assert [one.value for one in understood.of("answers_reference")] == ["77/8102/2025"]
    assert [one.value for one in understood.of("external_reference")] == ["AN/26/118"]


def test_the_file_of_a_court_that_writes_is_its_own() -> None:
    text = "المحكمة الابتدائية بآسفي\nملف عدد: 77/1201/2026\nاستدعاء\nيطلب منكم الحضور."
    understood = understand_text(text, language="", model=None)
    assert [one.value for one in understood.of("external_reference")] == ["77/1201/2026"]
    assert understood.of("answers_reference") == []


_NUMBERS = st.lists(st.integers(10_000, 999_999).map(str), min_size=2, max_size=12, unique=True)


@given(numbers=_NUMBERS, last=st.sampled_from([" et ", ", ", " and ", " و", " و "]))
def test_a_row_of_any_length_is_found_whole(numbers: list[str], last: str) -> None:
    row = ", ".join(numbers[:-1]) + last + numbers[-1]
    line = Line.of(f"les factures {row}")
    starts = list(listed_papers(line))
    assert [line.folded[one : one + len(n)] for one, n in zip(starts, numbers, strict=True)] == (
        numbers
    )


@given(st.text(alphabet="0123456789/-., abfnloeturs°وال", max_size=200))
def test_places_are_those_of_numbers_in_the_line(text: str) -> None:
    line = Line.of(f"factures {text}")
    for start in listed_papers(line):
        assert any(sign.isdigit() for sign in line.folded[start:])


@pytest.mark.parametrize(
    "piece",
    ["factures n° 1, ", "factures a b ", "1a/", " bl", "ل", "تبعا ل", "factures 1 et 2 ",
     "12 du 3 mai ", "راسلناكم بتاريخ ", "le jugement n° 1 ", "2,", "و ", "d'a ", "-"],
)  # fmt: skip
def test_60_000_hostile_signs_cost_little(piece: str) -> None:
    line = Line.of("factures " + piece * (60_000 // len(piece)))
    for places in (listed_papers, followed_papers, followed):
        began = time.process_time()
        list(places(line))
        assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("رغم أداء الفاتورة رقم 55019822 يوم 4 ماي.", ["55019822"]),
        ("بالفاتورة 318/2026 المؤرخة في 10/03/2026 والفاتورة 325/2026 المؤرخة في 02/04/2026.",
         ["318/2026", "325/2026"]),
        ("Je conteste la facture n° 440127 de mars.", ["440127"]),
        ("Ci-joint le paiement de la facture n° 440127.", []),
    ],
)  # fmt: skip
def test_bills_named_one_by_one_or_paid_are_cited(line: str, values: list[str]) -> None:
    text = (
        f"Hanane Sefrioui\nAzemmour, le 4 mai 2026\nMessieurs,\n{line}\nSalutations.\nH. Sefrioui"
    )
    found = understand_text(text, language="", model=None).of("answers_reference")
    assert sorted(one.value for one in found) == values
    assert not any(one.sure for one in found)
