"""What a letter says of itself is read as written, and never invented."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understanding.facts.lines import Line
from understanding.facts.our_numbers import find_quoted_numbers
from understanding.facts.references import find_references
from understanding.facts.sender import read_sender
from understanding.facts.subject_dates import find_document_date, find_subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("إلى السيد المدير\nالموضوع: شكاية بخصوص تسرب الماء\nسلام تام", "شكاية بخصوص تسرب الماء"),
        ("Casablanca\nObjet : demande de devis\nMonsieur,", "demande de devis"),
        ("Subject: water hardness\nDear Sir", "water hardness"),
        ("Ob]et : coupure d'eau\nMonsieur", "coupure d'eau"),
        (":0 الموضوع: طلب تسهيلات في الأداء\n", "طلب تسهيلات في الأداء"),
        ("Objet :\nRésiliation de contrat\nMonsieur,", "Résiliation de contrat"),
    ],
)
def test_a_labelled_subject_is_taken_whole(text: str, subject: str) -> None:
    fact = find_subject(text)
    assert fact is not None
    assert (fact.value, fact.reasons) == (subject, ("subject_line",))
    assert fact.score > 0.8


def test_a_long_subject_runs_on_but_does_not_swallow_the_table_below() -> None:
    runs_on = find_subject(
        "Objet : travaux de fibre optique avenue des Facultés – demande d'accord et de plans\n"
        "de vos réseaux\nMonsieur le Chef de service,"
    )
    table = find_subject(
        "Objet : remblaiement de tranchées, chantier conduite DN 300, secteur Sidi Bouzid\n"
        "Désignation Unité Qté Montant"
    )
    assert runs_on is not None
    assert runs_on.value.endswith("de vos réseaux")
    assert table is not None
    assert table.value.endswith("Sidi Bouzid")


def test_without_a_label_a_title_or_the_first_phrase_stands_in_with_less_trust() -> None:
    title = find_subject("Atelier du Port\nFACTURE N° 2026/14\nTotal 300 DH")
    phrase = find_subject("Bonjour,\nLe robinet de la cour ne donne plus rien depuis lundi. Merci.")
    assert title is not None
    assert title.value == "FACTURE N° 2026/14"
    assert phrase is not None
    assert phrase.value == "Le robinet de la cour ne donne plus rien depuis lundi."
    assert phrase.score < title.score < 0.95


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("El Jadida, le 19 janvier 2026\nSuite à votre lettre du 3 décembre 2025", "2026-01-19"),
        ("V/Réf. : 12 du 09/01/2026\nCasablanca, le 21 janvier 2026\nMessieurs", "2026-01-21"),
        ("الجديدة، في 12 يناير 2026\nمنذ يوم الخميس 8 يناير 2026", "2026-01-12"),
        (
            "ونص القرار المؤرخ في 2 ماي 2024 كما تعلمون\n\nحرر بالجديدة، في 30 يناير 2026",
            "2026-01-30",
        ),
    ],
)
def test_the_place_and_date_line_beats_other_dates(text: str, day: str) -> None:
    fact = find_document_date(text)
    assert fact is not None
    assert fact.value == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("سلام، خلصت الفاتورة بتاريخ 14 أبريل 2026 فالوكالة. شكرا\nسعيد", None),
        ("Bonjour,\nLe technicien est passé le 12 mars 2026 sans rien faire.\nOmar", None),
        ("Les jugements du 12 mai 2025 et du 3 juin 2025 nous condamnent.", None),
        ("محضر تبليغ\nفي يوم 20 أبريل 2026 نحن المفوض القضائي انتقلنا إلى الشركة", "2026-04-20"),
        ("Il est enjoint de comparaître. Fait à Settat, le 22 juin 2026.", "2026-06-22"),
        ("Devis n° D26 du 13/03/2026\nRéf. de votre consultation : C/14/2026", "2026-03-13"),
    ],
)
def test_the_day_of_an_act_that_a_letter_tells_of_is_not_its_own(
    text: str, day: str | None
) -> None:
    fact = find_document_date(text)
    assert (fact.value if fact else None) == day


def test_a_date_after_the_day_of_arrival_is_not_the_letters_date() -> None:
    text = "El Jadida, le 1 janvier 2055\nfacture du 3 mars 2026"
    fact = find_document_date(text, today=datetime.date(2026, 4, 1))
    assert fact is not None
    assert fact.value == "2026-03-03"
    assert fact.score < 0.7


def test_a_hijri_date_says_so() -> None:
    fact = find_document_date("الجديدة، في 3 رجب 1447")
    assert fact is not None
    assert "hijri" in fact.reasons


def test_their_reference_and_ours_are_kept_apart() -> None:
    found = find_references(
        "V/Réf. : consultation n° 02/ACH/2026 du 09/01/2026\nN/Réf. : DV-26-0118\nMessieurs"
    )
    assert {whose: fact.value for whose, fact in found} == {
        "their": "02/ACH/2026",
        "own": "DV-26-0118",
    }


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("مرجعنا: ج أ ت ب / 07 / 2026", "ج أ ت ب / 07 / 2026"),
        ("دورية عدد: 00/117 ق ج م", "00/117 ق ج م"),
        ("ملف التنفيذ عدد: ٢٠٢٦/٦١٠١/٠٠٠٩٤", "٢٠٢٦/٦١٠١/٠٠٠٩٤"),
        ("N/Réf. : SIN 26/00733/MRH avec accusé de réception", "SIN 26/00733/MRH"),
        ("Our ref: HSL/W/12", "HSL/W/12"),
        ("N/Rét : GT/7", "GT/7"),
        ("NIRéf : GT/7", "GT/7"),
        ("مرحعنا: 12/ق ع", "12/ق ع"),
        ("عدد: 45/ق ت/2026", "45/ق ت/2026"),
        ("Suite à votre lettre n° 77/DG/2026 du 2 mai 2026", "77/DG/2026"),
        ("جوابا على رسالتكم عدد 77/2026 بتاريخ 2 ماي 2026", "77/2026"),
    ],
)
def test_a_reference_ends_where_the_words_begin(line: str, value: str) -> None:
    assert [fact.value for _, fact in find_references(line)] == [value]


def test_a_contract_or_telephone_number_is_no_reference() -> None:
    assert find_references("رقم العقدة: 118-0000914\nالهاتف: 05.23.00.00.14\nرقم 77، أزمور") == []


@pytest.mark.parametrize(
    "written",
    [
        "2025/IN/004127",
        "٢٠٢٥/IN/٠٠٤١٢٧",
        "IN/2025/4127",
        "4127/IN/2025",
        "2025-IN-4127",
        "2025/1N/004127",
        "2025/111/004127",
        "2O25/lN/OO4127",
        "2025\\IN\\004127",
        "2025 / IN / 004127",
    ],
)
def test_our_registry_number_is_recognised_in_any_notation(written: str) -> None:
    facts = find_quoted_numbers(f"رسالتنا المسجلة لديكم تحت رقم {written} بتاريخ 3 نونبر 2025")
    assert [fact.value for fact in facts] == ["2025/IN/4127"]


def test_anothers_number_is_not_taken_for_ours() -> None:
    assert find_quoted_numbers("N/Réf. : SYN-LA/2026/004, MFR/DEP/26-0231, 2026/6101/00094") == []
    facts = find_quoted_numbers("C/2026/12 et IN/2026/3", register_codes=("C",))
    assert [fact.value for fact in facts] == ["2026/C/12"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Fontaval S.A.R.L. – Robinetterie\nCasablanca, le 2 mai 2026\nObjet : offre",
            "Fontaval S.A.R.L",
        ),
        ("Mme Ghizlane Tarhzout\nImmeuble 7\nTél. 05 23 00 00 47", "Mme Ghizlane Tarhzout"),
        ("المملكة المغربية\nوزارة الداخلية\nولاية الجهة\nفي 9 فبراير 2026", "ولاية الجهة"),
        (
            "المملكة المغربية\nوزارة العدل\nالمحكمة الابتدائية\nمكتب الأستاذ عبد الغفور المسناوي",
            "مكتب الأستاذ عبد الغفور المسناوي",
        ),
        ("Bonjour,\nJe soussignée Nadia Aït Si Addi, locataire, demande", "Nadia Aït Si Addi"),
        ("طلب شغل\nأنا الموقع أسفله حميد الطاوسي، أطلب", "حميد الطاوسي"),
        (
            "Le courant manque chaque soir chez nous.\nMerci.\nOtmane Lachgar\nAzemmour",
            "Otmane Lachgar",
        ),
    ],
)
def test_the_sender_is_found_where_letters_name_him(text: str, name: str) -> None:
    fact = read_sender(text).main
    assert fact is not None
    assert fact.value == name


def test_the_addressee_is_not_the_sender() -> None:
    text = "إلى السيد المدير العام لوكالة توزيع الماء\nالموضوع: شكاية من الروائح"
    assert read_sender(text).main is None


def test_a_folded_line_can_be_quoted_as_written() -> None:
    line = Line.of("Œuvre à l'été : Réf. ٤٢ الإِدَارَةُ")
    start = line.folded.index("ref")
    assert line.written(start, start + 3) == "Réf"
    assert line.written(line.folded.index("الاداره")) == "الإِدَارَةُ"


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading_and_every_value_stands_in_it(text: str) -> None:
    find_document_date(text)
    find_quoted_numbers(text)
    whole = " ".join(text.split())
    for _, fact in find_references(text):
        assert fact.value
    for found in (find_subject(text), read_sender(text).main):
        if found:
            assert 0 < found.score < 1
            assert len(found.value) <= len(whole) + 1


@given(
    st.integers(1990, 2049),
    st.sampled_from(["IN", "OUT", "INT"]),
    st.integers(1, 999_999_999),
    st.sampled_from(["{y}/{c}/{s}", "{c}-{y}-{s}", "{s}.{c}.{y}", "{c}/{s}/{y}"]),
    st.booleans(),
)
def test_every_number_of_ours_comes_back_from_every_notation(
    year: int, code: str, serial: int, notation: str, eastern: bool
) -> None:
    text = notation.format(y=year, c=code, s=f"{serial:06}")
    if eastern:
        text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    ambiguous = {f"{year}/{code}/{serial}", f"{serial}/{code}/{year}"}
    assert {fact.value for fact in find_quoted_numbers(f"n° {text}, reçu")} <= ambiguous
    assert len(find_quoted_numbers(f"n° {text}, reçu")) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Monsieur,\nVoici l'état demandé.\nsigné électroniquement le 2026-03-04", "2026-03-04"),
        ("Sinistre : fuite\nSurvenu : 03.01.2026\nMessieurs,\nNous attendons le constat.\n"
         "La Direction          Rabat — vingt-deux janvier 2026", "2026-01-22"),
        ("جمعية النور\nالوصل رقم 14 بتاريخ 2018/02/03\nسيدي المدير\nنطلب ربط الدوار بالماء.\n"
         "تازة، فاتح أبريل 2026", "2026-04-01"),
        ("يوم الجلسة : 14/05/2026 على الساعة العاشرة\nعليكم الحضور شخصيا.\n"
         "الناظور، الثاني من مارس سنة ألفين وستة وعشرين", "2026-03-02"),
    ],
)  # fmt: skip
def test_the_day_of_an_event_beside_it_is_not_the_day_of_writing(text: str, day: str) -> None:
    fact = find_document_date(text)
    assert fact is not None
    assert fact.value == day
