"""References, papers named by number, and our own numbers, as letters and scans write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.number_formats import NumberFormat
from understanding.facts.lines import Line
from understanding.facts.number_candidates import numbers_of
from understanding.facts.our_numbers import find_quoted_numbers
from understanding.facts.references import find_references
from understanding.letters.understanding import understand_text


@pytest.mark.parametrize(
    ("line", "whose", "value"),
    [
        ("Nos réf. : AB/12-2026", "own", "AB/12-2026"),
        ("Référence à rappeler : DR/88/2026", "own", "DR/88/2026"),
        ("N. Réf. : XY/4471", "own", "XY/4471"),
        ("العدد: 77/م.ت/2026", "own", "77/م.ت/2026"),
        ("ملف عدد: 1234/5678/2026", "own", "1234/5678/2026"),
        ("رقم الملف: 9921/26", "own", "9921/26"),
        ("Dossier n° 441/2026", "own", "441/2026"),
        ("J'ai payé la facture n° 2601-118540 hier", "their", "2601-118540"),
        ("Votre service a ouvert le ticket Z-26-1100 mardi", "own", "Z-26-1100"),
        ("توصلت بفاتورة رقم F-2601-55 أمس", "own", "F-2601-55"),
        ("Vos réf. : CT-25-3391", "their", "CT-25-3391"),
        ("مرجعكم: ق.م/2026/55", "their", "ق.م/2026/55"),
        ("المرجع: رسالتكم عدد 4412/2026", "their", "4412/2026"),
        ("Votre mise en demeure n° MD/26/409 me réclame 6 940 DH", "their", "MD/26/409"),
        ("مرجعج: 12/ق/2026", "their", "12/ق/2026"),
        ("مراجعنا: 44/ب/2026", "own", "44/ب/2026"),
        ("مراجعكم : 12/ج/2026", "their", "12/ج/2026"),
        ("المرجع رقم 55/2026/ث", "own", "55/2026/ث"),
        ("الرقم: ق.ج.د/44/2026", "own", "ق.ج.د/44/2026"),
        ("رقم المراسلة: 91/2026", "own", "91/2026"),
        ("Réf. n° : ABC/DD/26-118", "own", "ABC/DD/26-118"),
        ("Réf 0355/26/XYZ", "own", "0355/26/XYZ"),
        ("N° 512 SG/DPA", "own", "512 SG/DPA"),
        ("N° 77 D.T.P/2026", "own", "77 D.T.P/2026"),
        ("Note d'honoraires n° F/2026/31", "own", "F/2026/31"),
        ("CAB/SG/2026/118", "own", "CAB/SG/2026/118"),
        ("Subject: [ABC-5581] your certificate", "own", "ABC-5581"),
        ("V/Lettre : XX/0740/25 du 2 mai", "their", "XX/0740/25"),
        ("Votre bon de commande : BC 2026/118", "their", "BC 2026/118"),
        ("سند الطلب رقم 45/ش/2026", "their", "45/ش/2026"),
        ("Nos références à rappeler : 26/AE/00417", "own", "26/AE/00417"),
        ("ملفنا: م/2026/64", "own", "م/2026/64"),
        ("Bulletin 26.0917-LRH", "own", "26.0917-LRH"),
        ("رقم 3390 ق.ت", "own", "3390 ق.ت"),
        ("DP/26/1544 – 21/04/2026", "own", "DP/26/1544"),
        ("المرجع: إرسالية 88/SG/2026", "their", "88/SG/2026"),
        ("Référence : lettre n° 14/DT/2026", "their", "14/DT/2026"),
        ("مرجعنا: 12 م و/2026", "own", "12 م و/2026"),
        ("Your inquiry: RFQ 2026/08", "their", "RFQ 2026/08"),
        ("Votre appel d'offres : AO 12/2026", "their", "AO 12/2026"),
        ("وأن جوابكم عدد 190/م.ز/2026 لم يتطرق إلى الطلب", "their", "190/م.ز/2026"),
        ("Réf : 0526/2026/12", "own", "0526/2026/12"),
        ("N° 05/2026/0012", "own", "05/2026/0012"),
        ("Notre référence : 06/2026/0045", "own", "06/2026/0045"),
        ("Notre référence : 06-2026-0045", "own", "06-2026-0045"),
        ("Notre référence : 052-633-2026", "own", "052-633-2026"),
        ("المرجع: 0512/2026/07", "own", "0512/2026/07"),
        ("المرجع: شكايتكم عدد 233/م/2026", "their", "233/م/2026"),
        ("مرجع المكتب : 341/م.و/26", "own", "341/م.و/26"),
        ("votre lettre n° 06/2026/0045 du 3 juin 2026", "their", "06/2026/0045"),
        ("votre lettre n° 124/2026, 2/3 du montant", "their", "124/2026"),
    ],
)
def test_each_label_says_whose_the_reference_is(line: str, whose: str, value: str) -> None:
    assert [(side, fact.value) for side, fact in find_references(line)] == [(whose, value)]


@pytest.mark.parametrize(
    "line",
    [
        "Contrat n° 118204",
        "طلب العروض المفتوح رقم 23/2026",
        "en application de la loi n° 09-08",
        "P.J. : bulletin d'analyses n° 2026-0933",
        "Rappel n° 1",
        "le poteau n° 441 devant chez moi",
        "الزنقة 22 رقم 15، الجديدة",
        "votre facture de 1 240,00 DH",
        "la note du 12/03/2026",
        "Tél/Fax/0523",
        "IF/TP/CNSS",
        "Réf fournisseur 1SDA068211R1",
    ],
)
def test_what_is_numbered_but_no_letter_is_no_reference(line: str) -> None:
    assert find_references(line) == []


@pytest.mark.parametrize(
    "number",
    [
        "0523301122", "0523 30 11 22", "05.23.30.11.22", "05-23-30-11-22", "0523-301122",
        "0523 301 122", "052 330 1122", "066 123 45 67", "06 61234567", "06 61 123 456",
        "+212523301122", "+212 5 23 30 11 22", "00212-661-12-34-56", "212661123456",
        "+212 0661 123456",
    ],
)  # fmt: skip
def test_a_telephone_number_is_no_reference(number: str) -> None:
    assert find_references(f"Réf : {number}") == []
    assert numbers_of(Line.of(f"Téléphone {number}")) == []


@pytest.mark.parametrize(
    "number", ["0526/2026/12", "05/2026/0012", "06-2026-0045", "0523/30/11/22"]
)
def test_a_number_with_strokes_is_among_those_that_may_be_a_letters(number: str) -> None:
    assert numbers_of(Line.of(f"Départ {number}")) == [number]


def test_numbers_of_one_make_are_a_list() -> None:
    line = "vos lettres n° 124/2026, 131/2026 et 7/2026"
    assert [fact.value for _, fact in find_references(line)] == ["124/2026", "131/2026", "7/2026"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("n° BO 123/2026", "2026/IN/123"),
        ("مكتب الضبط رقم 123/2026", "2026/IN/123"),
        ("IN 2026 000123", "2026/IN/123"),
        ("2026IN000123", "2026/IN/123"),
        ("26/IN/00123", "2026/IN/123"),
        ("OUT n° 705/2026", "2026/OUT/705"),
        ("2155/IN/2026", "2026/IN/2155"),
        ("رسالتكم 2026/0171/000214", "2026/OUT/214"),
        ("سجلت تحت عدد 110-1322-2026", "2026/IN/1322"),
        ("enregistrée sous 2026/000123", "2026/IN/123"),
    ],
)
def test_our_numbers_come_back_as_people_and_scans_write_them(written: str, key: str) -> None:
    assert [fact.value for fact in find_quoted_numbers(written)] == [key]


@pytest.mark.parametrize(
    "written",
    [
        "le 12/11/2026",
        "13-01-2026",
        "ملف عدد 2026/7112/514",
        "ملف عدد 2026/1101/514",
        "30.10.2026",
        "en 2026 110 foyers",
        "loi 69-99",
    ],
)
def test_a_date_or_a_court_file_is_not_ours(written: str) -> None:
    assert find_quoted_numbers(written) == []


def test_a_number_of_ours_is_no_external_reference_even_misread() -> None:
    text = "إلى السيد المدير\nالمرجع: رسالتكم 2026/0171/000214\nنطلب منكم تتميم الملف داخل شهر."
    understood = understand_text(text, language="ar", model=None)
    assert [one.value for one in understood.of("quoted_number")] == ["2026/OUT/214"]
    assert understood.external_references() == []


@pytest.mark.parametrize(
    ("text", "ours", "own"),
    [
        ("Réf. : 4471/REC/2025\nJe rappelle votre lettre.", ["4471/REC/2025"], []),
        ("المرجع: رسالتكم عدد /2025REC4471/ حول", ["4471/REC/2025"], []),
        ("N/Réf : 312/REC/2026\nNous vous prions de payer.", [], ["312/REC/2026"]),
        ("N° 312/REC/2026\nNous vous prions de payer.", [], ["312/REC/2026"]),
        ("مرجعنا: /14ق.ت2026/ والسلام عليكم", [], ["14/ق.ت/2026"]),
    ],
)
def test_a_number_in_a_format_of_ours_is_ours_unless_it_is_the_senders(
    text: str, ours: list[str], own: list[str]
) -> None:
    formats = [NumberFormat("{serial}/{department}/{year}", departments=("REC",))]
    understood = understand_text(text, language="", model=None, number_formats=formats)
    assert [one.value for one in understood.of("quoted_number")] == ours
    assert [one.value for one in understood.of("external_reference")] == own


@given(st.text(alphabet="0123456789/-. oOINUT°nréf:مرجعكدف\n", max_size=300))
def test_no_run_of_figures_and_labels_breaks_the_reading(text: str) -> None:
    for _, fact in find_references(text):
        assert any(sign.isdigit() for sign in fact.value)
    for fact in find_quoted_numbers(text):
        assert fact.value.count("/") == 2


@pytest.mark.parametrize(
    "unit", ["0", "0/", "0-", "n° ", "réf ", "a", "1 ", "- ", "م ", "IN/", ", ", "\n"]
)
def test_a_megabyte_of_one_sign_is_read_and_not_studied(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    understand_text(f"Monsieur le Directeur\n{text}", language="fr", model=None)
    assert time.process_time() - started < 60  # endless, not slow: what a bad pattern would be


def test_a_number_of_ours_whose_code_was_misread_is_found_and_unsure() -> None:
    formats = (NumberFormat("{serial}/RADEEJ/{year}"),)
    text = "La Régie nous a accordé par écrit (courrier 02817/RADEE)J/23) le tarif hôtelier."
    understood = understand_text(text, language="", model=None, number_formats=formats)
    (found,) = understood.of("quoted_number")
    assert (found.value, found.sure) == ("02817/RADEEJ/23", False)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("رقم الشكاية السابقة : 2026/1/000461", "2026/IN/461"),
        ("تم أخذ طلبكم بعين الاعتبار تحت مرجع 2026/1107/000377", "2026/INT/377"),
        ("votre réponse 233/RADEE]/2026 dans laquelle vous dites", "233/RADEEJ/2026"),
        ("Your ref. 2026/0UT/000341 and your letter 2026/0UT/000341", "2026/OUT/341"),
    ],
)
def test_a_misread_number_of_ours_is_unsure_and_no_other_reference(text: str, ours: str) -> None:
    formats = [NumberFormat("{serial}/RADEEJ/{year}")]
    understood = understand_text(text, language="", model=None, number_formats=formats)
    found = understood.of("quoted_number")
    assert [(one.value, one.sure) for one in found] == [(ours, False)]
    assert understood.of("answers_reference") + understood.of("external_reference") == []


def test_what_the_sender_calls_their_own_stays_theirs_though_it_is_like_ours() -> None:
    text = "Société des Eaux\nN/Réf : 2026/1107/000377\nMonsieur le Directeur,"
    understood = understand_text(text, language="fr", model=None)
    found = [one.value for one in understood.of("external_reference")]
    assert found == ["2026/1107/000377"]
    assert understood.of("quoted_number") == []


def test_a_number_in_a_row_of_a_table_is_not_the_letters_own() -> None:
    text = (
        "BORDEREAU D'ENVOI\n| Plans | 02 | suite à votre avis |\n| | | n° 61/REC/2026 du 17/02/26 |"
    )
    formats = [NumberFormat("{serial}/{department}/{year}", departments=("REC",))]
    understood = understand_text(text, language="fr", model=None, number_formats=formats)
    assert [one.value for one in understood.of("quoted_number")] == ["61/REC/2026"]
    assert understood.of("external_reference") == []


@pytest.mark.parametrize(
    ("text", "ours", "own"),
    [
        (
            "المجلس الجهوي للحسابات\nالغرفة الثانية\nرقم 214/غ2/2026\n\nالموضوع : ملاحظات أولية\n"
            "\n918/RADEEJ/2023\n\nيشرفني أن أوجه إليكم الملاحظات الأولية.\nرئيس المجلس",
            [("918/RADEEJ/2023", False)],
            ["214/غ2/2026"],
        ),
        (
            "شركة فلاحة السهل\nمرجعنا: ف.س/61/26\nRADEEJ/DG/318/2026\n\nإلى السيد المدير\n"
            "نوافق على الكلفة المقترحة.",
            [("RADEEJ/DG/318/2026", False)],
            ["ف.س/61/26"],
        ),
        (
            "المكتب الوطني\n918/RADEEJ/2023\n\nالموضوع : ملاحظات\nيشرفني أن أوجه إليكم هذه.",
            [],
            ["918/RADEEJ/2023"],
        ),
    ],
)
def test_a_number_of_ours_beside_the_senders_own_has_lost_its_label(
    text: str, ours: list[tuple[str, bool]], own: list[str]
) -> None:
    formats = [NumberFormat("{serial}/RADEEJ/{year}"),
               NumberFormat("RADEEJ/{letters}/{serial}/{year}")]  # fmt: skip
    understood = understand_text(text, language="ar", model=None, number_formats=formats)
    assert [(one.value, one.sure) for one in understood.of("quoted_number")] == ours
    assert [one.value for one in understood.of("external_reference")] == own


@pytest.mark.parametrize(
    ("below", "sure"),
    [("410", False), ("410.", False), ("410،", False), ("410\n", False), ("003410", True)],
)
def test_a_number_broken_by_a_line_is_sure_only_with_all_figures_of_its_serial(
    below: str, sure: bool
) -> None:
    text = f"السلام عليكم، فتحت طلبا برقم 2026/IN/\n{below} يوم الاثنين ولم يتصل بي أحد.\nكريم"
    (found,) = understand_text(text, language="ar", model=None).of("quoted_number")
    assert (found.value, found.sure) == (f"2026/IN/{int(below.strip('.،'))}", sure)


@pytest.mark.parametrize("behind", ["  du 3 mars", "\n   Objet : fuite", "\n", " ", "\nMerci"])
def test_a_number_whole_on_its_line_is_sure_whatever_space_follows(behind: str) -> None:
    text = f"Bonjour, je reviens sur mon courrier 2026/IN/410{behind}"
    (found,) = understand_text(text, language="fr", model=None).of("quoted_number")
    assert (found.value, found.sure) == ("2026/IN/410", True)
