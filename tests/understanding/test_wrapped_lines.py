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
