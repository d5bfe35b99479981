"""Lines that a page broke are read as one phrase; lines of their own stay so."""

from __future__ import annotations

import pytest

from understanding.facts.wrapped_lines import unwrapped
from understanding.letters.understanding import understand_text

PARAGRAPH = (
    "Messieurs,\n"
    "Nous avons bien reçu vos observations sur le chantier de la rue des Orangers, et vous\n"
    "prions de noter que notre chef de chantier, le sieur Benmoussa, est présent tous les\n"
    "matins. Le paiement que nous avait promis, au mois de mai dernier, votre {first}\n"
    "{second} reste attendu à ce jour.\n"
    "Salutations"
)
ARABIC = (
    "السيد المدير،\n"
    "سميتي فاطمة الزهراء بنت عبد القادر الساكنة بدوار أولاد عمران، وقد توصلت بفاتورة لا تخصني\n"
    "بتاتا فالمرجو منكم مراجعة العداد في أقرب وقت ممكن قبل نهاية الشهر، وذلك إلحاقا بما ورد في\n"
    "جوابكم وشكرا لكم.\n"
    "فاطمة الزهراء"
)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("lettre n° 4402/", "XFIN/2026", "4402/XFIN/2026"),
        ("lettre n° 166-", "XFIN-2026.", "166-XFIN-2026"),
        ("lettre n°", "4402/XFIN/2026", "4402/XFIN/2026"),
    ],
)
def test_a_number_that_a_line_breaks_is_whole(first: str, second: str, value: str) -> None:
    text = PARAGRAPH.format(first=first, second=second)
    found = understand_text(text, language="fr", model=None)
    assert value in [one.value for one in found.of("answers_reference")]


def test_a_paragraph_is_one_line_and_its_length_stays() -> None:
    for text in (PARAGRAPH.format(first="lettre 166-", second="FIN-2026"), ARABIC):
        whole = unwrapped(text)
        assert len(whole) == len(text)
        assert whole.count("\n") < text.count("\n")
        assert whole.split("\n")[0] == text.split("\n")[0]
    assert "الفاتورة" not in unwrapped(ARABIC)
    assert "لا تخصني بتاتا" in unwrapped(ARABIC)


@pytest.mark.parametrize(
    "text",
    [
        "Ministère de la Santé et de la Protection sociale\n"
        "Délégation préfectorale de Berrechid, hygiène du\n\nN° 12/DP/2026\nMonsieur,",
        "Ets MOULAY BRAHIM ET FRERES - Droguerie, Quincaillerie\n"
        "12, rue de la Liberté, Azemmour. Tél. 0523 00 00 00 / 0\nDEVIS 44\nVeuillez noter",
        "- طبع 5000 مطبوع وفق النموذج ........... 2.250,00 درهم\n"
        "المجموع مع احتساب الرسوم ............... 8.220,00 درهم\nالجديدة 25/09/2025\nالإمضاء",
        "Objet : demande de raccordement au réseau d'eau potable\n"
        "Référence : votre lettre du 3 mai 2026 et notre réponse\nMonsieur,\nJe vous écris",
        "وزارة التربية الوطنية والرياضة Ministère de l'Education\n"
        "مجموعة مدارس المختار الكبيرة Groupe scolaire Al Mokhtar\nإلى السيد المدير",
        "Réf : 402/\n15/03/2026\nMonsieur le Directeur,",
        "Pour tout contact Mme Alami, service des achats / SAV/\n0522 33 44 55\nMerci",
        "Consommation de la période T4/\n5 200,00 DH à régler\nSalutations",
        "Contrat, Article A-\n1. Objet du contrat\n2. Durée",
        "Service SAV/\n2 plans joints\nSalutations",
        "a\nb",
        "",
    ],
)
def test_lines_of_their_own_stay(text: str) -> None:
    assert unwrapped(text) == text


def test_a_typed_letter_of_long_paragraphs_stays() -> None:
    text = f"{'mot ' * 60}\n{'mot ' * 60}\nfin de la lettre"
    assert unwrapped(text) == text


def test_a_megabyte_keeps_its_length() -> None:
    for sign in ("a/", "(", "1\n", "mot de quelque suite et de la fin de tout cela\n"):
        text = sign * (1_000_000 // len(sign))
        assert len(unwrapped(text)) == len(text)


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n \n", "\n\f", "\n\fAnnexe\nune liste\nfin"])
def test_who_signs_below_stays_a_line_whatever_follows(end: str) -> None:
    text = ARABIC.replace("وشكرا لكم.", "وشكرا لكم") + end
    assert "\nفاطمة الزهراء" in unwrapped(text)


def test_each_page_is_read_by_its_own_width() -> None:
    page = PARAGRAPH.format(first="lettre 166-", second="FIN-2026")
    whole = unwrapped(f"{page}\f{page}\f")
    assert whole == f"{unwrapped(page)}\f{unwrapped(page)}\f" != f"{page}\f{page}\f"


def test_line_ends_of_another_system_are_joined_alike() -> None:
    page = PARAGRAPH.format(first="lettre 166-", second="FIN-2026")
    found = unwrapped(page.replace("\n", "\r\n"))
    assert "\r" not in found
    assert found.replace(" \n", "\n").replace("  ", " ") == unwrapped(page)


def test_a_date_a_telephone_or_a_sum_below_a_stroke_is_read() -> None:
    letter = "Monsieur,\nRéf : 402/\n15/03/2026\nMme Alami, Tél. /\n0522 33 44 55\nMerci"
    found = understand_text(letter, language="fr", model=None)
    assert [str(one.value) for one in found.of("document_date")][:1] == ["2026-03-15"]
    assert found.of("sender_phone")


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ("enregistrée chez vous sous KADEEJ/DG/", "412/2025, nous", "KADEEJ/DG/412/2025"),
        ("وبجوابكم عليها عدد ٤٥/م.ت/", "٢٠٢٤ ، وفيه وعدتم بردم الحفرة", "٤٥/م.ت/٢٠٢٤"),
        ("لتفعيل محضر الاتفاق عدد 12/م.ز/", "2026، ويعلن استعداده", "12/م.ز/2026"),
        ("promise par lettre « 270 / BO /", "2026 ». La suite manque", "270 / BO /2026"),
        ("détaillées au rapport KQ-", "R-26-2207 que vous trouverez", "KQ-R-26-2207"),
    ],
)  # fmt: skip
def test_a_number_whose_first_half_ends_in_a_stroke_is_whole_again(
    first: str, second: str, number: str
) -> None:
    text = f"{first}\n{second}\nfin de la lettre"
    read = unwrapped(text)
    assert number in read.split("\n")[0]
    assert len(read) == len(text)


def test_a_year_below_a_line_that_only_ends_in_a_stroke_stays_there() -> None:
    text = "Le service des eaux /\n2026 est une bonne année\nfin de la lettre"
    assert unwrapped(text) == text


def test_a_year_that_lost_its_first_figure_is_read_with_its_number_below() -> None:
    text = "توصلت برسالتكم رقم 618/REC/\n026 التي تطلب مني الإدلاء بالعقد\nالسلام"
    assert "618/REC/026" in unwrapped(text)


def test_a_year_that_an_empty_line_parts_from_its_number_is_read_with_it() -> None:
    text = "وتبعا لجوابكم رقم 19/م.ض/\n\n2026. يتعين عليكم الإدلاء بالقوائم\nوالسلام"
    read = unwrapped(text)
    assert "19/م.ض/2026" in read
    assert len(read) == len(text)


def test_other_words_below_an_empty_line_stay() -> None:
    text = "وتبعا لجوابكم رقم 19/م.ض/\n\n12 ماي\nوالسلام"
    assert unwrapped(text) == text


def test_a_year_behind_a_point_that_a_reading_moved_is_read_with_its_number() -> None:
    text = "تبعا للقاء الذي جمعنا وتذكيرا بجوابكم 611/م.ز/\n.2026 نؤكد لكم استعداد السكان\nوالسلام"
    read = unwrapped(text)
    assert "611/م.ز/2026" in read
    assert len(read) == len(text)
